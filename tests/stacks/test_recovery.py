"""Recovery by tier: what each must hold, on recorded graphs."""

import pytest

from llmlz.graph.model import Graph
from stacks.tier import TIERS, load_tier
from tests import generated

VAULT, PLAN, LOCK = (
    "aws:backup/vault:Vault",
    "aws:backup/plan:Plan",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
)
TEST = "aws:backup/restoreTestingSelection:RestoreTestingSelection"


def graph(tier: str) -> Graph:
    """The platform of a tier."""
    return generated.recorded(4)[generated.platform_of(tier)]


def test_the_first_tier_backs_up_nothing() -> None:
    """State is protected there, and its key is not paid for."""
    assert graph("foundation").of_type(VAULT, PLAN) == ()
    assert not [r for r in graph("foundation").custom() if r.name.startswith("keys-backup")]


@pytest.mark.parametrize(("tier", "days"), [("repeatable", 7), ("reliable", 14), ("scaled", 35)])
def test_backups_are_kept_for_longer_at_each_tier(tier: str, days: int) -> None:
    """The plan keeps them as long as the tier says, and no stack may say less."""
    (plan,) = graph(tier).of_type(PLAN)
    assert plan.inputs["rules"][0]["lifecycle"] == {"deleteAfter": days}
    lock = load_tier(tier).locks["backup.retention_days"]
    assert lock.permits(days)
    assert not lock.permits(days - 1)


@pytest.mark.parametrize("tier", TIERS[1:])
def test_the_bucket_is_backed_up_and_lets_the_role_read(tier: str) -> None:
    """Its policy keeps every other role to the prefix of its team, so that a missing name here would stop the backups."""
    found = graph(tier)
    (selection,) = found.of_type("aws:backup/selection:Selection")
    assert {r.to for r in selection.references if r.at.startswith("resources")} == {found.named("data-bucket").urn}
    policy = found.named("data-bucket-policy").inputs["policy"]
    assert f":role/{found.named('backup-jobs-role').inputs['name']}" in policy


@pytest.mark.parametrize("tier", TIERS)
def test_restores_are_tried_and_the_vault_is_locked_from_the_third_tier_on(tier: str) -> None:
    """A lock without days of grace, which is governance; and one test for each store that is backed up."""
    from_third = TIERS.index(tier) >= TIERS.index("reliable")
    found = graph(tier)
    assert [r.name for r in found.of_type(TEST)] == (["backup-restore-test-bucket"] if from_third else [])
    assert [r.inputs.get("changeableForDays") for r in found.of_type(LOCK)] == ([None] if from_third else [])


def test_the_lock_is_the_same_at_every_tier_that_has_one() -> None:
    """AWS puts a lock of other numbers in its place by taking the old one off."""
    (low,), (high,) = graph("reliable").of_type(LOCK), graph("scaled").of_type(LOCK)
    assert low.inputs["minRetentionDays"] == high.inputs["minRetentionDays"] == 7


@pytest.mark.parametrize("tier", TIERS[2:])
def test_a_failed_backup_is_reported(tier: str) -> None:
    """To the same topic as everything that is watched."""
    assert "aws.backup" in graph(tier).named("watch-backups").inputs["eventPattern"]


@pytest.mark.parametrize("tier", TIERS)
def test_production_and_confidential_data_wait_for_backups_that_are_tried(tier: str) -> None:
    """From the third tier on; what is restricted waits for the fourth."""
    locks = load_tier(tier).locks
    for path, value in (("environment", "prod"), ("data_class", "confidential")):
        assert (path not in locks or locks[path].permits(value)) is (tier in ("reliable", "scaled")), path
    assert ("data_class" not in locks) is (tier == "scaled")
