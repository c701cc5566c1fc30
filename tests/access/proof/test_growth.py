"""What proofs cost: in proportion to the teams, in little memory, and little against requests one by one.

Work is counted and not timed, so that the answer is the same on every machine and however busy it is.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import z3  # type: ignore[import-untyped]  # ships no types

from bench.figures import growth_exponent
from bench.process import ROOT
from bench.programs.requests import drawn
from llmlz.access.bundle import write
from llmlz.access.evaluate import decide
from llmlz.access.proof import cache as partitions
from llmlz.access.proof import run
from llmlz.access.proof.classes import _Texts, partition
from llmlz.access.proof.prover import Prover
from llmlz.access.proof.run import Proof, prove
from llmlz.access.proof.subjects import Subject
from llmlz.cli.proving import subjects_of
from tests.access.proof.estates import first, whole

SIZES = (4, 8, 16)
"""Teams, as many at each tier."""

TEAMS = 20
"""Of the estate that is recorded, and whose memory is measured."""

MOST_EXPONENT = 1.05
MOST_TIMES = 1.5
"""Of the work to tell values apart: sixteen teams against four, since they share most layers."""

MOST_MB = 300
SAMPLE, MOST_REQUESTS = 1_000, 20_000
"""Requests that are decided, and that may be decided in the time of one team's proof; it is a few thousand."""


class Counts(Counter[str]):
    """Work by kind: what is walked, built, written down and asked."""

    def words(self, texts: _Texts) -> Iterator[str]:
        """Values of all classes, and the states that were walked to find them."""
        yield from _words(texts)
        self["states walked"] += texts.states

    def partition(self, *args: Any) -> Any:
        """Classes of one key."""
        found = partition(*args)
        self["classes built"] += len(found.witnesses)
        return found

    def model(self, prover: Prover, formulas: Any) -> Any:
        """One question to the solver."""
        self["questions asked"] += 1
        return _model(prover, formulas)

    def written(self, make: Any) -> Any:
        """A formula of several parts."""

        def counted(*parts: Any) -> Any:
            self["parts of formulas"] += len(parts[0]) if len(parts) == 1 and isinstance(parts[0], list) else len(parts)
            return make(*parts)

        return counted


_words, _model = _Texts.words, Prover._model


def one_team() -> tuple[Subject, ...]:
    """The role of a team, and everybody else around it."""
    return tuple(subject for subject in subjects_of(first(whole(TEAMS), 1)) if subject.stack == "team-t000")


@cache
def counted(teams: int) -> Counts:
    """Work of all proofs of an estate; everything in it is proved."""
    counts, proofs = work(subjects_of(first(whole(TEAMS), teams)))
    assert {proof.verdict for proof in proofs} == {"proved"}
    return counts


def work(subjects: Sequence[Subject]) -> tuple[Counts, tuple[Proof, ...]]:
    """Work of the proofs of some subjects from nothing, in one reading."""
    counts = Counts()
    run._partitions.cache_clear()
    with (
        patch.object(_Texts, "words", lambda texts: counts.words(texts)),  # noqa: PLW0108  # a bound method gets no instance
        patch.object(partitions, "partition", counts.partition),
        patch.object(Prover, "_model", lambda prover, formulas: counts.model(prover, formulas)),  # noqa: PLW0108
        patch.object(z3, "And", counts.written(z3.And)),
        patch.object(z3, "Or", counts.written(z3.Or)),
    ):
        return counts, prove(subjects, readings=("documented",))


@pytest.mark.parametrize("kind", ["states walked", "classes built", "parts of formulas", "questions asked"])
def test_work_grows_no_faster_than_the_teams(kind: str) -> None:
    """Each kind of work, after what the platforms cost; the exponent of growth is that of the benchmarks."""
    costs = {teams: float(counted(teams)[kind]) for teams in SIZES}
    assert growth_exponent(costs) <= MOST_EXPONENT, costs


@pytest.mark.parametrize("kind", ["states walked", "classes built"])
def test_what_principals_share_is_told_apart_once(kind: str) -> None:
    """Four times the teams are not four times the work: the layers around them are the same."""
    assert counted(SIZES[-1])[kind] < MOST_TIMES * counted(SIZES[0])[kind]


def test_the_same_costs_the_same_twice() -> None:
    """Else a growth of a few parts in a hundred could not be seen."""
    mine = one_team()
    first_time, again = work(mine)[0], work(mine)[0]
    assert first_time == again
    assert len(first_time) == 4


def test_no_process_needs_much_memory(tmp_path: Path) -> None:
    """Neither the one that reads the estate nor the ones that prove it; 20 teams, both readings, two processes.

    The operating system counts for each process that has ended; a process of its own, since this one has grown already.
    """
    file = tmp_path / "estate.json"
    write(whole(TEAMS), file)
    command = [sys.executable, "-m", "bench.programs.proof", str(file), "--processes", "2"]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300).stdout)
    assert set(told["verdicts"]) == {"proved"}
    assert 20 < told["peak_mb"]["worker"] < MOST_MB


def test_a_proof_costs_less_than_a_sample_of_requests() -> None:
    """One team, from nothing, in both readings: as long as it takes to decide some thousand requests of the role."""
    mine = one_team()
    run._partitions.cache_clear()
    started = time.process_time()
    prove(mine)
    proving = time.process_time() - started
    values = Prover({"now": mine[0].world}, fixed=mine[0].fixed, wheres=()).space.values()
    requests = list(drawn(mine[0], values, SAMPLE))
    started = time.process_time()
    for request in requests:
        decide(request, mine[0].world)
    deciding = (time.process_time() - started) / len(requests)
    assert proving / deciding < MOST_REQUESTS
