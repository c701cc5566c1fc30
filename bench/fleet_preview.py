"""``fleet-preview``: all team stacks of an estate, nothing changed, through the real engine with the echo provider.

Ours is one process that keeps everything warm but the engine's own processes. The peers are a shell loop, and the SDK's
Automation API on a pool of threads.
"""

import json
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import compare, judged
from bench.process import BenchError, Run, interleaved, run
from bench.programs.values import team_names
from bench.programs.zone import stack_of, write
from bench.result import Result, Row
from llmlz.doctor.backend import StackKeys
from llmlz.engine.find import find_engine
from llmlz.errors import ToolMissingError
from stacks.kinds import PROJECT

NAME = "fleet-preview"
WARM, LOOP, POOL, FLOOR = "ours", "shell loop", "thread pool", "engine starts alone"
SIZES: Mapping[int, int] = {8: 3}
QUICK: Mapping[int, int] = {2: 1}
"""Teams to rounds."""

GOALS: Mapping[str, float] = {LOOP: 1 / 8, POOL: 1 / 3}
PEAK_GOAL = 1024.0
"""MiB, for the largest process."""

Found = dict[str, list[Mapping[str, Mapping[str, int]]]]
"""Way to rounds of stack to operation to number of resources."""


def fleet_preview(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where a preview reports anything but ``same``, or a stack is missing."""
    try:
        engine = find_engine()
    except ToolMissingError as error:
        return Result(name=NAME, rows=(Row(what="every row", unit="", verdict="left out", note=str(error)),))
    workers, rows, broken = len(os.sched_getaffinity(0)), list[Row](), list[str]()
    for teams, rounds in (QUICK if quick else SIZES).items():
        with tempfile.TemporaryDirectory() as folder:
            estate, place = Path(folder) / "estate", Path(folder) / "place"
            runs, found = measure(teams, rounds, workers, (estate, place, engine), say)
            sizes = _sizes(place / "state", stacks := [stack_of(team) for team in team_names(teams)])
        broken += gate(found, stacks)
        rows += _rows(teams, workers, runs, sizes, valid=not broken)
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def measure(
    teams: int, rounds: int, workers: int, where: tuple[Path, Path, Path], say: Callable[[str], None]
) -> tuple[dict[str, list[Run]], Found]:
    """Runs of every way, and what their previews found. ``where`` is the estate, the workspace and the engine."""
    estate, place, engine = where
    write(estate, teams)
    say(f"{NAME}: deploying {teams} teams onto nothing")
    run([*_program("deploy", estate, place)])
    stacks = [stack_of(team) for team in team_names(teams)]
    loop = "\n".join(["set -e", *(shlex.join(_program("one", estate, place, stack)) for stack in stacks)])
    starts = "\n".join(["set -e", *([f"{shlex.quote(str(engine))} version"] * teams)])
    found: Found = {WARM: [], LOOP: [], POOL: []}
    commands = {
        WARM: _program("warm", estate, place, str(workers)),
        LOOP: ["bash", "-c", loop],
        POOL: _program("pool", estate, place, str(workers)),
        FLOOR: ["bash", "-c", starts],
    }
    runs = interleaved(
        {name: partial(_run, name, command, found) for name, command in commands.items()},
        dict.fromkeys(commands, rounds),
        lambda text: say(f"{NAME}, {teams} teams: {text}"),
    )
    return runs, found


def gate(found: Found, stacks: Sequence[str]) -> list[str]:
    """Previews that are missing, that differ between the ways, or that found something to do."""
    lines: dict[str, None] = {}
    for name, rounds in found.items():
        for previews in rounds:
            if sorted(previews) != sorted(stacks):
                lines[f"{name}: {len(previews)} of {len(stacks)} stacks"] = None
            for stack, changes in previews.items():
                if set(changes) != {"same"}:
                    lines[f"{name}: {stack} is not at rest: {dict(changes)}"] = None
                elif changes != found[WARM][0].get(stack):
                    lines[f"{name}: {stack} has {dict(changes)}, ours {dict(found[WARM][0].get(stack, {}))}"] = None
    return list(lines) or ([] if stacks and all(found.values()) else ["nothing was previewed"])


def _program(how: str, estate: Path, place: Path, *rest: str) -> list[str]:
    return [sys.executable, "-m", "bench.programs.fleet", how, str(estate), str(place), *rest]


def _run(name: str, command: Sequence[str], found: Found) -> Run:
    ran = run(command)
    if name in found:
        merged: dict[str, Mapping[str, int]] = {}
        for line in ran.out.splitlines():
            try:
                merged |= json.loads(line)
            except json.JSONDecodeError:
                raise BenchError(f"{NAME}, {name}: printed {line!r}, expected JSON") from None
        found[name].append(merged)
    return ran


def _sizes(backend: Path, stacks: Sequence[str]) -> list[int]:
    """Bytes of the states that are there."""
    files = [backend / f"{StackKeys(PROJECT, stack).checkpoint}.json" for stack in stacks]
    return [file.stat().st_size for file in files if file.is_file()]


def _rows(
    teams: int, workers: int, runs: Mapping[str, Sequence[Run]], states: Sequence[int], *, valid: bool
) -> list[Row]:
    cpu = {name: [one.cpu for one in those] for name, those in runs.items()}
    wall = {name: [one.wall for one in those] for name, those in runs.items()}
    rate = {name: teams / median(seconds) for name, seconds in wall.items()}
    rows = []
    for peer, goal in ((LOOP, GOALS[LOOP]), (POOL, GOALS[POOL]), (FLOOR, None)):
        compared, waited = compare(cpu[WARM], cpu[peer]), compare(wall[WARM], wall[peer])
        rows.append(
            Row(
                what=f"{teams} stacks: ours / {peer}",
                unit="CPU s",
                compared=compared,
                value=compared.ratio,
                goal=goal,
                verdict=judged(compared.ratio, goal, valid=valid),
                note=f"wall {waited.ratio:.2f}, worst {waited.worst:.2f}; {workers} workers; "
                f"{rate[WARM]:.2f} stacks/s against {rate[peer]:.2f}",
                facts={"teams": teams, "cpu_seconds": {WARM: cpu[WARM], peer: cpu[peer]}, "wall_seconds": wall},
            )
        )
    peak = max(one.peak_mb for one in runs[WARM])
    verdict = judged(peak, PEAK_GOAL, valid=valid)
    said = "; ".join(f"{name} {max(one.peak_mb for one in those):.0f}" for name, those in runs.items())
    rows.append(
        Row(what="peak of the largest process, MiB", unit="", value=peak, goal=PEAK_GOAL, verdict=verdict, note=said)
    )
    what = "state of a team in the backend, KiB"
    if len(states) < teams:
        note = f"{len(states)} of {teams} states found"
        return [*rows, Row(what=what, unit="", verdict="left out", note=note)]
    size = median(states) / 1024
    return [*rows, Row(what=what, unit="", value=size, verdict=judged(size, None, valid=valid))]
