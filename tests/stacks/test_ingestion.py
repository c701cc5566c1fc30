"""The ingestion of a team's documents at every tier: what its files make, and what each role of it reaches."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.checks.evaluate import evaluate
from llmlz.cli.recording import record_estate
from llmlz.graph.model import Graph
from stacks.estate import load_estate
from stacks.parts.documents import defaults
from stacks.problems import SettingsError
from stacks.settings.documents import Documents
from stacks.tier import TIERS
from tests import ladder

yaml = YAML(typ="safe", pure=True)
METRIC = "aws:cloudwatch/metricAlarm:MetricAlarm"
EVERYTHING: Mapping[str, Any] = {"schedule": "cron(0 3 * * ? *)", "masked_copies": {}}
WATCHED = ("reliable", "scaled")
"""Tiers whose platforms look at the quality of documents."""


def written(folder: Path, tier: str, documents: Mapping[str, Any], **settings: Any) -> Path:
    """The estate of a team with documents."""
    ladder.write(folder, tier, **settings)
    file = folder / "teams" / "claims.yaml"
    yaml.dump({**yaml.load(file.read_text()), "documents": dict(documents)}, file)
    return folder


@cache
def with_documents(tier: str) -> dict[str, Graph]:
    """Every stack of that estate, with all that a pipeline can have."""
    with TemporaryDirectory() as folder:
        return record_estate(load_estate(written(Path(folder), tier, EVERYTHING)))


@pytest.mark.parametrize("tier", TIERS)
def test_documents_make_a_pipeline_at_every_tier(tier: str) -> None:
    """With a schedule, a key of pseudonyms, and the team's class as the highest that is taken in."""
    team = with_documents(tier)[ladder.TEAM]
    function = team.named("claims-ingestion-steps").inputs
    variables = function["environment"]["variables"]
    assert variables["ACCEPTED_CLASSES"].split() == ["internal", "public"]
    assert (variables["TEAM"], function["name"]) == ("claims", "llmlz-pilots-ingestion-claims")
    assert team.named("claims-ingestion-schedule").inputs["scheduleExpression"] == EVERYTHING["schedule"]
    assert "ingestion_arn" in team.outputs
    (machine,) = team.of_type("aws:sfn/stateMachine:StateMachine")
    assert list(json.loads(machine.inputs["definition"])["States"]) == ["Plan", "Batches", "Finish"]


@pytest.mark.parametrize("tier", TIERS)
def test_quality_is_watched_where_the_tier_demands_it(tier: str) -> None:
    """Alarms about documents report to the topic of the platform's alarms, which is what the tier promises."""
    graphs = with_documents(tier)
    alarms = graphs[ladder.TEAM].of_type(METRIC)
    assert len(alarms) == (4 if tier in WATCHED else 0)
    for alarm in alarms:
        (topic,) = alarm.inputs["alarmActions"]
        assert topic == graphs[ladder.PLATFORM].outputs["alarm_topic"]["arn"]


@pytest.mark.parametrize("tier", TIERS)
def test_no_control_finds_anything(tier: str) -> None:
    """At the level of the tier: least privilege, keys of the team's own, retention, tags, protection."""
    graphs = with_documents(tier)
    others = [graph for name, graph in graphs.items() if name != ladder.TEAM]
    assert [str(f) for f in evaluate(graphs[ladder.TEAM], TIERS.index(tier) + 1, others).findings] == []


def test_the_tier_does_not_let_quality_go(tmp_path: Path) -> None:
    """Whoever switches the alarms about documents off in production is told why not."""
    with pytest.raises(SettingsError, match="answers are only as good as the documents behind them"):
        load_estate(written(tmp_path, "reliable", {}, document_quality=None))


def test_logs_have_the_key_that_the_tier_asks_for() -> None:
    """The platform's for experiments; a key of the team's stack where teams have their own."""
    assert not [r for r in with_documents("foundation")[ladder.TEAM].custom() if r.name.endswith("-logs-key")]
    team = with_documents("repeatable")[ladder.TEAM]
    assert team.named("claims-ingestion-logs-key").inputs["enableKeyRotation"] is True


def test_without_documents_there_is_nothing_of_it(graphs: Mapping[str, Graph]) -> None:
    """Neither a resource nor an output."""
    for name, graph in graphs.items():
        if name.startswith("team-"):
            assert not [r for r in graph.resources if "ingestion" in r.name], name
            assert "ingestion_arn" not in graph.outputs


def test_documents_that_say_nothing_are_the_teams(tmp_path: Path) -> None:
    """Owner, source and lawful basis of the team file, unless documents have their own; a class is never among them."""
    estate = load_estate(written(tmp_path, "foundation", {}))
    team = estate.stack(ladder.TEAM).team  # type: ignore[union-attr]
    assert defaults(team) == {"owner": "claims@example.com"}
    own = team.model_copy(
        update={
            "documents": Documents(owner="o@example.com", source="wiki"),
            "data_source": "crm",
            "lawful_basis": "contract",
        }
    )
    assert defaults(own) == {"owner": "o@example.com", "source": "wiki", "lawful-basis": "contract"}
    assert defaults(own.model_copy(update={"documents": Documents()}))["source"] == "crm"


@pytest.mark.parametrize("tier", TIERS)
def test_a_registry_is_of_the_platform_and_for_its_teams(tier: str, tmp_path: Path) -> None:
    """The table on the platform, the team's own entries and what is listed in the policy of its role; no new finding."""
    graphs = record_estate(load_estate(ladder.write(tmp_path / "with", tier, registry={})))
    (table,) = graphs[ladder.PLATFORM].of_type("aws:dynamodb/table:Table")
    assert table.inputs["name"] == "llmlz-pilots-registry"
    policy = json.loads(graphs[ladder.TEAM].named("claims-role-policy").inputs["policy"])["Statement"]
    own, listed = (s for s in policy if s["Sid"] in ("KeepOwnEntries", "FindListedEntries"))
    assert own["Condition"]["ForAllValues:StringEquals"] == {"dynamodb:LeadingKeys": ["claims"]}
    assert listed["Action"] == ["dynamodb:Query"]
    plain = record_estate(load_estate(ladder.write(tmp_path / "plain", tier)))
    for name in (ladder.PLATFORM, ladder.TEAM):
        assert _found(graphs, name, tier) <= _found(plain, name, tier)


def _found(graphs: Mapping[str, Graph], name: str, tier: str) -> set[tuple[str, str, str]]:
    """What the controls say of one stack."""
    others = [graph for other, graph in graphs.items() if other != name]
    found = evaluate(graphs[name], TIERS.index(tier) + 1, others).findings
    return {(f.control, f.urn, f.message) for f in found}


def test_without_a_registry_no_role_reaches_one(graphs: Mapping[str, Graph]) -> None:
    """Who does not ask for one has the policies of before."""
    assert not [g for g in graphs.values() if g.of_type("aws:dynamodb/table:Table")]
    assert not [r for g in graphs.values() for r in g.custom() if "dynamodb" in str(r.inputs.get("policy"))]
