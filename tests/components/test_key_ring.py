"""What a key ring promises."""

from typing import Any

import pytest

from components.key_ring import (
    KeyRing,
    KeyRingArgs,
    ServiceUse,
    bedrock_delivery_use,
    config_use,
    events_use,
    key_policy,
    logs_use,
    trail_use,
    vector_indexing_use,
)
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, EVERYTHING, OTHER, allowed, document, role

REGION = "eu-central-1"
PLACE = ("aws", REGION, ACCOUNT)
KEY = "aws:kms/key:Key"
BREAK_GLASS = role("llmlz-break-glass")
SWITCHES = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"]


def lets(policy: dict[str, Any], action: str, by: str) -> bool:
    """Whether a key with this policy lets someone who may do everything by policies of its own."""
    on_key = document("resource", *policy["Statement"])
    return allowed(action, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc", by=by, on_resource=on_key, gate=True)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Two keys, one of them used by CloudWatch Logs."""

    def program() -> None:
        uses = {"logs": [logs_use(*PLACE)], "data": []}
        KeyRing("keys", KeyRingArgs(account_id=ACCOUNT, alias_prefix="llmlz-test", partition="aws", uses=uses))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


def test_keys_are_born_for_the_highest_tier(graph: Graph) -> None:
    """Multi-Region cannot be added later; rotation, protection and the longest deletion window come with it."""
    for key in graph.of_type(KEY):
        assert key.inputs["multiRegion"] is True
        assert key.inputs["enableKeyRotation"] is True
        assert key.inputs["deletionWindowInDays"] == 30
        assert key.options.protect


def test_the_purpose_is_the_identity(graph: Graph) -> None:
    """Names are an API: a change here makes new keys and loses what the old ones encrypted."""
    assert sorted(r.name for r in graph.custom()) == ["keys-data", "keys-data-alias", "keys-logs", "keys-logs-alias"]
    assert graph.named("keys-logs-alias").inputs["name"] == "alias/llmlz-test-logs"


def test_a_key_without_services_leaves_everything_to_iam() -> None:
    """Nobody is let in but the account."""
    (statement,) = [s for s in key_policy("aws", ACCOUNT, [])["Statement"] if s["Effect"] == "Allow"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


@pytest.mark.parametrize(
    "use",
    [
        logs_use(*PLACE),
        trail_use("arn:aws:cloudtrail:x"),
        bedrock_delivery_use(*PLACE),
        config_use(ACCOUNT),
        events_use(*PLACE),
        vector_indexing_use(*PLACE),
    ],
)
def test_a_service_uses_a_key_for_this_account_alone(use: ServiceUse) -> None:
    """Every service statement carries its condition: no confused deputy."""
    (statement,) = [s for s in key_policy("aws", ACCOUNT, [use])["Statement"] if s["Sid"] == use.sid]
    assert statement["Principal"] == {"Service": use.principal}
    assert statement["Condition"] == use.condition != {}
    assert "kms:*" not in statement["Action"]


def test_events_are_tied_to_the_topic_and_not_to_their_origin() -> None:
    """EventBridge sends no origin with such a call: a condition on one would lose every message without a word."""
    assert events_use(*PLACE).condition == {
        "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:*"}
    }


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:PutKeyPolicy"])
def test_nobody_from_another_account_uses_a_key(action: str) -> None:
    """Also if a later statement let everybody in; the account itself still decides through IAM."""
    policy = key_policy("aws", ACCOUNT, [])
    opened = {**policy, "Statement": [*policy["Statement"], {**EVERYTHING, "Action": "kms:*", "Principal": "*"}]}
    for tried in (policy, opened):
        assert lets(tried, action, role("app"))
        assert not lets(tried, action, role("app", OTHER))


def test_aws_services_are_nobody_from_outside() -> None:
    """They have no account; each gets in by its own statement and the condition in it."""
    (closed,) = [s for s in key_policy("aws", ACCOUNT, [])["Statement"] if s["Sid"] == "NobodyFromOutside"]
    assert closed["Condition"]["Bool"] == {"aws:PrincipalIsAWSService": "false"}


@pytest.mark.parametrize("action", SWITCHES)
def test_only_break_glass_switches_a_key_off(action: str) -> None:
    """Not the pipeline and not an administrator, once there is such a role; without one IAM decides, as before."""
    guarded = key_policy("aws", ACCOUNT, [], BREAK_GLASS)
    assert lets(guarded, action, BREAK_GLASS)
    for name in ("llmlz-apply", "administrator", "break-glass", "llmlz-break-glass-2"):
        assert not lets(guarded, action, role(name)), name
        assert lets(key_policy("aws", ACCOUNT, []), action, role(name)), name


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:PutKeyPolicy", "kms:EnableKey", "kms:CancelKeyDeletion"])
def test_the_pipeline_still_keeps_the_keys(action: str) -> None:
    """What changes a key without taking it away, and what brings it back, is not denied."""
    assert lets(key_policy("aws", ACCOUNT, [], BREAK_GLASS), action, role("llmlz-apply"))


def test_the_second_factor_is_not_asked_for_where_it_is_not_sent() -> None:
    """Sessions of a role do not carry it: a Deny without it would lock break-glass out for good."""
    assert "MultiFactorAuth" not in str(key_policy("aws", ACCOUNT, [], BREAK_GLASS))


def test_every_key_of_the_ring_knows_the_role() -> None:
    """The argument reaches every key's policy."""

    def program() -> None:
        args = KeyRingArgs(
            account_id=ACCOUNT,
            alias_prefix="llmlz-test",
            partition="aws",
            uses={"a": [], "b": []},
            break_glass_arn=BREAK_GLASS,
        )
        KeyRing("keys", args)

    recorded = record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)
    assert [BREAK_GLASS in key.inputs["policy"] for key in recorded.of_type(KEY)] == [True, True]


def test_a_second_region_has_replicas_of_the_same_purposes() -> None:
    """Their own policy and alias, the primary's material; as hard to delete as the primary."""

    def program() -> None:
        primaries = {"data": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/mrk-data"}
        args = KeyRingArgs(
            account_id=ACCOUNT,
            alias_prefix="llmlz-test-euc1",
            partition="aws",
            primary_arns=primaries,
            uses={"data": []},
        )
        KeyRing("keys", args)

    graph = record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)
    key = graph.named("keys-data")
    assert key.type == "aws:kms/replicaKey:ReplicaKey"
    assert key.inputs["primaryKeyArn"].endswith(":key/mrk-data")
    assert key.inputs["deletionWindowInDays"] == 30
    assert "NobodyFromOutside" in key.inputs["policy"]
    assert key.options.protect
    assert graph.named("keys-data-alias").inputs["name"] == "alias/llmlz-test-euc1-data"


def test_a_purpose_without_a_primary_is_an_error() -> None:
    """A key of its own would open nothing that the first region has written."""

    def program() -> None:
        args = KeyRingArgs(account_id=ACCOUNT, alias_prefix="x", partition="aws", primary_arns={}, uses={"data": []})
        KeyRing("keys", args)

    with pytest.raises(KeyError, match="data"):
        record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)
