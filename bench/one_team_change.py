"""``one-team-change``: an estate of T teams is there, one team file changes; what does the verdict cost?

Ours is what ``llmlz check`` does for a team: read the estate, record the team and its platform, judge the team. The peer
is one program with all teams, which records and judges them all again. Each round changes the file first.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import compare, differences, judged
from bench.process import Run, interleaved, run
from bench.programs.values import BUDGET_USD, team_names
from bench.programs.zone import write, write_team
from bench.result import Result, Row

NAME = "one-team-change"
OURS, PEER = "ours", "monolith"
SIZES: Mapping[int, int] = {1: 3, 20: 3, 200: 3}
QUICK: Mapping[int, int] = {1: 1, 4: 1}
"""Teams to rounds."""

GOALS: Mapping[int, float] = {200: 0.05}
"""Teams to the most that ours may cost, with the peer as one: a hundredth at a thousand teams would be this at 200."""
GROWTH_GOAL = 1.1
"""Ours at the largest size against ours at the smallest."""
SAME = ("leaves", "findings", "looked_at", "budget")
NOT_COMPARED = "DAT-04 violated"
"""The monolith's one provider tags every team's resources as the first team's, which that control refuses."""
"""What both sides must say of the team."""
SHOWN = 3


def one_team_change(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where the two sides do not say the same of the team."""
    cpu: dict[int, dict[str, list[float]]] = {}
    broken: list[str] = []
    for teams, rounds in (QUICK if quick else SIZES).items():
        with tempfile.TemporaryDirectory() as folder:
            runs, found = measure(teams, rounds, Path(folder), say)
        broken += [f"{teams} teams: {line}" for line in found]
        cpu[teams] = {side: [one.cpu for one in those] for side, those in runs.items()}
    rows = [_row(teams, seconds, valid=not broken) for teams, seconds in cpu.items()]
    return Result(name=NAME, rows=(*rows, *_growth(cpu, valid=not broken)), broken=tuple(broken))


def measure(
    teams: int, rounds: int, folder: Path, say: Callable[[str], None]
) -> tuple[dict[str, list[Run]], list[str]]:
    """Runs of both sides, and where what they say of the team differs; every run sees another budget."""
    write(folder, teams)
    told: dict[str, list[Mapping[str, Any]]] = {OURS: [], PEER: []}
    runs = interleaved(
        {side: partial(_run, side, teams, folder, told[side]) for side in (OURS, PEER)},
        dict.fromkeys((OURS, PEER), rounds),
        lambda text: say(f"{NAME}, {teams} teams: {text}"),
    )
    found = dict.fromkeys(line for ours, peer in zip(told[OURS], told[PEER], strict=True) for line in gate(ours, peer))
    for number, ours in enumerate(told[OURS]):
        if ours["budget"] != [str(budget(number))]:
            found[f"the change is not seen: budget {ours['budget']}, expected {budget(number)}"] = None
    return runs, list(found)


def budget(number: int) -> int:
    """What the team's file says in a round."""
    return BUDGET_USD + 1 + number


def gate(ours: Mapping[str, Any], peer: Mapping[str, Any]) -> list[str]:
    """Why a verdict is not the peer's; nothing when both made and judged the same of the team, and there is something."""
    found = [
        f"{what}: {line}" for what in SAME for line in differences(_comparable(ours[what]), _comparable(peer[what]))
    ][:SHOWN]
    return found + [f"{what}: none" for what in ("leaves", "looked_at") if not ours[what]]


def _comparable(lines: Sequence[Any]) -> list[str]:
    return [line for line in map(str, lines) if not line.startswith(NOT_COMPARED)]


def _run(side: str, teams: int, folder: Path, told: list[Mapping[str, Any]]) -> Run:
    team = team_names(teams)[-1]
    write_team(folder, team, budget(len(told)))
    ran = run([sys.executable, "-m", "bench.programs.change", side, str(folder), team])
    said = json.loads(ran.out)
    told.append(said)
    return Run(cpu=ran.cpu - said["telling"], wall=ran.wall - said["telling"], peak_mb=ran.peak_mb, out=ran.out)


def _row(teams: int, cpu: Mapping[str, list[float]], *, valid: bool) -> Row:
    compared, goal = compare(cpu[OURS], cpu[PEER]), GOALS.get(teams)
    return Row(
        what=f"{teams} teams, one changed: ours / monolith",
        unit="CPU s",
        compared=compared,
        value=compared.ratio,
        goal=goal,
        verdict=judged(compared.ratio, goal, valid=valid),
        note=f"the monolith costs {1 / compared.ratio:.1f} times as much",
        facts={"teams": teams, "cpu_seconds": dict(cpu)},
    )


def _growth(cpu: Mapping[int, Mapping[str, list[float]]], *, valid: bool) -> list[Row]:
    small, large = min(cpu), max(cpu)
    rows = []
    for side, goal in ((OURS, GROWTH_GOAL), (PEER, None)):
        value = median(cpu[large][side]) / median(cpu[small][side])
        what = f"growth of {side}: {large} teams / {small}"
        rows.append(Row(what=what, unit="", value=value, goal=goal, verdict=judged(value, goal, valid=valid)))
    return rows
