"""What is made of a plan: losses, what is protected or retained, and what nobody can decide."""

from dataclasses import replace
from typing import Any

import pytest

from llmlz.cli.moving import rules
from llmlz.graph.model import Graph, Options, Resource
from llmlz.moves.judge import judged
from llmlz.moves.model import Change, Move
from llmlz.moves.planned import Planned

BUCKET, QUEUE, STORE = "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue", "aws:s3/vectorsVectorBucket:VectorsVectorBucket"


def resource(token: str, name: str = "one", options: Options | None = None, **inputs: Any) -> Resource:
    """One resource."""
    urn = f"urn:pulumi:s::p::{token}::{name}"
    return Resource(
        urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, options=options or Options()
    )


def graph(*resources: Resource) -> Graph:
    """A graph of these."""
    return Graph(project="p", stack="s", resources=resources, account="111122223333", region="eu-central-1")


def judge(before: Graph, after: Graph, *changes: Change, unseen: tuple[Resource, ...] = (), **more: Any) -> Move:
    """The move that these changes of a plan make."""
    left_out = {urn: frozenset(paths) for urn, paths in more.get("left_out", {}).items()}
    planned = Planned(changes=changes, unseen=frozenset(r.urn for r in unseen), left_out=left_out)
    return judged(before, after, planned, rules())


def change(of: Resource, action: str, *properties: str) -> Change:
    """A change that the provider plans."""
    return Change(urn=of.urn, type=of.type, action=action, properties=properties)  # type: ignore[arg-type]


def test_what_holds_no_state_may_be_replaced() -> None:
    """A queue is made again by the next deployment."""
    queue = resource(QUEUE, name="q")
    move = judge(graph(queue), graph(queue), change(queue, "replace", "name"))
    assert (move.holds, move.counts()) == (True, {QUEUE: {"replace": 1}})


def test_a_protected_resource_stops_the_engine_whatever_it_holds() -> None:
    """The move would end half-way."""
    queue = resource(QUEUE, options=Options(protect=True))
    (finding,) = judge(graph(queue), graph(), change(queue, "delete")).findings
    assert (finding.rule, finding.because) == ("protected", "the engine refuses: it is protected")


def test_what_is_retained_is_not_lost() -> None:
    """It leaves the state, and stays in the cloud."""
    bucket = resource(BUCKET, options=Options(retain_on_delete=True))
    assert judge(graph(bucket), graph(), change(bucket, "delete")).holds


def test_a_type_that_the_provider_does_not_know_is_judged_by_its_rows() -> None:
    """A new one is made, a vanished one lost, a changed one is what the rows say."""
    store = resource(STORE, vectorBucketName="one")
    other = replace(store, inputs={"vectorBucketName": "two"})
    gone = judge(graph(store), graph(), unseen=(store,))
    assert [(c.action, c.judged_by) for c in gone.changes] == [("delete", "rows")]
    assert [f.rule for f in gone.findings] == ["deleted"]
    assert [c.action for c in judge(graph(), graph(store), unseen=(store,)).changes] == ["create"]
    (finding,) = judge(graph(store), graph(other), unseen=(store,)).findings
    assert (finding.rule, finding.properties) == ("replaced", ("vectorBucketName",))
    assert judge(graph(store), graph(store), unseen=(store,)).changes == ()


def test_a_change_that_nobody_knows_is_undecided_and_fails() -> None:
    """Of something that holds state, in an input that neither the provider nor a row knows."""
    store = resource(STORE, vectorBucketName="one")
    other = replace(store, inputs={"vectorBucketName": "one", "shape": "round"})
    move = judge(graph(store), graph(other), unseen=(store,))
    assert [(f.rule, f.properties) for f in move.findings] == [("undecided", ("shape",))]
    assert not move.holds


def test_an_input_that_did_not_reach_the_provider_is_undecided_too() -> None:
    """The plan says nothing about it; other inputs of the resource are the provider's."""
    bucket = resource(BUCKET, bucket="one", newer="a", tags={"a": "b"})
    other = replace(bucket, inputs={"bucket": "one", "newer": "b", "tags": {"a": "c"}})
    seen = judge(graph(bucket), graph(other), change(bucket, "update", "tags"), left_out={bucket.urn: ["newer"]})
    assert [(f.rule, f.properties) for f in seen.findings] == [("undecided", ("newer",))]


def test_options_of_the_program_count() -> None:
    """What is ignored does not change; what it asks to replace on is replaced."""
    store = resource(STORE, vectorBucketName="one")
    ignoring = replace(store, inputs={"vectorBucketName": "two"}, options=Options(ignore_changes=("vectorBucketName",)))
    assert judge(graph(store), graph(ignoring), unseen=(store,)).changes == ()
    bucket = resource(BUCKET, tags={"a": "b"})
    asking = replace(bucket, inputs={"tags": {"a": "c"}}, options=Options(replace_on_changes=("tags",)))
    move = judge(graph(bucket), graph(asking), change(bucket, "update", "tags"))
    assert [f.rule for f in move.findings] == ["replaced"]


@pytest.mark.parametrize("alias", ["one", "urn:pulumi:s::p::aws:s3/vectorsVectorBucket:VectorsVectorBucket::one"])
def test_an_alias_is_the_same_resource(alias: str) -> None:
    """By a whole URN, or by the end of it."""
    store = resource(STORE, vectorBucketName="one")
    given = alias if alias.startswith("urn:") else f"{STORE}::one"
    urn = given if given.startswith("urn:") else "::".join(["one"])
    renamed = replace(store, urn=store.urn.replace("::one", "::two"), name="two", options=Options(aliases=(urn,)))
    assert judge(graph(store), graph(renamed), unseen=(store, renamed)).changes == ()
