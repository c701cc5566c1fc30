"""A snapshot as layers around accounts, and as JSON."""

import json
from dataclasses import replace

import pytest

from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.organization import AI_OPT_OUT, SERVICE_CONTROL
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.organization.snapshot import Snapshot, snapshot_documents
from tests.organization.graphs import (
    FULL,
    LOGS_STAY,
    MANAGEMENT,
    MEMBER,
    NEW_MEMBER,
    NO_MANTLE,
    OPT_OUT,
    TYPES,
    attached,
    document,
    snapshot,
)

RCP = document({"Sid": "OnlyOurs", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})
DEPLOYED = snapshot(
    root=[attached("logs", document(LOGS_STAY)), attached("learning", json.dumps(OPT_OUT), AI_OPT_OUT)],
    old=[attached("doors", document(NO_MANTLE)), attached("perimeter", RCP, "RESOURCE_CONTROL_POLICY")],
)


def decided(deployed: Snapshot, account: str, action: str) -> str:
    """``allowed``, or the Sid or the layer that denies an administrator of the account."""
    layers = snapshot_documents(deployed)[account]
    world = World(
        account=account,
        identity=(parse(FULL.content, Origin(layer="identity", name="administrator")),),
        service_control=layers.service_control,
        resource_control=layers.resource_control,
    )
    decision = decide(Request(f"arn:aws:iam::{account}:role/admin", action, "*", dict(layers.context)), world)
    return decision.outcome if decision.outcome != "denied" else getattr(decision.statement, "sid", decision.layer)


def test_every_level_counts_for_every_account_below_it() -> None:
    """What is on the root reaches all, what is on a unit only the accounts in it."""
    layers = snapshot_documents(DEPLOYED)
    assert set(layers) == {MEMBER, NEW_MEMBER, MANAGEMENT}
    names = [[document.origin.name for document in level] for level in layers[MEMBER].service_control]
    assert names == [["FullAWSAccess", "llmlz-logs"], ["FullAWSAccess", "llmlz-doors"], ["FullAWSAccess"]]
    assert [len(level) for level in layers[NEW_MEMBER].service_control] == [2, 1, 1]
    assert layers[MEMBER].ai_opt_out == ("llmlz-learning",)
    assert layers[MEMBER].context == {"aws:PrincipalOrgID": "o-exampleorg1"}


@pytest.mark.parametrize(
    ("account", "action", "denied"),
    [
        (MEMBER, "bedrock-mantle:CreateInference", "NoMantle"),
        (MEMBER, "cloudtrail:StopLogging", "LogsStay"),
        (MEMBER, "s3:GetObject", "OnlyOurs"),
        (MEMBER, "sqs:SendMessage", "allowed"),
        (NEW_MEMBER, "bedrock-mantle:CreateInference", "allowed"),
        (NEW_MEMBER, "cloudtrail:StopLogging", "LogsStay"),
        (MANAGEMENT, "cloudtrail:StopLogging", "allowed"),
    ],
)
def test_the_evaluator_decides_on_what_is_deployed(account: str, action: str, denied: str) -> None:
    """Denies of the root and of the unit hold; the management account is bound by neither."""
    assert decided(DEPLOYED, account, action) == denied


def test_a_type_that_is_not_enabled_decides_nothing() -> None:
    """AWS does not look at it, so neither does the proof."""
    off = snapshot(root=DEPLOYED.targets[0].policies, old=DEPLOYED.targets[1].policies, enabled=(SERVICE_CONTROL,))
    assert snapshot_documents(off)[MEMBER].resource_control == ()
    assert snapshot_documents(off)[MEMBER].ai_opt_out == ()
    assert decided(off, MEMBER, "s3:GetObject") == "allowed"


def test_a_level_without_an_allow_lets_nothing_through() -> None:
    """Somebody detached AWS's own policy from a unit and put nothing in its place."""
    targets = [replace(t, policies=() if t.kind == "unit" else (FULL,)) for t in snapshot().targets]
    bare = snapshot(targets=tuple(targets))
    assert decided(bare, MEMBER, "sqs:SendMessage") == "service_control"


def test_an_unreadable_policy_stays_undecided() -> None:
    """It is not left out: with it, nothing in the account is certain."""
    layers = snapshot_documents(snapshot(old=[attached("odd", "not JSON")]))[MEMBER]
    assert [document.undecided for document in layers.service_control[1]][1].startswith("not JSON")  # type: ignore[union-attr]


def test_it_comes_back_from_json() -> None:
    """Equal after writing and reading; another format is refused."""
    assert Snapshot.from_json(DEPLOYED.to_json()) == DEPLOYED
    assert DEPLOYED.enabled == TYPES
    with pytest.raises(ValueError, match="not a snapshot of format 1"):
        Snapshot.from_json('{"format": 2}')
