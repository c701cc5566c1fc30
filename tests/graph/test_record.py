"""Recording a program: what is kept, what is refused and with which words, and that order and history change nothing."""

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmlz.graph.model import Graph, Options, Reference
from llmlz.graph.monitor import RecordingError
from llmlz.graph.record import record

ROOT = Path(__file__).parents[2]
HERE = "tests/graph/test_record.py"
URN = "urn:pulumi:test::llmlz::"
Program = Callable[[], Any]
abandoned = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
"""Work that the SDK had prepared for a program that ended early; it is of no use to anyone."""


def recorded(program: Program, **more: Any) -> Graph:
    """The graph of a small program."""
    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1", **more)


@pytest.fixture
def refused() -> Iterator[Callable[[Program], str]]:
    """Records a program that must be refused, and gives the message."""

    def run(program: Program) -> str:
        with pytest.raises(RecordingError) as caught:
            recorded(program)
        return str(caught.value)

    yield run
    gc.collect()  # what a refused program leaves unfinished ends here, not in another test


def line_of(text: str, file: str = HERE) -> int:
    """The one line of a file that holds a text."""
    (found,) = [n for n, line in enumerate((ROOT / file).read_text().splitlines(), start=1) if text in line]
    return found


# What is kept


def test_a_component_is_where_its_children_come_from(platform_graph: Graph) -> None:
    """Findings point at the line that a person would change: the call in the component, not in the SDK or the stack."""
    expected = line_of("aws.kms.Key(", "components/key_ring.py")
    keys = platform_graph.of_type("aws:kms/key:Key")
    assert {str(key.source) for key in keys} == {f"components/key_ring.py:{expected}"}


def test_a_component_itself_comes_from_the_stack(platform_graph: Graph) -> None:
    """The line of a component is the line that composes it."""
    expected = line_of('keys = KeyRing("keys"', "stacks/platform.py")
    assert str(platform_graph.named("keys", "llmlz:index:KeyRing").source) == f"stacks/platform.py:{expected}"


def test_sources_are_written_from_the_root_that_is_given() -> None:
    """A program outside the root has no source: no path of the machine ends up in a graph."""

    def program() -> None:
        aws.sns.Topic("a")  # the line that is looked for

    (inside,) = recorded(program).resources
    (outside,) = recorded(program, root=ROOT / "components").resources
    assert str(inside.source) == f"{HERE}:{line_of('the line that is looked' + ' for')}"
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


# What is refused


def test_two_resources_of_one_name_are_refused(refused: Callable[[Program], str]) -> None:
    """The engine would refuse them too; the message has the URN and the line of the second."""

    def program() -> None:
        aws.sns.Topic("twin")
        aws.sns.Topic("twin")  # the second twin

    message = refused(program)
    assert f"two resources are called {URN}aws:sns/topic:Topic::twin, the second at {HERE}:" in message
    assert int(message.rpartition(":")[2]) in (line_of("the second" + " twin") - 1, line_of("the second" + " twin"))


@pytest.mark.parametrize(
    "program",
    [
        aws.get_caller_identity,
        lambda: pulumi.export("x", aws.get_caller_identity_output().account_id),
    ],
    ids=["at once", "as an output"],
)
def test_a_data_source_is_refused_with_what_to_do(program: Program, refused: Callable[[Program], str]) -> None:
    """A plan must not depend on what an account holds today."""
    assert refused(program) == (
        "the program calls aws:index/getCallerIdentity:getCallerIdentity:"
        " look it up in stacks/ and pass the result as an argument"
    )


def test_a_resource_that_is_only_read_is_refused(refused: Callable[[Program], str]) -> None:
    """``get`` asks an account; the message says how to do without."""
    message = refused(lambda: aws.sns.Topic.get("there", "arn:aws:sns:eu-central-1:111122223333:there"))
    assert message == "aws:sns/topic:Topic 'there' is read, not made: pass what it holds as an argument"


@abandoned
def test_a_stack_that_was_not_recorded_is_refused(refused: Callable[[Program], str]) -> None:
    """No output is ever guessed; the message names both stacks."""

    def program() -> None:
        other = pulumi.StackReference("organization/llmlz/other")
        pulumi.export("x", other.require_output("x"))

    assert refused(program) == "stack 'organization/llmlz/other' is referenced, but it was not recorded before 'test'"


def _transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    return pulumi.ResourceTransformResult({**args.props, "displayName": "changed by the engine"}, args.opts)


def test_a_transform_of_the_whole_stack_is_refused(refused: Callable[[Program], str]) -> None:
    """The engine would change inputs after they were recorded, and every reader would judge the wrong ones."""

    def program() -> None:
        pulumi.runtime.register_resource_transform(_transform)
        aws.sns.Topic("a", display_name="as written")

    assert "registers a transform, which a recording cannot run; set the values as arguments" in refused(program)


def test_a_transform_of_one_resource_is_refused(refused: Callable[[Program], str]) -> None:
    """As an option of a single resource, or of a component, it changes inputs just the same."""

    def program() -> None:
        aws.sns.Topic("a", display_name="as written", opts=pulumi.ResourceOptions(transforms=[_transform]))

    assert "transform" in refused(program)


def test_a_transformation_is_recorded_with_what_it_did() -> None:
    """The older kind runs in the program itself: the graph shows its result."""

    def change(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "display_name": "changed"}, args.opts)

    def program() -> None:
        aws.sns.Topic("a", display_name="as written", opts=pulumi.ResourceOptions(transformations=[change]))

    assert recorded(program).named("a").inputs == {"displayName": "changed"}


def test_an_error_of_the_program_is_its_own() -> None:
    """What a program raises arrives as it was raised, and the garbage collector works again."""

    def program() -> None:
        aws.sns.Topic("a")
        raise LookupError("no such thing")

    assert gc.isenabled()
    with pytest.raises(LookupError, match="no such thing"):
        recorded(program)
    assert gc.isenabled()


@abandoned
@pytest.mark.parametrize("refuse", ["twin", "read", "call", "stack"])
def test_a_refused_program_leaves_nothing_behind(refuse: str, refused: Callable[[Program], str]) -> None:
    """The next program in the same process is recorded as if it were the first."""

    def sound() -> None:
        pulumi.export("arn", aws.sns.Topic("sound").arn)

    programs: Mapping[str, Program] = {
        "twin": lambda: [aws.sns.Topic("twin"), aws.sns.Topic("twin")],
        "read": lambda: aws.sns.Topic.get("there", "arn:aws:sns:eu-central-1:111122223333:there"),
        "call": lambda: pulumi.export("x", aws.get_caller_identity_output().account_id),
        "stack": lambda: pulumi.export("x", pulumi.StackReference("organization/llmlz/other").require_output("x")),
    }
    before = recorded(sound)
    refused(programs[refuse])
    assert recorded(sound) == before


# What changes nothing

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
