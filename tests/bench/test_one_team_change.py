"""The gate of ``one-team-change``: both sides make and judge the same of the team, after a change that both have seen."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bench import one_team_change
from bench.one_team_change import SAME, gate
from bench.process import ROOT, Run
from bench.programs import values
from bench.programs.zone import write, write_team

TEAMS, BUDGET = 2, 321


@cache
def told(side: str) -> Mapping[str, Any]:
    """What one side says of the last of two teams after its budget has changed, in a process of its own."""
    with TemporaryDirectory() as folder:
        write(Path(folder), TEAMS)
        team = values.team_names(TEAMS)[-1]
        write_team(Path(folder), team, BUDGET)
        command = [sys.executable, "-m", "bench.programs.change", side, folder, team]
        said: Mapping[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        return said


def test_both_sides_make_and_judge_the_same_of_the_team() -> None:
    """With the changed budget; the monolith has all other resources too."""
    ours, peer = told("ours"), told("monolith")
    assert gate(ours, peer) == []
    assert ours["budget"] == [str(BUDGET)]
    assert len(ours["leaves"]) == ours["resources"] == len(values.MODELS) + 7
    assert peer["resources"] == TEAMS * ours["resources"]


@pytest.mark.parametrize("what", SAME)
def test_any_difference_shuts_the_gate(what: str) -> None:
    """A resource, a finding, a control that looked at it, the value that changed: each is named."""
    ours = {**told("ours"), what: [*told("ours")[what], "another"]}
    assert gate(ours, told("monolith")) == [f"{what}: only ours: another"]


def test_a_verdict_on_nothing_does_not_pass() -> None:
    """Two sides that made nothing and looked at nothing are equal, and prove nothing."""
    nothing: dict[str, list[str]] = {what: [] for what in SAME}
    assert gate(nothing, nothing) == ["leaves: none", "looked_at: none"]


@pytest.mark.parametrize(("seen", "broken"), [(True, False), (False, True)])
def test_a_change_that_is_not_seen_voids_the_figures(seen: bool, broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict on the estate as it was is fast and worthless."""

    def ran(command: list[str]) -> Run:
        text = (Path(command[-2]) / "teams" / f"{command[-1]}.yaml").read_text()
        budget = next(line.rpartition(" ")[2] for line in text.splitlines() if "budget_usd" in line).rstrip("}")
        said = {"leaves": ["a"], "findings": [], "looked_at": ["c"], "budget": [budget if seen else "1"], "telling": 0}
        return Run(cpu=1.0, wall=1.0, peak_mb=1.0, out=json.dumps(said))

    monkeypatch.setattr(one_team_change, "run", ran)
    result = one_team_change.one_team_change(quick=True, say=lambda _: None)
    assert bool(result.broken) == broken
    assert ({row.verdict for row in result.rows} == {"void"}) == broken
