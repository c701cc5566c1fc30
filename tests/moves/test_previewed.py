"""What the engine says of a live stack, judged by the same rules."""

from collections import Counter
from typing import Any

import pytest

from llmlz.cli.moving import rules
from llmlz.errors import BadInputError
from llmlz.moves.model import Move
from llmlz.moves.previewed import previewed

BUCKET, QUEUE, CLUSTER = "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue", "aws:eks/cluster:Cluster"


def step(op: str, token: str, name: str = "one", **more: Any) -> dict[str, Any]:
    """One step of a preview, with both states."""
    urn = f"urn:pulumi:s::p::{token}::{name}"
    inputs = {"old": more.pop("old", {}), "new": more.pop("new", {})}
    state = {"urn": urn, "type": token, "custom": True, **more.pop("state", {})}
    states = {f"{when}State": {**state, "inputs": inputs[when]} for when in ("old", "new")}
    return {"op": op, "urn": urn, **states, **more}


def judged(*steps: dict[str, Any]) -> Move:
    """The move in a preview of these steps."""
    counted = Counter(step["op"] for step in steps)
    return previewed({"steps": list(steps), "changeSummary": dict(counted)}, rules())


def test_a_stateful_replacement_is_found_once_with_the_input_that_forces_it() -> None:
    """The engine shows it in three steps."""
    move = judged(
        *(step(op, BUCKET, replaceReasons=["bucket"]) for op in ("create-replacement", "replace", "delete-replaced"))
    )
    (finding,) = move.findings
    assert (finding.rule, finding.properties) == ("replaced", ("bucket",))
    assert [change.action for change in move.changes] == ["replace"]
    assert not move.holds


def test_a_stateful_deletion_is_found_and_a_retained_one_is_not() -> None:
    """What is retained leaves the state, and stays in the cloud."""
    assert [f.rule for f in judged(step("delete", BUCKET)).findings] == ["deleted"]
    assert judged(step("delete", BUCKET, state={"retainOnDelete": True})).findings == ()
    assert judged(step("delete", QUEUE)).findings == ()
    assert [f.rule for f in judged(step("delete", QUEUE, state={"protect": True})).findings] == ["protected"]
    assert [f.rule for f in judged(step("delete", "aws:cognito/userPool:UserPool")).findings] == ["undecided"]
    assert [f.rule for f in judged(step("delete", "aws:ec2/eip:Eip")).findings] == ["irreversible"]
    held = {"retainOnDelete": True, "protect": True}
    assert [f.rule for f in judged(step("delete", BUCKET, state=held)).findings] == ["deleted"]


def test_an_update_that_aws_refuses_is_found() -> None:
    """The engine calls it an update."""
    old, new = ({"vpcConfig": {"subnetIds": ids}} for ids in (["a"], ["a", "b"]))
    (finding,) = judged(step("update", CLUSTER, old=old, new=new)).findings
    assert finding.rule == "refused"


def test_what_does_not_change_is_quiet() -> None:
    """Reads, unchanged resources, components, providers."""
    move = judged(
        step("same", BUCKET),
        step("read", BUCKET),
        step("update", "pulumi:providers:aws"),
        step("create", "pulumi:pulumi:Stack"),
    )
    assert move == Move(changes=(), findings=())


def test_a_detailed_difference_names_the_inputs() -> None:
    """Where the engine gives no reasons."""
    (change,) = judged(step("update", QUEUE, detailedDiff={"tags.a": {"kind": "update"}})).changes
    assert change.properties == ("tags.a",)
    diff = {"name": {"kind": "update-replace"}, "tags": {"kind": "update"}}
    (change,) = judged(step("replace", QUEUE, detailedDiff=diff)).changes
    assert change.properties == ("name",)


@pytest.mark.parametrize(
    ("digest", "message"),
    [
        ({}, "no preview"),
        ({"steps": [step("vanish", QUEUE)], "changeSummary": {}}, "'vanish'"),
        ({"steps": []}, "no changeSummary"),
        ({"steps": [], "changeSummary": {"delete": 1}}, "counts 1 of 'delete' and shows 0"),
        ({"steps": [], "changeSummary": {}, "diagnostics": [{"severity": "error", "message": "no"}]}, "failed.*: no"),
    ],
)
def test_what_is_not_understood_is_never_passed(digest: dict[str, Any], message: str) -> None:
    """Neither another file, nor an operation of a later engine, nor a preview that failed or was cut."""
    with pytest.raises(BadInputError, match=message):
        previewed(digest, rules())
