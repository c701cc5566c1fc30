"""Recording a program: what is kept, and that the order of registrations changes nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
from hypothesis import given, settings
from hypothesis import strategies as st

from llmlz.graph.model import Graph, Options, Reference
from llmlz.graph.record import record
from tests.graph.recording import ROOT, URN, Program, line_of, recorded

HERE = "tests/graph/test_record.py"


def test_a_component_is_where_its_children_come_from(platform_graph: Graph) -> None:
    """Findings point at the line that a person would change: the call in the component, not in the SDK or the stack."""
    expected = line_of("aws.kms.Key(", "components/_key.py")
    keys = platform_graph.of_type("aws:kms/key:Key")
    assert {str(key.source) for key in keys} == {f"components/_key.py:{expected}"}


def test_a_component_itself_comes_from_the_stack(platform_graph: Graph) -> None:
    """The line of a component is the line that composes it."""
    expected = line_of('return KeyRing("keys"', "stacks/parts/keys.py")
    assert str(platform_graph.named("keys", "llmlz:index:KeyRing").source) == f"stacks/parts/keys.py:{expected}"


def test_sources_are_written_from_the_root_that_is_given() -> None:
    """A program outside the root has no source: no path of the machine ends up in a graph."""

    def program() -> None:
        aws.sns.Topic("a")  # the line that is looked for

    (inside,) = recorded(program).resources
    (outside,) = recorded(program, root=ROOT / "components").resources
    assert str(inside.source) == f"{HERE}:{line_of('the line that is looked' + ' for', HERE)}"
    assert outside.source is None


def test_everything_that_a_program_asks_of_the_engine_is_kept() -> None:
    """Options decide about replacement and deletion; readers of the graph see each of them."""

    def program() -> None:
        first = aws.sns.Topic("first")
        aws.sns.Topic(
            "all",
            opts=pulumi.ResourceOptions(
                aliases=["urn:pulumi:test::llmlz::aws:sns/topic:Topic::former", pulumi.Alias(name="older")],
                custom_timeouts=pulumi.CustomTimeouts(create="30m"),
                delete_before_replace=True,
                depends_on=[first],
                ignore_changes=["displayName"],
                import_="arn:aws:sns:eu-central-1:111122223333:all",
                protect=True,
                replace_on_changes=["name"],
                retain_on_delete=True,
            ),
        )

    graph = recorded(program)
    assert graph.named("first").options == Options()
    assert graph.named("all").options == Options(
        aliases=("older", "urn:pulumi:test::llmlz::aws:sns/topic:Topic::former"),
        custom_timeouts={"create": "30m"},
        delete_before_replace=True,
        depends_on=(f"{URN}aws:sns/topic:Topic::first",),
        ignore_changes=("displayName",),
        import_id="arn:aws:sns:eu-central-1:111122223333:all",
        protect=True,
        replace_on_changes=("name",),
        retain_on_delete=True,
    )


def test_secrets_are_known_by_their_paths() -> None:
    """A control can refuse secret inputs; the plain ones beside them are not accused."""

    def program() -> None:
        aws.ssm.Parameter("p", type="SecureString", value=pulumi.Output.secret("x"), name="plain")

    (parameter,) = recorded(program).resources
    assert parameter.secrets == ("value",)


def test_parents_and_providers_are_urns() -> None:
    """A child names its component, which the engine's own rule puts into its URN, and the provider that makes it."""

    class Box(pulumi.ComponentResource):
        def __init__(self, opts: pulumi.ResourceOptions) -> None:
            super().__init__("llmlz:index:Box", "box", {}, opts)
            self.topic = aws.sns.Topic("box-topic", opts=pulumi.ResourceOptions(parent=self))
            self.register_outputs({"arn": self.topic.arn})

    def program() -> None:
        provider = aws.Provider("aws", region="eu-central-1")
        pulumi.export("arn", Box(pulumi.ResourceOptions(providers=[provider])).topic.arn)

    graph = recorded(program)
    topic, box = graph.named("box-topic"), graph.named("box")
    assert topic.urn == f"{URN}llmlz:index:Box$aws:sns/topic:Topic::box-topic"
    assert (topic.parent, topic.provider) == (box.urn, f"{URN}pulumi:providers:aws::aws")
    assert (box.parent, box.provider, box.kind) == (None, None, "component")
    assert box.outputs["arn"] == graph.outputs["arn"]
    assert graph.named("aws").kind == "provider"


