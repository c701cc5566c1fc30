"""One message for everything that is wrong with a document, with its source."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi_aws as aws
import pytest

from llmlz.access.documents import Document, Layer, Origin, parse, unknown
from llmlz.access.guards import guards
from llmlz.access.layers import from_graph
from llmlz.access.patterns import fits
from llmlz.access.vet import facts, problems
from llmlz.graph.model import Graph, Source

Recorded = Callable[[Callable[[], None]], Graph]
ACCOUNT = "111122223333"
SOURCE = Source(file="stacks/x.py", line=7)
URN = "urn:pulumi:s::p::llmlz:index:X$aws:{0}::name"


def document(text: str, layer: Layer = "identity", type_: str = "iam/policy:Policy", name: str = "limit") -> Document:
    """A document as a graph would give it."""
    return parse(text, Origin(layer=layer, name=name, urn=URN.format(type_), source=SOURCE))


def text(indent: int | None = None, **elements: Any) -> str:
    """A policy of one statement."""
    statement = {"Sid": "Only", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=indent)


def found(*documents: Document) -> tuple[str, ...]:
    """Problems, where one account is known."""
    return problems(documents, accounts=[ACCOUNT])


def test_nothing_is_wrong_with_a_sound_document() -> None:
    """Known account, known keys, short enough."""
    condition = {"StringLike": {"aws:PrincipalTag/Team": "${aws:RequestedRegion}*"}}
    sound = document(text(Principal={"AWS": ACCOUNT}, Condition=condition), "resource", "s3/bucketPolicy:BucketPolicy")
    assert found(sound, document(text())) == ()


def test_an_undecided_document_is_told_once() -> None:
    """With layer, name, line and reason; the same document twice is one message."""
    lost = unknown(Origin(layer="boundary", name="limit", source=SOURCE), "its text was not given")
    twice = document(json.dumps({"Version": "2012-10-17", "Statement": json.loads(text())["Statement"] * 2}))
    assert found(lost, lost, twice) == (
        "boundary limit (stacks/x.py:7): cannot be decided: its text was not given",
        "identity limit (stacks/x.py:7): cannot be decided: Sid 'Only' is given twice",
    )


# Layer, type of the carrier, name of its limit, and whether white space counts.
LIMITED: list[tuple[Layer, str, str, bool]] = [
    ("identity", "iam/policy:Policy", "managed", False),
    ("boundary", "iam/role:Role", "managed", False),
    ("service_control", "organizations/policy:Policy", "service_control", True),
    ("resource_control", "organizations/policy:Policy", "resource_control", True),
    ("endpoint", "ec2/vpcEndpoint:VpcEndpoint", "endpoint", True),
    ("resource", "kms/key:Key", "aws:kms/", True),
    ("resource", "s3/bucketPolicy:BucketPolicy", "aws:s3/bucket", True),
    ("resource", "secretsmanager/secretPolicy:SecretPolicy", "aws:secretsmanager/", True),
    ("resource", "sqs/queuePolicy:QueuePolicy", "aws:sqs/", True),
]


@pytest.mark.parametrize(("layer", "type_", "limit", "space_counts"), LIMITED)
def test_a_document_may_be_as_long_as_aws_takes(layer: Layer, type_: str, limit: str, space_counts: bool) -> None:
    """Exactly the limit passes and one more does not; white space counts where AWS says so, and only there."""
    who: dict[str, Any] = {"Principal": "*"} if layer in ("resource_control", "endpoint", "resource") else {}
    most = facts().limits[limit].most
    base = json.dumps(json.loads(text(Sid="", **who)), separators=(",", ":"))
    fitting = base.replace('"Sid":""', f'"Sid":"{"x" * (most - len(base))}"')
    longer = fitting.replace('"Sid":"', '"Sid":"x')
    assert found(document(fitting, layer, type_)) == ()
    (message,) = found(document(longer, layer, type_))
    assert message.startswith(f"{layer} limit (stacks/x.py:7): {most + 1} ")
    assert f"AWS takes {most} of " in message
    assert message.endswith(facts().limits[limit].source)
    assert bool(found(document(fitting + " ", layer, type_))) is space_counts


def test_the_file_names_every_limit_that_is_asked_for() -> None:
    """Each limit has a link, and no limit is left without a test but the one of inline policies, which has its own."""
    assert {limit for *_, limit, _ in LIMITED} | {"inline"} == set(facts().limits)
    assert all(limit.source.startswith("https://docs.aws.amazon.com/") for limit in facts().limits.values())
    assert all(limit.counted in ("shortest", "written") for limit in facts().limits.values())


def test_policies_of_aws_and_of_no_known_kind_have_no_limit() -> None:
    """AWS's own managed policies are longer than ours may be; a topic's policy has no published limit here."""
    long = text(Sid="x" * 40_000)
    assert found(document(long, name="arn:aws:iam::aws:policy/ReadOnlyAccess")) == ()
    topic = text(Sid="x" * 40_000, Principal="*")
    assert found(document(topic, "resource", "sns/topicPolicy:TopicPolicy")) == ()


def test_inline_policies_of_a_role_are_measured_together(recorded: Recorded) -> None:
    """Each is short enough for itself; a managed policy beside them does not count."""

    def program() -> None:
        own = text(Sid="x" * 5000)
        role = aws.iam.Role("app", assume_role_policy="{}", inline_policies=[{"name": "one", "policy": own}])
        aws.iam.RolePolicy("two", role=role.name, policy=text(Sid="y" * 5000))
        managed = aws.iam.Policy("big", policy=text(Sid="z" * 5000))
        aws.iam.RolePolicyAttachment("big", role=role.name, policy_arn=managed.arn)

    roles = from_graph(recorded(program), {})
    (role,) = roles
    length = sum(d.length for d in role.identity if d.origin.name != "big")
    assert 10_000 < length <= 10_240
    assert problems(role.identity, accounts=[], roles=roles) == ()
    longer = replace(role.identity[0], length=10_241 - length + role.identity[0].length)
    (message,) = problems([], accounts=[], roles=[replace(role, identity=(longer, *role.identity[1:]))])
    assert message.startswith(
        f"identity app ({role.source}): 10241 characters without white space, and AWS takes 10240"
    )


def test_a_managed_policy_that_a_role_names_is_not_one_of_its_own(recorded: Recorded) -> None:
    """It is measured alone, against the limit of managed policies, and not together with the inline ones."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/elsewhere"

    def program() -> None:
        aws.iam.Role("app", assume_role_policy="{}", managed_policy_arns=[arn])

    (role,) = from_graph(recorded(program), {}, {arn: text(Sid="x" * 12_000)})
    (message,) = problems(role.identity, accounts=[], roles=[role])
    assert message.startswith(f"identity {arn} (")
    assert "of a managed policy" in message


