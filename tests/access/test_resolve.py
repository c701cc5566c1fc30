"""Stand-ins become what AWS would write where a name decides that; nothing else changes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from llmlz.access.resolve import FORMS, resolved
from llmlz.graph.model import Graph, Resource, texts
from llmlz.graph.standins import CORE, Standins

ACCOUNT, REGION = "111122223333", "eu-central-1"
ROLE, KEY, BUCKET = "aws:iam/role:Role", "aws:kms/key:Key", "aws:s3/bucket:Bucket"
REAL = {
    (ROLE, "arn"): f"arn:aws:iam::{ACCOUNT}:role/mine",
    (ROLE, "name"): "mine",
    (ROLE, "id"): "mine",
    (BUCKET, "arn"): "arn:aws:s3:::mine",
    (BUCKET, "bucket"): "mine",
    (BUCKET, "id"): "mine",
    ("aws:s3/vectorsVectorBucket:VectorsVectorBucket", "vectorBucketArn"): (
        f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/mine"
    ),
    ("aws:s3/vectorsIndex:VectorsIndex", "indexArn"): f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/mine/index/mine",
    ("aws:backup/vault:Vault", "arn"): f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:mine",
    ("aws:cloudtrail/trail:Trail", "arn"): f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/mine",
    ("aws:cloudwatch/logGroup:LogGroup", "arn"): f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:mine",
    ("aws:sns/topic:Topic", "arn"): f"arn:aws:sns:{REGION}:{ACCOUNT}:mine",
    ("aws:ssm/parameter:Parameter", "arn"): f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/mine",
}
"""What AWS would write, by hand."""

NAMES = {"name": "mine", "bucket": "mine", "vectorBucketName": "mine", "indexName": "mine"}


class Stack:
    """A recorded stack in the making: resources, and stand-ins of their outputs."""

    def __init__(self, name: str) -> None:
        self.name, self.resources = name, list[Resource]()
        self.made = Standins(account=ACCOUNT, region=REGION, partition="aws")

    def add(self, token: str, name: str, /, **inputs: Any) -> Resource:
        """One resource."""
        urn = f"urn:pulumi:{self.name}::llmlz::{token}::{name}"
        made = Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs)
        self.resources.append(made)
        return made

    def out(self, resource: Resource, output: str = "arn") -> str:
        """The stand-in of an output."""
        return self.made.text(resource.urn, resource.type, output)

    def graph(self, **outputs: Any) -> Graph:
        """The stack as it is recorded."""
        return Graph(
            project="llmlz",
            stack=self.name,
            resources=tuple(self.resources),
            outputs=outputs,
            standins=self.made.made,
            account=ACCOUNT,
            region=REGION,
        )


@pytest.fixture
def stack() -> Stack:
    """An empty one."""
    return Stack("one")


def after(*graphs: Graph, published: Mapping[str, Mapping[str, Any]] | None = None) -> Graph:
    """The first graph, resolved together with the others."""
    return resolved(graphs, published)[graphs[0].stack]


def test_the_table_by_hand_is_complete() -> None:
    """Every form is tried below."""
    assert set(REAL) == {(token, output) for token, forms in FORMS.items() for output in forms}


@pytest.mark.parametrize(("token", "output"), REAL)
def test_a_stand_in_becomes_what_its_name_decides(token: str, output: str, stack: Stack) -> None:
    """In the inputs of others, in what the stack publishes, and as an output of the resource itself."""
    made = stack.add(token, "made", **NAMES)
    text = stack.out(made, output)
    stack.add("aws:iam/rolePolicy:RolePolicy", "user", policy=json.dumps({"Resource": [text, f"{text}/*"]}))
    found = after(stack.graph(published={"deep": [text]}))
    real = REAL[token, output]
    assert json.loads(found.named("user").inputs["policy"]) == {"Resource": [real, f"{real}/*"]}
    assert found.outputs == {"published": {"deep": [real]}}
    assert found.named("made").outputs[output] == real


def test_a_parameter_whose_name_is_a_path_has_no_second_slash(stack: Stack) -> None:
    """AWS puts one between ``parameter`` and a name only where the name has none."""
    made = stack.add("aws:ssm/parameter:Parameter", "made", name="/llmlz/test/v1")
    found = after(stack.graph(published=stack.out(made)))
    assert found.outputs["published"] == f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/llmlz/test/v1"


def test_a_stand_in_of_another_stack_is_known_too(stack: Stack) -> None:
    """Stacks hand texts to one another."""
    other = Stack("two")
    role = other.add(ROLE, "theirs", name="theirs")
    stack.add("aws:iam/rolePolicy:RolePolicy", "user", policy=other.out(role))
    found = after(stack.graph(), other.graph())
    assert found.named("user").inputs["policy"] == f"arn:aws:iam::{ACCOUNT}:role/theirs"


def test_a_resource_without_a_name_keeps_its_stand_in(stack: Stack) -> None:
    """AWS makes a name up, and nobody knows it before."""
    text = stack.out(stack.add(ROLE, "made"))
    stack.add("aws:iam/rolePolicy:RolePolicy", "user", policy=text)
    graph = stack.graph()
    assert after(graph) == graph


def test_a_type_whose_form_aws_does_not_derive_keeps_its_stand_in(stack: Stack) -> None:
    """The id of a key says nothing about its name."""
    text = stack.out(stack.add(KEY, "made", name="mine"))
    graph = stack.graph(key=text)
    assert after(graph) == graph


def test_a_name_that_is_itself_a_stand_in_is_not_half_resolved(stack: Stack) -> None:
    """The bucket's own name is known by then."""
    bucket = stack.add(BUCKET, "made", bucket="mine")
    topic = stack.add("aws:sns/topic:Topic", "topic", name=f"{stack.out(bucket, 'bucket')}-topic")
    stack.out(topic)
    found = after(stack.graph())
    assert found.named("topic").inputs == {"name": "mine-topic"}
    assert found.named("topic").outputs["arn"] == f"arn:aws:sns:{REGION}:{ACCOUNT}:mine-topic"


