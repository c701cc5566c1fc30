"""The gate of ``access-proof``: everything is proved, by every run alike, and a shut gate voids the figures."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench import access_proof
from bench.access_proof import Measured, Proved, gate
from bench.process import Run, run

TOLD: Mapping[str, Any] = {
    "principals": 7,
    "proofs": 10,
    "verdicts": {"proved": 10},
    "anew": 1,
    "reading": 0.5,
    "proving": 1.5,
    "peak_mb": {"own": 50.0, "worker": 70.0},
}
PEER = {"per_second": 1000.0, "combinations_log10": 10.0, "outcomes": {"denied": 5}, "broken": 0, "keys": {}}


def proved(**more: Any) -> Proved:
    """A run that says this of itself."""
    return Proved(ran=Run(cpu=3.0, wall=4.0, peak_mb=1.0, out=""), told={**TOLD, **more})


def measured(changed: Proved | None = None, peer: Mapping[str, Any] | None = None, **more: Any) -> Measured:
    """Runs of one estate, of which the first says something else."""
    estates = {(4, 1): [proved(**more)], (4, 2): [proved()]}
    return Measured(estates=estates, alone=[proved()], changed=changed or proved(), peer={**PEER, **(peer or {})})


def test_the_gate_is_open_when_everything_is_proved() -> None:
    """By all runs alike."""
    assert gate(measured()) == []


def test_what_is_not_proved_shuts_the_gate() -> None:
    """A fast answer that is none counts for nothing."""
    (line,) = gate(measured(verdicts={"proved": 9, "indeterminate": 1}))
    assert line == "4 teams, 1 process: not everything is proved: {'proved': 9, 'indeterminate': 1}"


def test_runs_that_prove_different_things_shut_the_gate() -> None:
    """One that leaves something out is fast; one that asks nothing is fastest."""
    assert gate(measured(proofs=9, verdicts={"proved": 9})) == ["4 teams: runs gave [9, 10] proofs"]
    assert gate(measured(proofs=0, verdicts={})) == [
        "4 teams, 1 process: nothing was asked",
        "4 teams: runs gave [0, 10] proofs",
    ]


@pytest.mark.parametrize("anew", [0, 2])
def test_a_change_that_is_not_one_principal_shuts_the_gate(anew: int) -> None:
    """Nothing proved anew is an old answer; more is another workload."""
    (line,) = gate(measured(changed=proved(anew=anew)))
    assert line == f"one changed team: {anew} principals were proved anew, expected 1"


def test_a_sample_that_breaks_what_is_proved_shuts_the_gate() -> None:
    """One of the two is wrong then."""
    assert gate(measured(peer={"broken": 2})) == ["2 sampled requests break what is proved"]
    assert gate(measured(peer={"outcomes": {"indeterminate": 1}})) == ["sampled requests are not decided"]


def test_the_larger_peak_counts() -> None:
    """Of the process, or of its largest worker."""
    assert proved().peak_mb == 70.0


@pytest.mark.parametrize(("verdicts", "expected"), [({"proved": 10}, "reached"), ({"broken": 10}, "void")])
def test_every_figure_stands_or_falls_with_the_gate(
    verdicts: Mapping[str, int], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seconds, memory, growth and the peer's; with goals where there are any."""
    cost = iter(range(1, 100))

    def ran(command: list[str]) -> Run:
        told = PEER if "bench.programs.requests" in command else {**TOLD, "verdicts": verdicts, "proving": 0.1}
        return Run(cpu=float(next(cost)), wall=4.0, peak_mb=1.0, out=json.dumps(told))

    monkeypatch.setattr(access_proof, "run", ran)
    result = access_proof.access_proof(quick=True, say=lambda _: None)
    rows = {row.what: row for row in result.rows}
    assert rows["one team alone, seconds"].verdict == expected
    assert rows["4 teams, 2 processes, seconds"].verdict == expected
    assert rows["4 teams, one of them changed, seconds"].verdict == expected
    assert rows["peak memory of any process, MiB"].verdict == expected
    assert {row.verdict for row in result.rows} <= (
        {"void"} if expected == "void" else {"reached", "no goal", "not reached"}
    )
    assert bool(result.broken) == (expected == "void")


def test_a_whole_run_of_one_team(tmp_path: Path) -> None:
    """The real programs: an estate is saved, one team of it proved, changed and proved from memory, and sampled."""
    file, answers = tmp_path / "estate.json", tmp_path / "answers"
    run([sys.executable, "-m", "bench.programs.estate", "1", str(file)])
    options = ("--stack", access_proof.TEAM, "--remembered", str(answers))
    first = access_proof.proved(file, *options)
    again = access_proof.proved(file, *options, "--changed", access_proof.TEAM)
    assert first.told["anew"] == 2 * first.told["principals"] > 2  # and whether properties say something, of each
    peer = json.loads(run([sys.executable, "-m", "bench.programs.requests", str(file), access_proof.TEAM, "200"]).out)
    assert gate(Measured(estates={(1, 1): [first]}, alone=[first], changed=again, peer=peer)) == []
    assert peer["combinations_log10"] > 6
