"""The rows of ``gate-in-ci``: pure functions over runs."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.figures import compare, judged
from bench.process import Run
from bench.result import Row

OURS, PREVIEW, SCAN, SAVED = "llmlz check", "preview with a pack", "checkov's command", "saved graphs"
"""Ours cold, the two steps of the peer, and ours over many graphs."""

BOTH = "both steps"
COLD_GOAL, WARM_GOAL, SAVED_GOAL = 1 / 15, 1.0, 60.0
"""Ours against both steps of the peer; seconds for one verdict; seconds for all saved graphs."""

ENOUGH = 1_000
"""Graphs from which the last goal holds."""

Runs = Mapping[str, Sequence[Run]]


def cold_rows(runs: Runs, missing: Mapping[str, str], *, valid: bool) -> list[Row]:
    """Ours against both steps, and against each; a step that cannot be run is left out with its reason."""
    peers: dict[str, Sequence[Run]] = {name: runs[name] for name in (PREVIEW, SCAN) if name in runs}
    rows = []
    if missing:
        rows.append(Row(what=_what(BOTH), unit="", verdict="left out", note="; ".join(missing.values())))
    else:
        peers = {BOTH: [both(*pair) for pair in zip(*peers.values(), strict=True)], **peers}
    for name, those in peers.items():
        goal = COLD_GOAL if name == BOTH else None
        waited = compare([one.wall for one in runs[OURS]], [one.wall for one in those])
        spent = compare([one.cpu for one in runs[OURS]], [one.cpu for one in those])
        for unit, compared in (("s wall", waited), ("s CPU", spent)):
            rows.append(
                Row(
                    what=_what(name),
                    unit=unit,
                    compared=compared,
                    value=compared.ratio,
                    goal=goal,
                    verdict=judged(compared.ratio, goal, valid=valid),
                    facts={"wall_seconds": [one.wall for one in those]},
                )
            )
    return rows


def both(first: Run, second: Run) -> Run:
    """One after the other."""
    peak = max(first.peak_mb, second.peak_mb)
    return Run(cpu=first.cpu + second.cpu, wall=first.wall + second.wall, peak_mb=peak, out="")


def warm_rows(told: Sequence[Mapping[str, Any]], cold: Sequence[Run], *, valid: bool) -> list[Row]:
    """One verdict in a process that has everything loaded, and what being cold costs beside it."""
    wall = median(one["wall"] for one in told)
    parts = ", ".join(f"{part} {median(one[part] for one in told):.3f}" for part in ("read", "record", "decide"))
    start = median(one.cpu for one in cold) / median(one["cpu"] for one in told)
    return [
        Row(
            what="one team's change, warm: seconds to the verdict",
            unit="",
            value=wall,
            goal=WARM_GOAL,
            verdict=judged(wall, WARM_GOAL, valid=valid),
            note=f"worst {max(one['wall'] for one in told):.3f}; {parts}",
            facts={"rounds": list(told)},
        ),
        Row(
            what="one team's change: ours cold / ours warm, in CPU",
            unit="",
            value=start,
            verdict=judged(start, None, valid=valid),
            note="the warm one is the lower limit: the change is read, the rest is there",
        ),
    ]


def saved_row(run: Run, graphs: int, processes: int, *, valid: bool) -> Row:
    """A rule changed: every saved graph of a team is read and decided again, from the start of the process on."""
    goal = SAVED_GOAL if graphs >= ENOUGH else None
    return Row(
        what=f"a rule changed, {graphs} saved teams decided again on {processes} processes: seconds",
        unit="",
        value=run.wall,
        goal=goal,
        verdict=judged(run.wall, goal, valid=valid),
        note=f"{run.cpu:.1f} s CPU, {1000 * run.cpu / graphs:.1f} ms a team; one in them has the planted violation",
    )


def _what(peer: str) -> str:
    return f"one team's change, cold: ours / {peer}"
