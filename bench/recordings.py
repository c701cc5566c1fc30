"""Runs of ``bench.programs.recording``, for the two benchmarks that look at them; and the gate that both have."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.process import Run, interleaved, run
from bench.programs.zone import write

EACH, KEPT, MONOLITH = "each", "kept", "monolith"
"""One stack after the other, forgotten; the same, kept; all teams as one program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One run: what it took, and what it says of itself."""

    ran: Run
    told: Mapping[str, Any]


Sizes = Mapping[int, Mapping[str, Sequence[Recorded]]]
"""Teams to way of recording to rounds."""


def recordings(sizes: Mapping[int, Mapping[str, int]], say: Callable[[str], None]) -> Sizes:
    """Everything that ``sizes`` (teams to way of recording to rounds) asks for, on estates made for it."""
    found: dict[int, dict[str, list[Recorded]]] = {}
    for teams, rounds in sizes.items():
        made: dict[str, list[Recorded]] = {how: [] for how in rounds}
        with TemporaryDirectory() as folder:
            write(Path(folder), teams)
            starts = {how: partial(_run, how, Path(folder), made[how]) for how in rounds}
            interleaved(starts, rounds, lambda text, teams=teams: say(f"{teams} teams, {text}"))  # type: ignore[misc]
        found[teams] = made
    return found


def gate(sizes: Sizes) -> list[str]:
    """Why the runs did not do the same work; nothing when every way made the same leaf resources for every team."""
    found: dict[str, None] = {}
    smallest = min(sizes)
    first = sizes[smallest][EACH][0].told
    for teams, runs in sizes.items():
        for how, those in runs.items():
            for one in those:
                if (made := one.told["leaves"]) != (expected := first["leaves"] // smallest * teams) or not made:
                    found[f"{teams} teams, {how}: {made} leaf resources, expected {expected}"] = None
                if one.told["platform"] != first["platform"]:
                    found[f"{teams} teams, {how}: another platform"] = None
    return list(found)


def _run(how: str, folder: Path, made: list[Recorded]) -> Run:
    ran = run([sys.executable, "-m", "bench.programs.recording", how, str(folder)])
    made.append(Recorded(ran=ran, told=json.loads(ran.out)))
    return ran
