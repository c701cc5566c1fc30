"""What the registry promises: a team keeps its own entries, and finds what others list."""

import pytest

from components.registry import Registry, RegistryArgs, registry_statements
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, allowed, document

REGION = "eu-central-1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/llmlz-test-registry"
POLICY = document("identity", *registry_statements(TABLE, "claims"))


def may(action: str, resource: str = TABLE, *, of: str | None = None) -> bool:
    """Whether the role of claims may do it to entries of a team."""
    context = {} if of is None else {"dynamodb:LeadingKeys": of}
    return allowed(f"dynamodb:{action}", resource, identity=POLICY, context=context)


@pytest.mark.parametrize("action", ["DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"])
def test_a_team_keeps_its_own_entries(action: str) -> None:
    """And nobody else's, and no request that names no team."""
    assert may(action, of="claims")
    assert not may(action, of="search")
    assert not may(action, of="claims-eu")
    assert not may(action)


@pytest.mark.parametrize(
    "action", ["Scan", "BatchGetItem", "BatchWriteItem", "PartiQLSelect", "DeleteTable", "UpdateTable"]
)
def test_there_is_no_way_around_the_key(action: str) -> None:
    """Not with the team's own key either."""
    assert not may(action, of="claims")
    assert not may(action, f"{TABLE}/index/listed")


def test_everybody_finds_what_is_listed_and_changes_nothing_of_it() -> None:
    """Through the one index; another index, or another table, is closed."""
    assert may("Query", f"{TABLE}/index/listed")
    assert not may("Query", f"{TABLE}/index/other")
    assert not may("Query", f"{TABLE}-2/index/listed")
    assert not may("PutItem", f"{TABLE}/index/listed", of="claims")


def test_the_table_is_kept() -> None:
    """Encrypted with the customer's key, restorable, protected twice; what is not listed is not in the index."""
    graph = record(
        lambda: (
            Registry("registry", RegistryArgs(kms_key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x", name_prefix="p")),
            None,
        )[1],
        project="llmlz",
        stack_name="test",
        account=ACCOUNT,
        region=REGION,
    )
    (table,) = graph.custom()
    assert table.options.protect is True
    assert table.inputs["deletionProtectionEnabled"] is True
    assert table.inputs["pointInTimeRecovery"] == {"enabled": True}
    assert table.inputs["serverSideEncryption"]["kmsKeyArn"].endswith("key/x")
    (index,) = table.inputs["globalSecondaryIndexes"]
    assert index["hashKey"] not in (table.inputs["hashKey"], table.inputs["rangeKey"])
