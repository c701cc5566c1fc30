"""The gate of ``program-cost``: both programs make the same resources, and the gate shuts when they do not."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench import program_cost
from bench.process import ROOT, Run
from bench.programs import values

TEAMS = 2
LEAVES_PER_TEAM = len(values.MODELS) + 6
"""A profile per model; secret, index, role, policy and budget."""


@cache
def leaves(program: str, collector: str) -> tuple[str, ...]:
    """Leaf resources of one of the programs, run in a process of its own as the benchmark does."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "leaves"
        command = [sys.executable, "-m", "bench.programs", program, collector, str(TEAMS), str(file)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return tuple(file.read_text().splitlines())


@pytest.mark.parametrize(("program", "collector"), program_cost.VARIANTS.values())
def test_every_variant_makes_the_same_leaf_resources(program: str, collector: str) -> None:
    """Types, names and inputs are those of the flat program, team by team."""
    expected = leaves("raw", "default")
    assert len(expected) == TEAMS * LEAVES_PER_TEAM
    assert program_cost.gate(list(leaves(program, collector)), list(expected), program) == []


def test_a_missing_a_doubled_and_a_changed_leaf_shut_the_gate() -> None:
    """Each of them is named."""
    expected = list(leaves("raw", "default"))
    assert program_cost.gate(expected[1:], expected, "ours") == [f"ours: only the peer's: {expected[0]}"]
    assert program_cost.gate([*expected, expected[0]], expected, "ours") == [f"ours: only ours: {expected[0]}"]
    changed = expected[0][:-1] + "x"
    assert program_cost.gate([changed, *expected[1:]], expected, "ours") == [
        f"ours: only ours: {changed}",
        f"ours: only the peer's: {expected[0]}",
    ]


def test_two_empty_programs_do_not_pass() -> None:
    """No resources on both sides are equal, and prove nothing."""
    assert program_cost.gate([], [], "ours") == ["the peer made no resources"]


def test_a_shut_gate_voids_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that makes other resources leaves no ratio and no exponent standing."""
    found: list[str] = []

    def measured(teams: int, *_: object) -> tuple[dict[str, list[Run]], list[str]]:
        return {name: [Run(cpu=float(teams), wall=1.0, peak_mb=1.0, out="")] for name in program_cost.VARIANTS}, found

    monkeypatch.setattr(program_cost, "measure", measured)
    verdicts = [row.verdict for row in program_cost.program_cost(quick=False, say=print).rows]
    assert "reached" in verdicts
    found.append("ours: only ours: a leaf")
    result = program_cost.program_cost(quick=False, say=print)
    assert {row.verdict for row in result.rows} == {"void"}
    assert result.broken[0] == "1 teams: ours: only ours: a leaf"