@pytest.mark.parametrize(
    ("who", "stranger"),
    [
        ("444455556666", "444455556666"),
        ("arn:aws:iam::444455556666:root", "444455556666"),
        ("arn:aws:iam::444455556666:role/app", "arn:aws:iam::444455556666:role/app"),
    ],
)
def test_a_principal_outside_the_account_map_is_told(who: str, stranger: str) -> None:
    """Account or role; the statement says where. Services and everyone are no accounts."""
    letting = document(text(Principal={"AWS": [ACCOUNT, who]}), "resource", "kms/key:Key")
    assert found(letting) == (
        f"Allow Only of resource limit (stacks/x.py:7): principal {stranger} is in account 444455556666,"
        " which the account map does not have",
    )
    for anyone in ("*", {"Service": "logs.amazonaws.com"}):
        assert found(document(text(Principal=anyone), "resource", "kms/key:Key")) == ()


PROFILE = "arn:aws:bedrock:*:*:application-inference-profile/*"


@pytest.mark.parametrize(
    ("elements", "action"),
    [
        (
            {"Action": "bedrock:PutModelInvocationLoggingConfiguration", "Resource": PROFILE},
            "bedrock:PutModelInvocation",
        ),
        (
            {"Action": ["s3:GetObject", "BEDROCK:callwithbearertoken"], "Resource": [PROFILE]},
            "BEDROCK:callwithbearertoken",
        ),
        ({"Action": "bedrock:CallWithBearerToken", "Resource": [PROFILE, "*"]}, None),
        ({"Action": "bedrock:InvokeModel", "Resource": PROFILE}, None),
        ({"Action": "bedrock:*", "Resource": PROFILE}, None),
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_action_without_resources_never_matches_an_arn(
    elements: dict[str, Any], action: str | None, effect: str
) -> None:
    """Such a Deny denies nothing and such an Allow gives nothing; wide patterns are not guessed about."""
    messages = found(document(text(Effect=effect, **elements)))
    if action is None:
        assert messages == ()
    else:
        (message,) = messages
        assert message.startswith(f"{effect} Only of identity limit (stacks/x.py:7): {action}")
        assert message.endswith(f"has no resource types, so it never matches {PROFILE}; write *")


def test_not_elements_do_match_what_has_no_resource() -> None:
    """A NotResource with an ARN covers the resource ``*``, and a NotAction names what it leaves out."""
    statement = {"Sid": "Only", "Effect": "Deny", "Action": "bedrock:CallWithBearerToken", "NotResource": PROFILE}
    wide = json.dumps({"Version": "2012-10-17", "Statement": statement})
    other = wide.replace('"Action"', '"NotAction"').replace('"NotResource"', '"Resource"')
    assert found(document(wide), document(other)) == ()
    assert not fits(PROFILE, "resource", "*", {})


def test_a_resource_control_policy_speaks_of_services_that_obey_it() -> None:
    """Others do as they like, whatever it denies; what AWS attaches allows everything and is no matter."""
    deny: dict[str, Any] = {"Effect": "Deny", "Principal": "*"}
    both = text(**deny, Action=["s3:*", "bedrock:*", "bedrock:InvokeModel", "S3vectors:*"])
    prefix = "Deny Only of resource_control limit (stacks/x.py:7): resource control policies do not reach "
    assert found(document(both, "resource_control", "organizations/policy:Policy")) == (
        f"{prefix}'bedrock', so this denies nothing there",
        f"{prefix}'s3vectors', so this denies nothing there",
    )
    full = text(Principal="*", Action="*")
    assert found(document(full, "resource_control", "organizations/policy:Policy")) == ()


def test_an_unknown_condition_key_is_told() -> None:
    """In a condition and in a policy variable; a family of keys is known with any end."""
    condition = {"StringLike": {"aws:PrincpalTag/team": "a", "aws:PrincipalTag/any": ["${aws:Nothing}", "${*}"]}}
    messages = found(document(text(Condition=condition, Resource="arn:aws:s3:::b/${aws:Nothing}/${s3:Never, 'x'}")))
    assert [message.partition(": ")[2] for message in messages] == [
        f"condition key {key} is not known; look it up and add it to keys.yaml"
        for key in ("aws:princpaltag/team", "aws:nothing", "s3:never")
    ]


def test_sizes_of_a_document() -> None:
    """Shortest form and bytes as written; also of what is no policy, since AWS would refuse it for its length as well."""
    compact = json.dumps(json.loads(text(Sid="ä")), separators=(",", ":"), ensure_ascii=False)
    wide = text(indent=2, Sid="ä")
    assert document(compact).length == document(wide).length == len(compact)
    assert document(compact).written == len(compact) + 1
    assert document(wide).written == len(wide)
    assert (document("{").length, document("{").written) == (1, 1)
    assert document(json.dumps({"Version": "2008-10-17"}, indent=4)).length == len('{"Version":"2008-10-17"}')


def test_a_whole_graph_is_vetted(recorded: Recorded) -> None:
    """Guards, read from a graph, carry the lines that the messages need."""

    def program() -> None:
        letting = text(Principal={"AWS": "444455556666"}, Action="kms:*", Condition={"Bool": {"kms:Whatever": "true"}})
        aws.kms.Key("key", policy=letting)

    messages = found(*(guard.document for guard in guards(recorded(program))))
    assert len(messages) == 2
    assert all(m.startswith("Allow Only of resource key (tests/access/test_vet.py:") for m in messages)
