"""What a key ring promises."""

import pytest

from components.key_ring import (
    KeyRing,
    KeyRingArgs,
    ServiceUse,
    bedrock_delivery_use,
    key_policy,
    logs_use,
    trail_use,
    vector_indexing_use,
)
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
PLACE = ("aws", REGION, ACCOUNT)
KEY = "aws:kms/key:Key"


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
    """No statement for anyone but the account."""
    (statement,) = key_policy("aws", ACCOUNT, [])["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


@pytest.mark.parametrize(
    "use",
    [logs_use(*PLACE), trail_use("arn:aws:cloudtrail:x"), bedrock_delivery_use(*PLACE), vector_indexing_use(*PLACE)],
)
def test_a_service_uses_a_key_for_this_account_alone(use: ServiceUse) -> None:
    """Every service statement carries its condition: no confused deputy."""
    statement = key_policy("aws", ACCOUNT, [use])["Statement"][1]
    assert statement["Principal"] == {"Service": use.principal}
    assert statement["Condition"] == use.condition != {}
    assert "kms:*" not in statement["Action"]
