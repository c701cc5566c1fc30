"""Delicate data: what has to be said of it, and that a platform which says it is green."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llmlz.checks.evaluate import evaluate
from llmlz.checks.records import controls
from llmlz.cli.recording import record_stack
from stacks.estate import load_estate
from stacks.kinds import TeamStack
from stacks.problems import SettingsError
from stacks.provenance import provenance_problems
from tests.stacks.bad_input import setting

CLIMB = Path(__file__).parents[2] / "docs" / "examples" / "climb"
LIVE = "Pulumi.platform-live.yaml"
SAID = {"lawful_basis": "contract", "data_source": "claims-system"}
LOGS = {"archive_days": 2557}


def estate(folder: Path, platform: dict[str, Any]) -> Path:
    """The climb with other settings for the platform in production."""
    shutil.copytree(CLIMB, folder / "estate")
    setting(LIVE, **platform)(folder / "estate")
    return folder / "estate"


@pytest.mark.parametrize(
    ("platform", "missing"),
    [
        ({"data_class": "confidential", "logs": LOGS}, ["data_source", "lawful_basis"]),
        ({"data_class": "confidential", "logs": LOGS, "lawful_basis": "contract"}, ["data_source"]),
        ({"data_class": "confidential", **SAID}, ["logs.archive_days"]),
        ({"data_class": "confidential", **SAID, "logs": {"archive_days": 3000}}, ["logs.archive_days"]),
        ({"data_class": "confidential", **SAID, "logs": {**LOGS, "retention_days": 3653}}, ["logs.retention_days"]),
    ],
)
def test_what_is_not_said_is_told(tmp_path: Path, platform: dict[str, Any], missing: list[str]) -> None:
    """Each with its place, before anything is deployed."""
    with pytest.raises(SettingsError) as refused:
        load_estate(estate(tmp_path, platform))
    assert [problem.path.removeprefix("llmlz:settings.") for problem in refused.value.problems] == missing
    assert all(problem.fix for problem in refused.value.problems)


def test_a_platform_that_says_it_is_green(tmp_path: Path) -> None:
    """The words become tags of every resource, and the controls of provenance and retention have nothing to find."""
    folder = estate(tmp_path, {"data_class": "confidential", **SAID, "logs": LOGS})
    graph = record_stack(load_estate(folder).stack("platform-live"), {})
    chosen = [control for control in controls() if control.id in ("DAT-18", "LOG-04")]
    assert evaluate(graph, 3, only=chosen).findings == ()
    (provider,) = (r for r in graph.resources if r.type == "pulumi:providers:aws" and r.name == "aws")
    assert '"lawful-basis": "contract"' in provider.inputs["defaultTags"]
    assert '"source": "claims-system"' in provider.inputs["defaultTags"]


@pytest.mark.parametrize(
    ("said", "missing"), [({}, ["lawful_basis", "data_source"]), (SAID, []), ({"data_class": "internal"}, [])]
)
def test_a_team_says_it_too(said: dict[str, Any], missing: list[str]) -> None:
    """In its own file; when evidence ends is its platform's to say."""
    stack = load_estate(CLIMB).stack("team-claims-live")
    assert isinstance(stack, TeamStack)
    team = stack.team.model_copy(update={"data_class": "restricted", **said})
    problems = provenance_problems(replace(stack, team=team))
    assert [(problem.file, problem.path) for problem in problems] == [(stack.team_file, path) for path in missing]


def test_lower_classes_need_not_say_it() -> None:
    """The example as it is has neither word."""
    assert load_estate(CLIMB).stack("platform-live")
