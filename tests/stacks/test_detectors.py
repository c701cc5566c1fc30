"""What looks on, and what is reported, tier by tier."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli.recording import record_stack
from llmlz.graph.model import Graph, Resource
from stacks.estate import load_estate
from stacks.kinds import PlatformStack
from stacks.layering import Layer, layered
from stacks.parts import detectors as part
from stacks.tier import TIERS, load_tier
from tests import generated, two_regions
from tests.estates import EXAMPLE
from tests.stacks.bad_input import PLATFORM, setting
from tests.stacks.bad_organizations import organization

ABOVE = TIERS[1:]
RULE = "aws:cloudwatch/eventRule:EventRule"
DETECTORS: Mapping[str, str] = {
    "access_analyzer": "aws:accessanalyzer/analyzer:Analyzer",
    "config": "aws:cfg/recorder:Recorder",
    "guard_duty": "aws:guardduty/detector:Detector",
    "security_hub": "aws:securityhub/account:Account",
}
"""Setting to the type that it makes."""


def graph(tier: str) -> Graph:
    """The platform of a tier, with nothing but what the tier says."""
    return generated.recorded(4)[generated.platform_of(tier)]


def watched(found: Graph) -> set[str]:
    """What is reported, by the names of rules."""
    return {rule.name.removeprefix("watch-") for rule in found.of_type(RULE)}


def test_a_place_for_experiments_has_no_detectors() -> None:
    """They bill what happens, and the first tier has a fixed price."""
    assert [r.type for r in graph("foundation").custom() if r.type in DETECTORS.values()] == []
    assert watched(graph("foundation")) == set()


@pytest.mark.parametrize("tier", ABOVE)
def test_from_repeatable_on_all_four_look_on(tier: str) -> None:
    """One of each, recording, with the standards for AI too, and encrypted with the key of the logs."""
    found = graph(tier)
    assert {name: len(found.of_type(type_)) for name, type_ in DETECTORS.items()} == dict.fromkeys(DETECTORS, 1)
    assert found.named("detectors-config-recording").inputs["isEnabled"] is True
    standards = {s.inputs["standardsArn"].partition("standards/")[2] for s in found.custom() if "Standards" in s.type}
    assert standards == set(part.STANDARDS.values())
    features = found.of_type("aws:guardduty/detectorFeature:DetectorFeature")
    assert {feature.inputs["name"] for feature in features} == set(part.PROTECTIONS)
    assert uses_of_the_key(found.named("keys-logs")) >= {"ConfigDeliversForThisAccount", "EventsToTopicsOfThisAccount"}


def uses_of_the_key(key: Resource) -> set[str]:
    """Sids of its policy."""
    return {statement["Sid"] for statement in json.loads(key.inputs["policy"])["Statement"]}


@pytest.mark.parametrize("tier", ABOVE)
def test_from_repeatable_on_grave_findings_are_reported(tier: str) -> None:
    """Both kinds, by one rule."""
    pattern = json.loads(graph(tier).named("watch-findings").inputs["eventPattern"])
    assert [source for either in pattern["$or"] for source in either["source"]] == ["aws.guardduty", "aws.securityhub"]


@pytest.mark.parametrize("tier", ABOVE[1:])
def test_from_reliable_on_tampering_is_reported(tier: str) -> None:
    """Of buckets exactly those that hold evidence, by the names that the platform gives them."""
    found = graph(tier)
    assert watched(found) == {"backups", "break-glass", "findings", "keys", "tamper"}
    pattern = json.loads(found.named("watch-tamper").inputs["eventPattern"])
    (buckets,) = [e["requestParameters"]["bucketName"] for e in pattern["detail"]["$or"] if "requestParameters" in e]
    assert buckets == [found.named(name).inputs["bucket"] for name in ("logs-bucket", "detectors-config-bucket")]


@pytest.mark.parametrize("tier", ABOVE)
def test_the_organization_guards_what_config_recorded(tier: str) -> None:
    """As it guards the archive: nobody but break-glass deletes it."""
    name = graph(tier).named("detectors-config-bucket").inputs["bucket"]
    policies = generated.recorded(4)[generated.ORGANIZATION].of_type("aws:organizations/policy:Policy")
    statements = [s for p in policies for s in json.loads(p.inputs["content"]).get("Statement", [])]
    guarded = [s["Resource"] for s in statements if s["Sid"] == "EvidenceStays"]
    assert any(f"arn:aws:s3:::{name}" in resources for resources in guarded)


LOCKED: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "detectors at foundation": (
        "foundation",
        {"detectors": {"config": "existing"}},
        "one of null: locked at tier foundation, because",
    ),
    "no detectors at repeatable": ("repeatable", {"detectors": None}, "not one of null: locked at tier repeatable"),
    "findings unwatched at repeatable": ("repeatable", {"watches": []}, "with items findings"),
    "tampering unwatched at reliable": ("reliable", {"watches": ["break_glass", "findings", "keys"]}, "tamper"),
}


@pytest.mark.parametrize("what", LOCKED)
def test_a_tier_says_what_must_be_and_why(what: str) -> None:
    """The lock, in words."""
    tier, values, expected = LOCKED[what]
    _, problems = layered(tier, load_tier(tier), None, Layer(file="f", at="llmlz:settings", values=values))
    assert [expected in problem.expected for problem in problems] == [True]
    assert "because" in problems[0].expected


def other(tmp_path: Path, **values: Any) -> PlatformStack:
    """The example's platform at tier repeatable, in an organization, with other settings."""
    (tmp_path / PLATFORM).write_text((EXAMPLE / PLATFORM).read_text())
    organization()(tmp_path)
    setting(PLATFORM, **values)(tmp_path)
    (stack,) = load_estate(tmp_path).platforms()
    return stack


@pytest.mark.parametrize("maker", ["existing", "organization"])
@pytest.mark.parametrize("which", DETECTORS)
def test_what_somebody_else_makes_is_not_made_here(tmp_path: Path, which: str, maker: str) -> None:
    """The other three stay as the tier sets them, and findings are reported all the same."""
    found = record_stack(other(tmp_path, detectors={which: maker}), {})
    made = {name for name, type_ in DETECTORS.items() if found.of_type(type_)}
    assert made == set(DETECTORS) - {which}
    assert watched(found) == {"findings"}
    assert "ConfigDeliversForThisAccount" in uses_of_the_key(found.named("keys-logs"))  # whoever records


def test_where_all_are_somebody_elses_nothing_is_made(tmp_path: Path) -> None:
    """Not even an empty component, and no access for Config."""
    found = record_stack(other(tmp_path, detectors=dict.fromkeys(DETECTORS, "organization")), {})
    assert [r.name for r in found.resources if r.name.startswith("detectors")] == []


def test_a_platform_that_is_not_the_first_of_its_account_uses_the_role_that_exists() -> None:
    """Config works with the account's one role, and records users and roles where the first platform is."""
    found = two_regions.graphs()[two_regions.SECOND]
    assert found.of_type("aws:iam/serviceLinkedRole:ServiceLinkedRole") == ()
    recorder = found.named("detectors-config-recorder").inputs
    assert recorder["roleArn"].endswith(":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
    assert recorder["recordingGroup"]["includeGlobalResourceTypes"] is False
