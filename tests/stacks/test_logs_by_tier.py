"""Evidence by tier: what each tier promises stands in the recorded program, and a lock keeps it there."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.cli.recording import record_stack
from llmlz.graph.inventory import identities
from llmlz.graph.model import Graph
from stacks.estate import load_estate
from stacks.kinds import PlatformStack
from stacks.tier import TIERS, load_tier
from tests import generated

LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
COPY = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
MASKING = "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
DAYS = {"foundation": 90, "repeatable": 180, "reliable": 365, "scaled": 365}
MASKED = {"reliable", "scaled"}


def graph(tier: str) -> Graph:
    """The recorded platform of a tier."""
    return generated.recorded(4)[generated.platform_of(tier)]


def selectors(tier: str) -> list[dict[str, Any]]:
    """Field to values, for each selector of the trail."""
    found = graph(tier).named("logs-trail").inputs.get("advancedEventSelectors", [])
    return [{field["field"]: field.get("equals") for field in selector["fieldSelectors"]} for selector in found]


@pytest.mark.parametrize("tier", TIERS)
def test_log_groups_keep_what_the_tier_promises(tier: str) -> None:
    """90, 180, then 365 days, and a lock refuses fewer."""
    archive = [group for group in graph(tier).of_type(LOG_GROUP) if group.name.startswith("logs-")]
    assert {group.inputs["retentionInDays"] for group in archive} == {DAYS[tier]}
    lock = load_tier(tier).locks["logs.retention_days"]
    assert (lock.permits(DAYS[tier]), lock.permits(DAYS[tier] - 1)) == (True, False)


@pytest.mark.parametrize("tier", TIERS)
def test_model_calls_are_masked_from_the_tier_that_says_so(tier: str) -> None:
    """Found and masked by the same list, which holds what the tier locks."""
    found = graph(tier).of_type(MASKING)
    assert len(found) == (tier in MASKED)
    if tier in MASKED:
        audit, mask = json.loads(found[0].inputs["policyDocument"])["Statement"]
        assert audit["DataIdentifier"] == mask["DataIdentifier"]
        names = {arn.rpartition("/")[2] for arn in mask["DataIdentifier"]}
        assert names >= set(load_tier(tier).locks["logs.masking.identifiers"].with_items or [])
        assert not load_tier(tier).locks["logs.masking"].permits(None)


@pytest.mark.parametrize("tier", TIERS)
def test_data_events_are_recorded_from_the_tier_that_says_so(tier: str) -> None:
    """Management events stay among them; a trail without selectors records them by itself."""
    found = selectors(tier)
    assert bool(found) == (tier in MASKED)
    if found:
        assert {"eventCategory": ["Management"]} in found
        types = {selector["resources.type"][0] for selector in found if "resources.type" in selector}
        wanted = ("AgentAlias", "FlowAlias", "Guardrail", "InlineAgent", "KnowledgeBase")
        assert types >= {f"AWS::Bedrock::{name}" for name in wanted} | {"AWS::S3::Object", "AWS::S3Vectors::Index"}
        assert not load_tier(tier).locks["logs.data_events"].permits([])


@pytest.mark.parametrize("tier", TIERS)
def test_the_archive_is_born_with_object_lock_and_locked_at_the_highest_tier(tier: str) -> None:
    """Governance for a year; nobody comes to compliance by default."""
    assert graph(tier).named("logs-bucket").inputs["objectLockEnabled"] is True
    rules = [lock.inputs["rule"]["defaultRetention"] for lock in graph(tier).of_type(LOCK)]
    assert rules == ([{"mode": "GOVERNANCE", "days": 365}] if tier == TIERS[-1] else [])
    if rules:
        locks = load_tier(tier).locks
        assert not locks["logs.object_lock"].permits(None)
        assert not locks["logs.object_lock.governance.days"].permits(364)
        assert not locks["logs.object_lock.compliance.days"].permits(364)


@pytest.mark.parametrize("tier", TIERS)
def test_the_archive_is_copied_at_the_highest_tier(tier: str) -> None:
    """To the vault of the organization, by the name and the alias that the organization gives it."""
    copies = graph(tier).of_type(COPY)
    assert len(copies) == (tier == TIERS[-1])
    if copies:
        region = generated.PLACES[tier][1]
        organization = generated.recorded(4)[generated.ORGANIZATION]
        (rule,) = copies[0].inputs["rules"]
        name = organization.named(f"vault-{region}-bucket").inputs["bucket"]
        alias = organization.named(f"vault-{region}-key-alias").inputs["name"]
        assert rule["destination"]["bucket"] == f"arn:aws:s3:::{name}"
        key = f"arn:aws:kms:{region}:{generated.LOG_ARCHIVE}:{alias}"
        assert rule["destination"]["encryptionConfiguration"]["replicaKmsKeyId"] == key
        assert not load_tier(tier).locks["logs.replica"].permits(None)


def test_no_tier_loses_what_a_lower_one_made() -> None:
    """Types and names of the archive's resources: each tier has those of the tier below, and more or as many."""
    made = [{line for line in identities(graph(tier)) if "::logs" in line or " logs" in line} for tier in TIERS]
    assert made[0]
    assert all(low <= high for low, high in itertools.pairwise(made))


def highest(folder: Path, **logs: Any) -> PlatformStack:
    """The platform of the highest tier with settings of its own about evidence."""
    generated.write_estate(folder, 0)
    name, yaml = generated.platform_of(TIERS[-1]), YAML(typ="safe", pure=True)
    file = folder / f"Pulumi.{name}.yaml"
    content = yaml.load(file.read_text())
    content["config"]["llmlz:settings"]["logs"] = logs
    yaml.dump(content, file)
    stack = load_estate(folder).stack(name)
    assert isinstance(stack, PlatformStack)
    return stack


def test_whoever_writes_the_sentence_gets_a_lock_without_a_way_back(tmp_path: Path) -> None:
    """The mode that a stack chooses takes the place of the tier's; the other one does not stay beside it."""
    sentence = "nobody can delete or shorten this, not even AWS"
    stack = highest(tmp_path, object_lock={"compliance": {"days": 400, "confirmation": sentence}})
    (lock,) = record_stack(stack, {}).of_type(LOCK)
    assert lock.inputs["rule"]["defaultRetention"] == {"mode": "COMPLIANCE", "days": 400}


def test_an_existing_archive_takes_the_trail_and_leaves_the_bucket(tmp_path: Path) -> None:
    """Bedrock delivers large prompts within the account alone, so the own bucket stays, as does what protects it."""
    key = f"arn:aws:kms:us-east-1:{generated.LOG_ARCHIVE}:key/11111111-2222-3333-4444-555555555555"
    existing = {"bucket": "all-logs", "key_arn": key, "account": generated.LOG_ARCHIVE}
    stack = highest(tmp_path, archive={"existing": existing})
    assert stack.settings.logs.archive.new is None
    found = record_stack(stack, {})
    trail = found.named("logs-trail").inputs
    assert (trail["s3BucketName"], trail["kmsKeyId"]) == ("all-logs", key)
    assert identities(found) == identities(graph("scaled"))
