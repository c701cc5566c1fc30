"""Every kind of bad input gets one message with file, path, value, expectation and fix, and the exit code 2."""

import shutil
from pathlib import Path

import pytest

from stacks.estate import load_estate
from stacks.problems import Problem, SettingsError
from tests.estates import EXAMPLE
from tests.stacks import (
    bad_documents,
    bad_ingestion,
    bad_knowledge,
    bad_logs,
    bad_names,
    bad_networks,
    bad_organizations,
    bad_pipelines,
    bad_qdrant,
    bad_runtimes,
    bad_weights,
)
from tests.stacks.bad_input import CASES as OF_STACKS_AND_TEAMS
from tests.stacks.bad_input import PLATFORM, config, setting, text

CASES = {
    **OF_STACKS_AND_TEAMS,
    **bad_documents.CASES,
    **bad_ingestion.CASES,
    **bad_knowledge.CASES,
    **bad_logs.CASES,
    **bad_names.CASES,
    **bad_networks.CASES,
    **bad_organizations.CASES,
    **bad_pipelines.CASES,
    **bad_qdrant.CASES,
    **bad_runtimes.CASES,
    **bad_weights.CASES,
}


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example estate, as the current folder."""
    folder = tmp_path / "estate"
    shutil.copytree(EXAMPLE, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("what", CASES)
def test_bad_input_says_where_what_and_how_to_mend_it(what: str, estate: Path) -> None:
    """The problem names the right file and path, shows the value, and says what was expected."""
    change, file, path, value, expected = CASES[what]
    change(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    found = [p for p in caught.value.problems if (p.file, p.path) == (file, path)]
    assert found, f"no problem at {file} {path}: {caught.value}"
    assert expected in found[0].expected
    assert found[0].fix
    if value:
        assert found[0].value == value


def test_all_problems_of_all_files_come_at_once(estate: Path) -> None:
    """Nobody mends one line to be told of the next."""
    setting(PLATFORM, regoin="x", budget_usd=0, logs={"retention_days": 30})(estate)
    setting("teams/search.yaml", owner="nobody", models=[])(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    assert {(p.file, p.path) for p in caught.value.problems} == {
        (PLATFORM, "llmlz:settings.regoin"),
        (PLATFORM, "llmlz:settings.budget_usd"),
        (PLATFORM, "llmlz:settings.logs.retention_days"),
        ("teams/search.yaml", "owner"),
        ("teams/search.yaml", "models"),
    }


def test_the_message_reads_as_a_list_of_things_to_mend(estate: Path) -> None:
    """One block per file, one entry per problem, the fix last."""
    setting(PLATFORM, logs={"retention_days": 30})(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    assert str(caught.value).splitlines() == [
        "Pulumi.platform-sandbox.yaml: 1 problem, nothing was done",
        "",
        "  llmlz:settings.logs.retention_days = 30",
        "    expected: at least 90: locked at tier foundation, because model calls are evidence, and incidents are found "
        "weeks later; no tier allows it",
        "    fix: remove the line, or set at least 90",
    ]


def test_an_overlay_may_tighten(estate: Path) -> None:
    """A stricter lock of the estate holds for its stacks."""
    text("overlay/tiers.yaml", "foundation:\n  locks:\n    logs.retention_days: {at_least: 365, reason: audit}\n")(
        estate
    )
    setting(PLATFORM, logs={"retention_days": 180})(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    (problem,) = caught.value.problems
    assert isinstance(problem, Problem)
    assert problem.expected.startswith("at least 365: locked at tier foundation, because audit")


def test_a_platform_with_problems_does_not_blame_its_teams(estate: Path) -> None:
    """The platform's file is there, so no team is told that it is not."""
    config(PLATFORM, tier="scalled")(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    assert [(p.file, p.path) for p in caught.value.problems] == [(PLATFORM, "llmlz:tier")]
