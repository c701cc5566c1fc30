"""``program-cost``: T teams by our components against the same resources in a flat program.

Both run against the SDK's own mocks, each round in fresh processes, ours and the peer's in turn. The figure is processor
time of the whole process: start, imports, program and end.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import compare, differences, growth_exponent, judged
from bench.process import Run, interleaved, run
from bench.result import Result, Row

NAME = "program-cost"

SIZES: Mapping[int, tuple[int, int]] = {1: (5, 2), 10: (5, 2), 100: (5, 2), 300: (5, 1), 1000: (2, 1)}
"""Teams to rounds: of the pair that the goals are about, and of the two that explain it."""
QUICK: Mapping[int, tuple[int, int]] = {1: (3, 1), 10: (3, 1), 50: (3, 1)}

GOALS: Mapping[int, float] = {1: 1.1, 300: 0.5, 1000: 0.5}
"""Teams to the most that ours may cost, with the peer as one."""
EXPONENT_GOAL = 1.02

VARIANTS: Mapping[str, tuple[str, str]] = {
    "ours": ("ours", "tuned"),
    "raw": ("raw", "default"),
    "ours, default collector": ("ours", "default"),
    "raw, no collector": ("raw", "off"),
}
"""Name to program and collector. The last is the least that these registrations can cost."""
COMPARED = (
    ("ours", "raw", "ours / raw"),
    ("ours", "ours, default collector", "gain of the collector: ours tuned / ours default"),
    ("ours, default collector", "raw", "cost of components: ours / raw, both default"),
    ("ours", "raw, no collector", "distance to the limit: ours / raw, no collector"),
)
"""Which variants are compared, and what that tells."""
FITTED_FROM = 100
"""Teams; with fewer, what the teams add is lost in the noise of the imports."""
SHOWN = 5
"""Differences that are printed; the rest is counted."""


def program_cost(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where the two programs did not make the same resources."""
    rows, broken = [], []
    costs: dict[str, dict[int, float]] = {name: {} for name in VARIANTS}
    for teams, (rounds, side_rounds) in (QUICK if quick else SIZES).items():
        with tempfile.TemporaryDirectory() as folder:
            runs, found = measure(teams, rounds, side_rounds, Path(folder), say)
        broken += [f"{teams} teams: {line}" for line in found]
        cpu = {name: [one.cpu for one in those] for name, those in runs.items()}
        for name, seconds in cpu.items():
            costs[name][teams] = median(seconds)
        peaks = {name: round(max(one.peak_mb for one in those), 1) for name, those in runs.items()}
        rows += _rows(teams, cpu, peaks, valid=not found)
    valid = not broken
    rows += [_exponent(name, costs[name], goal, valid=valid) for name, goal in (("ours", EXPONENT_GOAL), ("raw", None))]
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def measure(
    teams: int, rounds: int, side_rounds: int, folder: Path, say: Callable[[str], None]
) -> tuple[dict[str, list[Run]], list[str]]:
    """Runs of every variant, and what their leaf resources differ in: every run is compared, not only the first."""
    made: list[tuple[str, list[str]]] = []
    runs = interleaved(
        {name: partial(_run, name, teams, folder, made) for name in VARIANTS},
        {name: rounds if name in ("ours", "raw") else side_rounds for name in VARIANTS},
        lambda text: say(f"{NAME}, {teams} teams: {text}"),
    )
    expected = next(leaves for name, leaves in made if name == "raw")
    found: dict[str, None] = {}
    for name, leaves in made:
        for line in gate(leaves, expected, name):
            found[line] = None
    return runs, list(found)


def gate(leaves: list[str], expected: list[str], name: str) -> list[str]:
    """Why the leaf resources of a run are not those of the peer; nothing when they are, and there are some."""
    if not expected:
        return ["the peer made no resources"]
    found = differences(leaves, expected)
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [f"{name}: {line}" for line in [*found[:SHOWN], *more]]


def _run(name: str, teams: int, folder: Path, made: list[tuple[str, list[str]]]) -> Run:
    program, collector = VARIANTS[name]
    file = folder / "leaves"
    ran = run([sys.executable, "-m", "bench.programs", program, collector, str(teams), str(file)])
    made.append((name, file.read_text().splitlines()))
    file.unlink()
    writing = json.loads(ran.out)["writing"]
    return Run(cpu=ran.cpu - writing, wall=ran.wall - writing, peak_mb=ran.peak_mb, out=ran.out)


def _rows(teams: int, cpu: Mapping[str, list[float]], peaks: Mapping[str, float], *, valid: bool) -> list[Row]:
    rows = []
    for ours, peer, what in COMPARED:
        compared = compare(cpu[ours], cpu[peer])
        goal = GOALS.get(teams) if (ours, peer) == ("ours", "raw") else None
        rows.append(
            Row(
                what=f"{teams} teams, {what}",
                unit="CPU s",
                compared=compared,
                value=compared.ratio,
                goal=goal,
                verdict=judged(compared.ratio, goal, valid=valid),
                note=f"peak {peaks[ours]:.0f} MiB against {peaks[peer]:.0f} MiB",
                facts={"teams": teams, "cpu_seconds": {ours: cpu[ours], peer: cpu[peer]}},
            )
        )
    return rows


def _exponent(name: str, costs: Mapping[int, float], goal: float | None, *, valid: bool) -> Row:
    what = f"growth of {name} with teams, exponent"
    fitted = {teams: seconds for teams, seconds in costs.items() if teams == min(costs) or teams >= FITTED_FROM}
    try:
        exponent = growth_exponent(fitted)
    except ValueError as error:
        return Row(what=what, unit="", verdict="left out", goal=goal, note=str(error))
    note = f"fitted over {', '.join(map(str, sorted(fitted)[1:]))} teams, without what {min(fitted)} costs"
    return Row(what=what, unit="", value=exponent, goal=goal, verdict=judged(exponent, goal, valid=valid), note=note)
