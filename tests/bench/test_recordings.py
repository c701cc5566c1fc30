"""The gates of ``footprint-growth`` and ``recording-growth``: every way records every team, and every team alike."""

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bench import footprint_growth, recording_growth, recordings
from bench.process import Run, run
from bench.programs.zone import write
from bench.recording_growth import same_work
from bench.recordings import EACH, KEPT, MONOLITH, Recorded, Sizes, gate

TOLD: Mapping[str, Any] = {
    "platform": 92,
    "teams": 13,
    "leaves": 9,
    "reading_cpu": 0.1,
    "teams_cpu": 0.1,
    "peak_mb": 100.0,
    "last_bytes": 1024,
}


def recorded(count: int, **more: Any) -> Recorded:
    """A run that says this of itself."""
    told = {**TOLD, "teams": 13 * count, "leaves": 9 * count, **more}
    return Recorded(ran=Run(cpu=1.0, wall=1.0, peak_mb=1.0, out=""), told=told)


def sizes(**more: Any) -> Sizes:
    """One team and four; the monolith of four says something else."""
    return {
        1: {EACH: [recorded(1)], MONOLITH: [recorded(1, teams=13)]},
        4: {EACH: [recorded(4)], MONOLITH: [recorded(4, teams=43, **more)]},
    }


@cache
def real(how: str) -> Mapping[str, Any]:
    """Two teams, really recorded."""
    with TemporaryDirectory() as folder:
        write(Path(folder), 2)
        command = [sys.executable, "-m", "bench.programs.recording", how, folder]
        told: Mapping[str, Any] = json.loads(run(command).out)
        return told


@pytest.mark.parametrize("how", [EACH, KEPT, MONOLITH])
def test_every_way_records_the_same_leaf_resources(how: str) -> None:
    """The monolith shares a provider and a reference between the teams, and nothing else."""
    told, one_by_one = real(how), real(EACH)
    assert told["leaves"] == one_by_one["leaves"] > 0
    assert told["platform"] == one_by_one["platform"] > 0
    assert one_by_one["teams"] - told["teams"] == (2 if how == MONOLITH else 0)
    assert min(told["teams_cpu"], told["peak_mb"], told["last_bytes"]) > 0


def test_a_missing_resource_shuts_the_gate() -> None:
    """Who records less is fast."""
    assert gate(sizes()) == []
    assert gate(sizes(leaves=35)) == ["4 teams, monolith: 35 leaf resources, expected 36"]
    assert gate(sizes(platform=1)) == ["4 teams, monolith: another platform"]


def test_teams_that_differ_shut_the_gate() -> None:
    """Growth over teams that are not alike says nothing; this counts registrations, and times nothing."""
    assert same_work(sizes()) == []
    odd: Sizes = {1: {EACH: [recorded(1)]}, 4: {EACH: [recorded(4, teams=53)]}}
    assert same_work(odd) == ["4 teams: 13.25 registrations per team, expected 13"]


@pytest.mark.parametrize("lost", [0, 1])
def test_every_figure_stands_or_falls_with_the_gate(lost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Peaks, bytes and exponents of both benchmarks."""

    def ran(command: list[str]) -> Run:
        teams = len(list((Path(command[-1]) / "teams").iterdir()))
        leaves = 9 * teams - lost * (teams > 1)
        told = recorded(teams, leaves=leaves, teams_cpu=0.1 * teams, reading_cpu=0.1 * teams).told
        return Run(cpu=1.0, wall=1.0, peak_mb=1.0, out=json.dumps(dict(told)))

    monkeypatch.setattr(recordings, "run", ran)
    for benchmark in (footprint_growth.footprint_growth, recording_growth.recording_growth):
        result = benchmark(quick=True, say=lambda _: None)
        assert bool(result.broken) == bool(lost)
        assert {row.verdict for row in result.rows} <= ({"void"} if lost else {"reached", "no goal"})
