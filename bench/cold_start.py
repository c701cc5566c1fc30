"""``cold-start``: how long before anything useful happens, against what the parts below us take anyway.

Every comparison is between fresh processes of the same interpreter with compiled bytecode. The figure is processor time:
imports wait for nothing, and wall time on a busy machine tells about its other work. Wall time is kept beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from bench import starts
from bench.figures import compare, judged
from bench.process import Run, interleaved, run
from bench.result import Result, Row

NAME = "cold-start"
ROUNDS, CHECKOV_ROUNDS, QUICK_ROUNDS = 5, 3, 2
HELP_GOAL = 0.1
"""Seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two starts that are compared."""

    ours: str
    """Name of ours."""

    peer: str
    """Name of the other."""

    goal: float | None
    """The most that ours may cost, with the peer as one."""


PAIRS = (
    Pair(ours=starts.COMPONENTS, peer=starts.SDK, goal=1.1),
    Pair(ours=starts.COMPONENTS, peer=starts.SDK_AND_AWS, goal=1.1),
    Pair(ours=starts.STACKS, peer=starts.SDK_AND_AWS, goal=None),
    Pair(ours=starts.HELP, peer=starts.SDK, goal=None),
    Pair(ours=starts.HELP, peer=starts.CHECKOV, goal=None),
    Pair(ours=starts.EXAMPLE, peer=starts.SERVICES, goal=1.3),
    Pair(ours=starts.RECORD, peer=starts.SERVICES, goal=None),
)
LIMIT = Pair(ours=starts.SDK_AND_AWS, peer=starts.SDK, goal=None)
"""The least that a library can take which imports ``pulumi_aws`` at all; ours has no part in it."""


def cold_start(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it: first untimed, to see what each start loads and whether it does what it should; then timed."""
    say(f"{NAME}: what each start loads")
    services = starts.services_of_the_example()
    commands = starts.commands(services)
    loaded = {name: starts.modules_of(code) for name, code in starts.snippets(services).items()}
    broken = gate(loaded, services)
    rounds = dict.fromkeys(commands, QUICK_ROUNDS if quick else ROUNDS)
    if starts.CHECKOV in commands:
        rounds[starts.CHECKOV] = min(rounds[starts.CHECKOV], CHECKOV_ROUNDS)
    runs = interleaved(
        {name: partial(run, command) for name, command in commands.items()}, rounds, lambda text: say(f"{NAME}: {text}")
    )
    counts = {name: len(names) for name, names in loaded.items()}
    rows = [
        _row(pair, runs, counts, valid=broken.keys().isdisjoint((pair.ours, pair.peer))) for pair in (LIMIT, *PAIRS)
    ]
    rows.append(_help(runs[starts.HELP], counts, valid=starts.HELP not in broken))
    return Result(name=NAME, rows=tuple(rows), broken=tuple(f"{name} {why}" for name, why in broken.items()))


def gate(loaded: Mapping[str, Sequence[str]], services: Sequence[str]) -> dict[str, str]:
    """Start to what is wrong with it: its rows are void. Empty when the figures mean something."""
    found = {}
    if "pulumi" in loaded[starts.HELP]:
        found[starts.HELP] = "loads pulumi"
    if "pulumi" not in loaded[starts.SDK]:
        found[starts.SDK] = "does not load pulumi"
    for name in (starts.SERVICES, starts.EXAMPLE, starts.RECORD):
        missing = sorted(set(services) - set(starts.services_among(loaded[name])))
        if missing or not services:
            found[name] = f"does not load {', '.join(missing) or 'any service of AWS'}"
    return found


def _row(pair: Pair, runs: Mapping[str, Sequence[Run]], counts: Mapping[str, int], *, valid: bool) -> Row:
    what = f"{pair.ours} / {pair.peer}"
    if pair.peer not in runs:
        return Row(what=what, unit="CPU s", verdict="left out", note=starts.WITHOUT_CHECKOV)
    compared = compare([one.cpu for one in runs[pair.ours]], [one.cpu for one in runs[pair.peer]])
    note = f"{counts[pair.ours]} modules" + (f" against {counts[pair.peer]}" if pair.peer in counts else "")
    return Row(
        what=what,
        unit="CPU s",
        compared=compared,
        value=compared.ratio,
        goal=pair.goal,
        verdict=judged(compared.ratio, pair.goal, valid=valid),
        note=note,
        facts={"modules": {name: counts.get(name) for name in (pair.ours, pair.peer)}, **_wall(pair, runs)},
    )


def _wall(pair: Pair, runs: Mapping[str, Sequence[Run]]) -> dict[str, object]:
    return {"wall_seconds": {name: [one.wall for one in runs[name]] for name in (pair.ours, pair.peer)}}


def _help(runs: Sequence[Run], counts: Mapping[str, int], *, valid: bool) -> Row:
    cpu, wall = median(one.cpu for one in runs), median(one.wall for one in runs)
    return Row(
        what=f"{starts.HELP}, seconds",
        unit="CPU s",
        value=cpu,
        goal=HELP_GOAL,
        verdict=judged(cpu, HELP_GOAL, valid=valid),
        note=f"wall {wall:.3f} s; {counts[starts.HELP]} modules, pulumi not among them"
        if valid
        else "see the broken gate",
        facts={"cpu_seconds": [one.cpu for one in runs], "wall_seconds": [one.wall for one in runs]},
    )
