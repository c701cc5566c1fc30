"""``recording-growth``: how the cost of recording an estate grows with its teams, and whether the work is the same per team."""

from collections.abc import Callable, Mapping
from statistics import median

from bench.figures import growth_exponent, judged
from bench.recordings import EACH, MONOLITH, Sizes, gate, recordings
from bench.result import Result, Row

NAME = "recording-growth"
SIZES: Mapping[int, Mapping[str, int]] = {teams: {EACH: 3, MONOLITH: 1} for teams in (1, 10, 50, 200)}
QUICK: Mapping[int, Mapping[str, int]] = {teams: {EACH: 1, MONOLITH: 1} for teams in (1, 5, 10)}
GOAL = 1.05


def recording_growth(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the exponents are void where the work is not the same for every team."""
    sizes = recordings(QUICK if quick else SIZES, lambda text: say(f"{NAME}: {text}"))
    broken = [*gate(sizes), *same_work(sizes)]
    valid = not broken
    rows = [
        _exponent("recording, one by one", _seconds(sizes, EACH, "teams_cpu"), GOAL, valid=valid),
        _exponent("reading the estate", _seconds(sizes, EACH, "reading_cpu"), None, valid=valid),
        _exponent("recording, monolith", _seconds(sizes, MONOLITH, "teams_cpu"), None, valid=valid),
        _registrations(sizes, valid=valid),
    ]
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def same_work(sizes: Sizes) -> list[str]:
    """Sizes at which a team takes more or fewer registrations than at the smallest; this counts, and times nothing."""
    smallest = min(sizes)
    expected = sizes[smallest][EACH][0].told["teams"] / smallest
    return [
        f"{teams} teams: {one.told['teams'] / teams:g} registrations per team, expected {expected:g}"
        for teams, runs in sizes.items()
        for one in runs[EACH]
        if one.told["teams"] != expected * teams
    ]


def _seconds(sizes: Sizes, how: str, what: str) -> dict[int, list[float]]:
    return {teams: [one.told[what] for one in runs[how]] for teams, runs in sizes.items()}


def _exponent(name: str, seconds: Mapping[int, list[float]], goal: float | None, *, valid: bool) -> Row:
    what = f"growth of processor time of {name}, exponent"
    costs = {teams: median(rounds) for teams, rounds in seconds.items()}
    try:
        value = growth_exponent(costs)
    except ValueError as error:
        return Row(what=what, unit="", verdict="left out", goal=goal, note=str(error))
    said = ", ".join(f"{teams}: {cost:.2f} s" for teams, cost in costs.items())
    return Row(
        what=what,
        unit="",
        value=value,
        goal=goal,
        verdict=judged(value, goal, valid=valid),
        note=f"{said}; without what {min(costs)} costs",
        facts={"cpu_seconds": {teams: list(rounds) for teams, rounds in seconds.items()}},
    )


def _registrations(sizes: Sizes, *, valid: bool) -> Row:
    counts = {teams: float(runs[EACH][0].told["teams"]) for teams, runs in sizes.items()}
    value = growth_exponent(counts)
    said = ", ".join(f"{teams}: {count:g}" for teams, count in counts.items())
    return Row(
        what="growth of registrations, exponent",
        unit="",
        value=value,
        goal=1.0,
        verdict=judged(round(value, 9), 1.0, valid=valid),
        note=said,
    )