def test_numbers_and_flags_stay(stack: Stack) -> None:
    """Only texts are read."""
    given = {"days": 7, "on": True, "none": None, "rate": 1.5, "rows": [{"a": 1}], "name": "mine"}
    stack.add(KEY, "made", **given)
    assert after(stack.graph()).named("made").inputs == given


def test_a_live_graph_is_not_changed(stack: Stack) -> None:
    """It has no stand-ins, and the provider answered what there is: also where a name would say something else."""
    made = stack.add(ROLE, "made", name="mine")
    stack.resources[0] = replace(
        made, outputs={"arn": "arn:aws:iam::111122223333:role/path/mine", "name": "mine", "id": "mine"}
    )
    stack.add(KEY, "key", policy='{"Resource": "ref0123456789abq"}')
    graph = stack.graph(role="arn:aws:iam::111122223333:role/path/mine")
    assert after(graph) == graph


def test_what_is_published_takes_the_place_of_a_stand_in(stack: Stack) -> None:
    """Wherever it stands, once the live stack has told its outputs; other stacks learn it as well."""
    key = stack.out(stack.add(KEY, "made"))
    other = Stack("two")
    other.add("aws:iam/rolePolicy:RolePolicy", "user", policy=json.dumps({"Resource": key}))
    real = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
    graphs = (other.graph(), stack.graph(key_arn=key, names=["a", {"deep": key}]))
    published = {"one": {"key_arn": real, "names": ["a", {"deep": real}], "more": "x"}}
    assert json.loads(after(*graphs, published=published).named("user").inputs["policy"]) == {"Resource": real}
    assert resolved(graphs, published)["one"].outputs == {"key_arn": real, "names": ["a", {"deep": real}]}


@pytest.mark.parametrize("published", [{}, {"key_arn": None}, {"key_arn": 7}, {"key_arn": ["x"]}, {"other": "x"}])
def test_outputs_of_another_shape_are_not_taken(published: Mapping[str, Any], stack: Stack) -> None:
    """A stack that is older than the program, or that does not exist, tells nothing."""
    graph = stack.graph(key_arn=stack.out(stack.add(KEY, "made")))
    assert after(graph, published={"one": published}) == graph


def test_an_output_of_two_stand_ins_is_not_guessed(stack: Stack) -> None:
    """Which part of the live text belongs to which is not known."""
    keys = [stack.out(stack.add(KEY, name)) for name in ("a", "b")]
    graph = stack.graph(both=",".join(keys))
    assert after(graph, published={"one": {"both": "x,y"}}) == graph


def test_a_name_decides_before_what_is_published(stack: Stack) -> None:
    """Both say the same of a deployed stack; of one that is about to change, the program is asked."""
    role = stack.out(stack.add(ROLE, "made", name="mine"))
    found = after(stack.graph(role=role), published={"one": {"role": f"arn:aws:iam::{ACCOUNT}:role/former"}})
    assert found.outputs == {"role": f"arn:aws:iam::{ACCOUNT}:role/mine"}


def test_nothing_else_of_an_estate_changes(graphs: Mapping[str, Graph]) -> None:
    """The example estate: only texts with stand-ins differ, and every other part of every resource is the same."""
    found = resolved(graphs.values())
    assert list(found) == [graph.stack for graph in graphs.values()]
    different = 0
    for name, graph in graphs.items():
        for before, now in zip(graph.resources, found[name].resources, strict=True):
            assert replace(now, inputs=before.inputs, outputs=before.outputs) == before
            for (path, was), (same, is_) in zip(texts(before.inputs), texts(now.inputs), strict=True):
                assert path == same
                if was != is_:
                    assert CORE.search(was), f"{before.name} {path}"
                    different += 1
        assert replace(found[name], resources=graph.resources, outputs=graph.outputs) == graph
    assert different > 10


def test_resolving_twice_is_resolving_once(graphs: Mapping[str, Graph]) -> None:
    """What is real stays."""
    once = resolved(graphs.values())
    assert resolved(once.values()) == once
