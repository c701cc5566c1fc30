"""``footprint-growth``: memory of recording T teams one after the other, against one program with all of them."""

from collections.abc import Callable, Mapping
from statistics import median

from bench.figures import compare, judged
from bench.recordings import EACH, KEPT, MONOLITH, Sizes, gate, recordings
from bench.result import Result, Row

NAME = "footprint-growth"
SIZES: Mapping[int, Mapping[str, int]] = {teams: {EACH: 2, KEPT: 1, MONOLITH: 2} for teams in (1, 20, 200)}
QUICK: Mapping[int, Mapping[str, int]] = {teams: {EACH: 1, KEPT: 1, MONOLITH: 1} for teams in (1, 4)}
GROWTH_GOAL = 1.25
"""Peak at the largest size against the smallest, when graphs are forgotten."""


def footprint_growth(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where not every team was recorded."""
    sizes = recordings(QUICK if quick else SIZES, lambda text: say(f"{NAME}: {text}"))
    broken = gate(sizes)
    valid = not broken
    rows = [_row(teams, sizes, valid=valid) for teams in sizes]
    rows += [_growth(how, sizes, GROWTH_GOAL if how == EACH else None, valid=valid) for how in (EACH, KEPT, MONOLITH)]
    return Result(name=NAME, rows=(*rows, *_bytes(sizes, valid=valid)), broken=tuple(broken))


def peaks(sizes: Sizes, teams: int, how: str) -> list[float]:
    """MiB of each round."""
    return [one.told["peak_mb"] for one in sizes[teams][how]]


def _row(teams: int, sizes: Sizes, *, valid: bool) -> Row:
    compared = compare(peaks(sizes, teams, EACH), peaks(sizes, teams, MONOLITH))
    return Row(
        what=f"{teams} teams, peak: one by one / monolith",
        unit="MiB",
        compared=compared,
        value=compared.ratio,
        verdict=judged(compared.ratio, None, valid=valid),
        note=f"with all graphs kept {median(peaks(sizes, teams, KEPT)):.0f} MiB",
        facts={"teams": teams, "peak_mb": {how: peaks(sizes, teams, how) for how in sizes[teams]}},
    )


def _growth(how: str, sizes: Sizes, goal: float | None, *, valid: bool) -> Row:
    small, large = min(sizes), max(sizes)
    value = median(peaks(sizes, large, how)) / median(peaks(sizes, small, how))
    what = f"growth of the peak, {how}: {large} teams / {small}"
    return Row(what=what, unit="", value=value, goal=goal, verdict=judged(value, goal, valid=valid))


def _bytes(sizes: Sizes, *, valid: bool) -> list[Row]:
    """The graph of one more team, as JSON: a file of its own, or its share of the one file."""
    rows = []
    for teams, runs in sizes.items():
        ours, peer = (runs[how][0].told["last_bytes"] for how in (EACH, MONOLITH))
        compared = compare([ours / 1024], [peer / teams / 1024])
        rows.append(
            Row(
                what=f"{teams} teams, graph of a team: own file / share of the monolith's",
                unit="KiB",
                compared=compared,
                value=compared.ratio,
                verdict=judged(compared.ratio, None, valid=valid),
                note=f"to read for one team: {ours / 1024:.0f} KiB against {peer / 1024:.0f} KiB",
            )
        )
    return rows
