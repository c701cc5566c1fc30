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
SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """One run: what it took, and what it says of itself."""

    ran: Run
    told: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        """From the file to the last proof; the start of Python is left out."""
        return float(self.told["reading"] + self.told["proving"])

    @property
    def peak_mb(self) -> float:
        """Of this process or of its workers, whichever is larger."""
        return float(max(self.told["peak_mb"].values()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """Everything that was run."""

    estates: Mapping[tuple[int, int], Sequence[Proved]]
    """Teams and processes to rounds."""

    alone: Sequence[Proved]
    """One team of the smallest estate."""

    changed: Proved
    """The largest estate after one team has changed, with the answers of before."""

    peer: Mapping[str, Any]
    """The evaluator, request by request."""


def access_proof(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; figures are void where anything is not proved."""
    sizes = QUICK if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(
            sizes, QUICK_REQUESTS if quick else REQUESTS, Path(folder), lambda text: say(f"{NAME}: {text}")
        )
    broken = gate(measured)
    valid, largest = not broken, max(sizes)
    rows = [_seconds("one team alone", measured.alone, TEAM_GOAL, valid=valid)]
    for (teams, processes), runs in measured.estates.items():
        goal = WHOLE_GOAL if (teams, processes) == (largest, PROCESSES[-1]) else None
        rows.append(_seconds(_said(teams, processes), runs, goal, valid=valid))
    rows.append(_seconds(f"{largest} teams, one of them changed", [measured.changed], CHANGED_GOAL, valid=valid))
    rows += [
        _peak(measured, valid=valid),
        _exponent(measured.estates, valid=valid),
        *_enumerated(measured, valid=valid),
    ]
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def measure(sizes: Mapping[int, int], requests: int, folder: Path, say: Callable[[str], None]) -> Measured:
    """Record the estates, then run everything on them; ``requests`` are decided one by one for the peer."""
    files = {teams: folder / f"{teams}.json" for teams in sizes}
    for teams, file in files.items():
        say(f"recording an estate of {teams} teams")
        run([sys.executable, "-m", "bench.programs.estate", str(teams), str(file)])
    smallest, largest = min(sizes), max(sizes)
    alone, estates = [], dict[tuple[int, int], list[Proved]]()
    for number in range(sizes[smallest]):
        say(f"one team alone, round {number + 1} of {sizes[smallest]}")
        alone.append(proved(files[smallest], "--stack", TEAM))
    for teams, rounds in sizes.items():
        for number in range(rounds):
            for processes in PROCESSES:
                say(f"{_said(teams, processes)}, round {number + 1} of {rounds}")
                answers = folder / f"answers-{teams}-{processes}-{number}"
                options = ("--processes", str(processes), "--remembered", str(answers))
                estates.setdefault((teams, processes), []).append(proved(files[teams], *options))
    say(f"{largest} teams, one of them changed")
    answers = folder / f"answers-{largest}-{PROCESSES[-1]}-0"
    changed = proved(files[largest], "--remembered", str(answers), "--changed", TEAM)
    say("requests one by one")
    program = ["-m", "bench.programs.requests", str(files[smallest]), TEAM, str(requests)]
    peer = json.loads(run([sys.executable, *program]).out)
    return Measured(estates=estates, alone=alone, changed=changed, peer=peer)


def proved(bundle: Path, *options: str) -> Proved:
    """One run of ``bench.programs.proof``."""
    ran = run([sys.executable, "-m", "bench.programs.proof", str(bundle), *options])
    return Proved(ran=ran, told=json.loads(ran.out))


def gate(measured: Measured) -> list[str]:
    """What is not proved, and runs of one estate that did not prove the same; nothing when the figures mean something."""
    named = [(_said(*key), one) for key, runs in measured.estates.items() for one in runs]
    named += [("one team alone", one) for one in measured.alone] + [("one changed team", measured.changed)]
    found: dict[str, None] = {}
    for name, one in named:
        verdicts, proofs = one.told["verdicts"], one.told["proofs"]
        if not proofs:
            found[f"{name}: nothing was asked"] = None
        if verdicts.get("proved", 0) != proofs:
            found[f"{name}: not everything is proved: {verdicts}"] = None
    for teams in {teams for teams, _ in measured.estates}:
        counts = {one.told["proofs"] for (size, _), runs in measured.estates.items() if size == teams for one in runs}
        if len(counts) > 1:
            found[f"{teams} teams: runs gave {sorted(counts)} proofs"] = None
    if (anew := measured.changed.told["anew"]) != 1:
        found[f"one changed team: {anew} principals were proved anew, expected 1"] = None
    if measured.peer["broken"]:
        found[f"{measured.peer['broken']} sampled requests break what is proved"] = None
    if "indeterminate" in measured.peer["outcomes"]:
        found["sampled requests are not decided"] = None
    return list(found)


def _said(teams: int, processes: int) -> str:
    return f"{teams} team{'s' if teams > 1 else ''}, {processes} process{'es' if processes > 1 else ''}"


def _seconds(what: str, runs: Sequence[Proved], goal: float | None, *, valid: bool) -> Row:
    told, cpu = runs[0].told, median(one.ran.cpu for one in runs)
    said = f"{told['proofs']} proofs of {told['principals']} principals; CPU {cpu:.1f} s with start"
    value = median(one.seconds for one in runs)
    return Row(
        what=f"{what}, seconds",
        unit="s",
        value=value,
        goal=goal,
        verdict=judged(value, goal, valid=valid),
        note=f"{said}; {len(runs)} round{'s' if len(runs) > 1 else ''}",
        facts={"cpu_seconds": [one.ran.cpu for one in runs], "told": [one.told for one in runs]},
    )


def _peak(measured: Measured, *, valid: bool) -> Row:
    peaks = {_said(*key): max(one.peak_mb for one in runs) for key, runs in measured.estates.items()}
    value = max(*peaks.values(), measured.changed.peak_mb)
    return Row(
        what="peak memory of any process, MiB",
        unit="MiB",
        value=value,
        goal=PEAK_GOAL,
        verdict=judged(value, PEAK_GOAL, valid=valid),
        note="; ".join(f"{name}: {peak:.0f}" for name, peak in peaks.items()),
    )


def _exponent(estates: Mapping[tuple[int, int], Sequence[Proved]], *, valid: bool) -> Row:
    what = "growth of processor time with teams, exponent"
    costs = {teams: median(one.ran.cpu for one in runs) for (teams, count), runs in estates.items() if count == 1}
    try:
        value = growth_exponent(costs)
    except ValueError as error:
        return Row(what=what, unit="", verdict="left out", goal=EXPONENT_GOAL, note=str(error))
    note = f"one process, {', '.join(map(str, sorted(costs)[1:]))} teams, without what {min(costs)} costs"
    verdict = judged(value, EXPONENT_GOAL, valid=valid)
    return Row(what=what, unit="", value=value, goal=EXPONENT_GOAL, verdict=verdict, note=note)


def _enumerated(measured: Measured, *, valid: bool) -> list[Row]:
    """The evaluator, request by request: how fast, and how long until it has the coverage of a proof."""
    rate, power = measured.peer["per_second"], measured.peer["combinations_log10"]
    seconds = median(one.seconds for one in measured.alone)
    verdict = judged(0.0, None, valid=valid)
    days = 10**power / rate / SECONDS_OF_A_DAY
    return [
        Row(
            what="peer: requests that the evaluator decides, per second",
            unit="1/s",
            value=rate,
            verdict=verdict,
            note=f"drawn from the classes of one team's role: {measured.peer['outcomes']}",
            facts=dict(measured.peer),
        ),
        Row(
            what="peer: requests decided in the time of one team's proof",
            unit="",
            value=rate * seconds,
            verdict=verdict,
            note=f"one for each kind of request that can be told apart would be 10^{power:.1f}, or {days:.0f} days",
        ),
    ]
