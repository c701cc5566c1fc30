"""``access-proof``: what it takes to prove who may call what, for all requests, from an estate that was saved.

Every run is a fresh process that reads a bundle; recording is not part of it. A person waits for the answer, so the
figure is wall time; processor time stands beside it, and tells more on a busy machine.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import growth_exponent, judged
from bench.process import Run, run
from bench.result import Result, Row

NAME = "access-proof"
PROCESSES = (1, 2)
SIZES: Mapping[int, int] = {1: 3, 20: 3, 200: 1}
QUICK: Mapping[int, int] = {1: 1, 2: 1, 4: 1}
"""Teams to rounds, for one process and for two."""

TEAM = "team-t000"
"""Stack of the team that is proved alone, and changed."""

WHOLE_GOAL = 180.0
"""Seconds for the largest estate on two processes."""
TEAM_GOAL = 1.0
CHANGED_GOAL = 5.0
PEAK_GOAL = 300.0
"""MiB, for each process."""
EXPONENT_GOAL = 1.05

REQUESTS, QUICK_REQUESTS = 20_000, 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """One run: what it took, and what it says of itself."""

    ran: Run
    told: Mapping[str, Any]

    @property
    def peak_mb(self) -> float:
        """Of this process or of its workers, whichever is larger."""
        return max(self.told["peak_mb"].values())


def access_proof(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; figures are void where anything is not proved."""
    sizes = QUICK if quick else SIZES
    runs: dict[tuple[int, int], list[Proved]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = {teams: Path(folder) / f"{teams}.json" for teams in sizes}
        for teams, file in files.items():
            say(f"{NAME}: recording an estate of {teams} teams")
            run([sys.executable, "-m", "bench.programs.estate", str(teams), str(file)])
        first, largest = min(sizes), max(sizes)
        alone = []
        for number in range(sizes[first]):
            say(f"{NAME}: one team alone, round {number + 1}")
            alone.append(proved(files[first], "--stack", TEAM))
        for teams, rounds in sizes.items():
            for number in range(rounds):
                for processes in PROCESSES:
                    say(f"{NAME}: {teams} teams, {processes} processes, round {number + 1} of {rounds}")
                    options = ("--processes", str(processes))
                    if (teams, processes) == (
                        largest,
                        PROCESSES[-1],
                    ):  # its answers are those that a change starts from
                        options = (*options, "--remembered", str(Path(folder) / f"answers-{number}"))
                    runs.setdefault((teams, processes), []).append(proved(files[teams], *options))
        say(f"{NAME}: {largest} teams, one of them changed")
        known = ("--remembered", str(Path(folder) / "answers-0"), "--processes", "1")
        changed = proved(files[largest], *known, "--changed", TEAM)
        say(f"{NAME}: requests one by one")
        count = QUICK_REQUESTS if quick else REQUESTS
        program = ["-m", "bench.programs.requests", str(files[first]), TEAM, str(count)]
        peer = json.loads(run([sys.executable, *program]).out)
    broken = [*gate(runs, alone, changed), *gate_of_peer(peer)]
    rows = [_seconds("one team alone", alone, TEAM_GOAL, valid=not broken)]
    for (teams, processes), those in runs.items():
        goal = WHOLE_GOAL if (teams, processes) == (largest, PROCESSES[-1]) else None
        rows.append(_seconds(f"{teams} teams, {_said(processes)}", those, goal, valid=not broken))
    rows.append(_seconds(f"{largest} teams, one of them changed", [changed], CHANGED_GOAL, valid=not broken))
    rows.append(_peak({**runs, (first, 0): alone}, valid=not broken))
    rows.append(_exponent(runs, valid=not broken))
    return Result(name=NAME, rows=(*rows, *_enumerated(peer, alone, valid=not broken)), broken=tuple(broken))


def proved(bundle: Path, *options: str) -> Proved:
    """One run of ``bench.programs.proof``."""
    ran = run([sys.executable, "-m", "bench.programs.proof", str(bundle), *options])
    return Proved(ran=ran, told=json.loads(ran.out))


def gate(runs: Mapping[tuple[int, int], Sequence[Proved]], alone: Sequence[Proved], changed: Proved) -> list[str]:
    """What is not proved, and runs of one estate that did not prove the same; nothing when the figures mean something."""
    named = [(f"{teams} teams, {_said(processes)}", one) for (teams, processes), each in runs.items() for one in each]
    named += [("one team alone", one) for one in alone] + [("one changed team", changed)]
    found = []
    for name, one in named:
        told = one.told
        if not told["proofs"]:
            found.append(f"{name}: nothing was asked")
        if told["verdicts"].get("proved", 0) != told["proofs"]:
            found.append(f"{name}: not everything is proved: {told['verdicts']}")
    for teams in {teams for teams, _ in runs}:
        counts = {one.told["proofs"] for (size, _), each in runs.items() if size == teams for one in each}
        if len(counts) > 1:
            found.append(f"{teams} teams: runs gave {sorted(counts)} proofs")
    if changed.told["anew"] != 1:
        found.append(f"one changed team: {changed.told['anew']} principals were proved anew, expected 1")
    return list(dict.fromkeys(found))


def gate_of_peer(peer: Mapping[str, Any]) -> list[str]:
    """A sampled request that breaks what is proved means that one of the two is wrong."""
    found = [f"{peer['broken']} sampled requests break what is proved"] if peer["broken"] else []
    return found + ([] if "indeterminate" not in peer["outcomes"] else ["sampled requests are not decided"])


def _said(processes: int) -> str:
    return "1 process" if processes == 1 else f"{processes} processes"


def _seconds(what: str, runs: Sequence[Proved], goal: float | None, *, valid: bool) -> Row:
    walls = [one.told["reading"] + one.told["proving"] for one in runs]
    told = runs[0].told
    cpu = median(one.ran.cpu for one in runs)
    note = f"{told['proofs']} proofs of {told['principals']} principals; CPU {cpu:.1f} s with start; {len(runs)} rounds"
    return Row(
        what=f"{what}, seconds",
        unit="s",
        value=median(walls),
        goal=goal,
        verdict=judged(median(walls), goal, valid=valid),
        note=note,
        facts={"wall_seconds": walls, "cpu_seconds": [one.ran.cpu for one in runs], "told": [one.told for one in runs]},
    )


def _peak(runs: Mapping[tuple[int, int], Sequence[Proved]], *, valid: bool) -> Row:
    peaks = {key: max(one.peak_mb for one in those) for key, those in runs.items()}
    value = max(peaks.values())
    note = ", ".join(f"{teams} teams {_said(number)}: {peak:.0f}" for (teams, number), peak in peaks.items() if number)
    return Row(
        what="peak memory of any process, MiB",
        unit="MiB",
        value=value,
        goal=PEAK_GOAL,
        verdict=judged(value, PEAK_GOAL, valid=valid),
        note=note,
    )


def _exponent(runs: Mapping[tuple[int, int], Sequence[Proved]], *, valid: bool) -> Row:
    what = "growth of processor time with teams, exponent"
    costs = {teams: median(one.ran.cpu for one in those) for (teams, count), those in runs.items() if count == 1}
    try:
        value = growth_exponent(costs)
    except ValueError as error:
        return Row(what=what, unit="", verdict="left out", goal=EXPONENT_GOAL, note=str(error))
    note = f"one process, {', '.join(map(str, sorted(costs)[1:]))} teams, without what {min(costs)} costs"
    verdict = judged(value, EXPONENT_GOAL, valid=valid)
    return Row(what=what, unit="", value=value, goal=EXPONENT_GOAL, verdict=verdict, note=note)


def _enumerated(peer: Mapping[str, Any], alone: Sequence[Proved], *, valid: bool) -> list[Row]:
    """The evaluator, request by request: how fast, and how long until the coverage of a proof."""
    rate, power = peer["per_second"], peer["combinations_log10"]
    seconds = median(one.told["reading"] + one.told["proving"] for one in alone)
    verdict = judged(0.0, None, valid=valid)
    days = 10**power / rate / 86_400
    return [
        Row(
            what="peer: requests that the evaluator decides, per second",
            unit="1/s",
            value=rate,
            verdict=verdict,
            note=f"drawn from the classes of one team's role; {peer['outcomes']}",
            facts=dict(peer),
        ),
        Row(
            what="requests in the time of one team's proof",
            unit="",
            value=rate * seconds,
            verdict=verdict,
            note=f"one request for each that the documents tell apart: 10^{power:.1f}, or {days:.0f} days for this team",
        ),
    ]