def test_a_resource_made_inside_apply_is_recorded() -> None:
    """It is as much a part of the program as the others, and depends on what it waited for."""

    def program() -> None:
        first = aws.sns.Topic("first")
        first.arn.apply(lambda arn: aws.sns.Topic("inner", display_name=arn))

    inner = recorded(program).named("inner")
    assert inner.references == (Reference(at="displayName", to=f"{URN}aws:sns/topic:Topic::first", output="arn"),)


def test_a_value_that_apply_changes_keeps_its_dependency() -> None:
    """A name in capitals or cut short no longer shows where it is from, and is a reference all the same."""

    def program() -> None:
        key = aws.kms.Key("key")
        aws.sns.Topic("loud", display_name=key.key_id.apply(str.upper))
        aws.sns.Topic("short", display_name=key.key_id.apply(lambda text: text[:5]))
        aws.sns.Topic("whole", display_name=pulumi.Output.concat("key ", key.key_id, " is used"))

    graph, key = recorded(program), f"{URN}aws:kms/key:Key::key"
    assert graph.named("loud").references == (Reference(at="displayName", to=key),)
    assert graph.named("short").references == (Reference(at="displayName", to=key),)
    assert graph.named("whole").references == (Reference(at="displayName", to=key, output="keyId"),)


def test_another_stack_answers_with_what_it_exported() -> None:
    """A stack reference gives the values of the other graph, stand-ins among them, and is itself a read."""

    def platform() -> None:
        pulumi.export("topic", aws.sns.Topic("a").arn)
        pulumi.export("size", 3)

    def team() -> None:
        other = pulumi.StackReference("other", stack_name="organization/llmlz/other")
        aws.sns.TopicSubscription("s", topic=other.require_output("topic"), protocol="lambda", endpoint="x")
        pulumi.export("size", other.require_output("size"))

    first = recorded(platform)
    graph = recorded(team, others={"other": first})
    assert graph.named("s").inputs["topic"] == first.outputs["topic"]
    assert graph.outputs["size"] == 3
    assert graph.named("other").kind == "read"


def test_a_data_source_is_answered_from_the_table() -> None:
    """Where a test passes an answer, the program goes on with it."""

    def program() -> None:
        pulumi.export("account", aws.get_caller_identity().account_id)

    calls = {"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "444455556666"}}
    assert recorded(program, calls=calls).outputs == {"account": "444455556666"}


NAMES = ("alpha", "beta", "gamma", "delta")


@settings(max_examples=15, deadline=None)
@given(st.permutations(NAMES))
def test_the_order_of_registration_leaves_no_trace(order: list[str]) -> None:
    """Registrations race in every program; the bytes of the graph are the same."""

    def program_in(names: list[str]) -> Program:
        def program() -> None:
            for name in names:
                key = aws.kms.Key(f"{name}-key")
                topic = aws.sns.Topic(f"{name}-topic", kms_master_key_id=key.arn)
                key.arn.apply(lambda arn, name=name: aws.sns.Topic(f"{name}-inner", display_name=arn))  # type: ignore[misc]
                pulumi.export(name, topic.arn)

        return program

    assert recorded(program_in(order)).to_json() == recorded(program_in(list(NAMES))).to_json()


def test_recording_twice_gives_equal_graphs(programs: Mapping[str, Program], platform_graph: Graph) -> None:
    """The second recording of a real stack equals the first, byte for byte."""
    again = record(
        programs["platform-sandbox"],
        project="llmlz",
        stack_name="platform-sandbox",
        account="111122223333",
        region="eu-central-1",
    )
    assert again.to_json() == platform_graph.to_json()
