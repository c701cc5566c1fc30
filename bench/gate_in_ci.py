"""``gate-in-ci``: one team's file changes; how long until there is an exit code?

Ours cold is ``llmlz check`` in a fresh process; ours warm is the same evaluation in a process that has everything loaded.
The peer is two documented steps, one after the other, both cold: a preview with a policy pack in the real engine, and
checkov's command over a plan.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bench.checkov_peer import QUIETLY, scanned
from bench.gate_rows import OURS, PREVIEW, SAVED, SCAN, Runs, cold_rows, saved_row, warm_rows
from bench.process import ROOT, Run, interleaved, run
from bench.programs.again import change
from bench.programs.gate import CLEAN, PLANTED, RED
from bench.result import Result
from bench.starts import CHECKOV_BIN, LLMLZ_BIN, WITHOUT_CHECKOV
from llmlz.engine.find import find_engine
from llmlz.errors import ToolMissingError

NAME = "gate-in-ci"
EXAMPLES = ROOT / "docs" / "examples"
FULL, SMALL = (EXAMPLES / "climb", "team-claims-fleet", 4), (EXAMPLES / "estate", "team-claims-sandbox", 1)
"""Estate, team stack, and its level."""

TEAM = "claims"
ROUNDS, GRAPHS = 5, 1_000
QUICK_ROUNDS, QUICK_GRAPHS = 1, 20
CONTROL, CHECK = "KEY-01", "CKV_AWS_7"
"""What is said against a key that is never rotated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One team of an estate, and what was there before its file changed."""

    estate: Path
    stack: str
    place: Path
    missing: Mapping[str, str]
    """Step of the peer to why it cannot be run here."""

    @property
    def checks(self) -> list[str]:
        """What checkov is asked."""
        return (self.place / "checks").read_text(encoding="utf-8").split(",")


def gate_in_ci(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; rows are void where a clean team is red, or a planted violation is not."""
    (source, stack, level), rounds = (SMALL, QUICK_ROUNDS) if quick else (FULL, ROUNDS)
    graphs, processes = QUICK_GRAPHS if quick else GRAPHS, len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(estate=Path(folder) / "estate", stack=stack, place=Path(folder) / "place", missing=reasons())
        shutil.copytree(source, scene.estate)
        say(f"{NAME}: what is there before the change")
        prepare(scene, graphs)
        say(f"{NAME}: a planted violation")
        broken = gate(planted(scene))
        runs = measure(scene, rounds, lambda text: say(f"{NAME}: {text}"))
        broken += clean(runs)
        say(f"{NAME}: warm, and saved graphs")
        said = _program("again", "warm", scene.estate, stack, rounds).out
        again = _program("again", "saved", scene.place, level, processes)
    *warm, red = [json.loads(line) for line in said.splitlines()]
    broken += warm_gate(warm, red) + saved_gate(json.loads(again.out), graphs)
    rows = [*cold_rows(runs, scene.missing, valid=not broken), *warm_rows(warm, runs[OURS], valid=not broken)]
    return Result(name=NAME, rows=(*rows, saved_row(again, graphs, processes, valid=not broken)), broken=tuple(broken))


def reasons() -> dict[str, str]:
    """Step of the peer to why it cannot be run here."""
    found = {} if CHECKOV_BIN.exists() else {SCAN: WITHOUT_CHECKOV}
    try:
        find_engine()
    except ToolMissingError as error:
        found[PREVIEW] = str(error)
    return found


def prepare(scene: Scene, graphs: int) -> None:
    """Write what the ways read, and deploy the stack as it is before the change."""
    _program("gate", "save", scene.estate, scene.stack, scene.place, graphs)
    _program("gate", "save", scene.estate, scene.stack, scene.place, 0, PLANTED)
    if PREVIEW not in scene.missing:
        _program("gate", "deploy", scene.estate, scene.stack, scene.place)


def planted(scene: Scene) -> dict[str, Run]:
    """Each way that can be run here over the team with the violation."""
    found = {OURS: _program("gate", "check", scene.estate, scene.stack, PLANTED, allowed=(0, 1))}
    if PREVIEW not in scene.missing:
        found[PREVIEW] = _preview(scene, PLANTED)
    if SCAN not in scene.missing:
        found[SCAN] = scanned(scene.place / RED, scene.checks, *QUIETLY)
    return found


def measure(scene: Scene, rounds: int, say: Callable[[str], None]) -> dict[str, list[Run]]:
    """Runs of every way over the clean team, whose file changes before each; ours is the installed command."""
    installed = [str(LLMLZ_BIN), "check", "--estate", str(scene.estate), "--stack", scene.stack]
    every = {OURS: partial(run, installed, allowed=(0, 1)), PREVIEW: partial(_preview, scene)}
    if SCAN not in scene.missing:
        every[SCAN] = partial(scanned, scene.place / CLEAN, scene.checks, *QUIETLY)
    numbers = count(1)

    def changed(start: Callable[[], Run]) -> Run:
        change(scene.estate / "teams" / f"{TEAM}.yaml", next(numbers))
        return start()

    starts = {name: partial(changed, start) for name, start in every.items() if name not in scene.missing}
    return interleaved(starts, dict.fromkeys(starts, rounds), say)


def gate(found: Mapping[str, Run]) -> list[str]:
    """Ways that do not see the violation, or are red for something else."""
    lines = [f"{name}: the planted violation ends with {one.code}" for name, one in found.items() if one.code != 1]
    wanted = {name: CHECK if name == SCAN else CONTROL for name in found}
    return lines + [
        f"{name}: does not name {wanted[name]}" for name, one in found.items() if wanted[name] not in one.out
    ]


def clean(runs: Runs) -> list[str]:
    """Ways that are red for the clean team; a preview must see its change."""
    lines = [
        f"{name}: the clean team ends with {one.code}" for name, those in runs.items() for one in those if one.code
    ]
    unseen = [one for one in runs.get(PREVIEW, ()) if not one.code and not json.loads(one.out).get("update")]
    return list(dict.fromkeys(lines)) + [f"{PREVIEW}: sees no change"] * bool(unseen)


def warm_gate(good: Sequence[Mapping[str, Any]], bad: Mapping[str, Any]) -> list[str]:
    """A warm process that calls a clean team red, or does not see the violation."""
    lines = [f"warm: the clean team has {', '.join(one['blocking'])}" for one in good if one["blocking"]]
    return lines + ([] if CONTROL in bad["blocking"] else ["warm: the planted violation is not seen"])


def saved_gate(told: Mapping[str, Any], graphs: int) -> list[str]:
    """All saved graphs and the planted one were decided, and only that one is red."""
    lines = [] if told["graphs"] == graphs + 1 else [f"{SAVED}: {told['graphs']} of {graphs + 1} were decided"]
    red = {name: why for name, why in told["red"].items() if name != f"{PLANTED}.json"}
    lines += [f"{SAVED}: {name} has {', '.join(why)}" for name, why in sorted(red.items())[:1]]
    return lines + ([] if len(red) < len(told["red"]) else [f"{SAVED}: the planted violation is not seen"])


def _preview(scene: Scene, *planted: str) -> Run:
    return _program("gate", "preview", scene.estate, scene.stack, scene.place, *planted, allowed=(0, 1))


def _program(module: str, *arguments: object, allowed: tuple[int, ...] = (0,)) -> Run:
    return run([sys.executable, "-m", f"bench.programs.{module}", *map(str, arguments)], allowed=allowed)
