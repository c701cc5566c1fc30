"""The formulas and the evaluator say the same: random worlds, random requests, and requests near what a solver finds.

Each of the two is written apart. A disagreement is a mistake in one of them, and the seed of its world shows it again.
"""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from llmlz.access.evaluate import decide
from llmlz.access.patterns import Reading
from llmlz.access.proof import prover as prover_module
from llmlz.access.proof.cache import Cache
from llmlz.access.proof.prover import Prover
from llmlz.access.proof.where import Clause, Where
from llmlz.access.request import Request
from tests.access.proof.worlds import Case, case, near, questions

WORLDS, WIDE_WORLDS = 40, 1750
REQUESTS, NEAR = 16, 12
"""Random requests for each world and reading, and requests near each request that a solver finds."""

READINGS: tuple[Reading, ...] = ("documented", "strict")
ANYTHING = Where(((Clause("action", "in", ("*",)),),))


def compare(seeds: Iterable[int], requests: int = REQUESTS) -> Counter[str]:
    """How many requests were compared, by outcome; fails at the first that is not decided alike."""
    counts: Counter[str] = Counter()
    cache = Cache()
    for seed in seeds:
        found = case(seed, requests)
        for reading in READINGS:
            prover = Prover({"now": found.world}, fixed=found.fixed, wheres=[ANYTHING], reading=reading, cache=cache)
            counts["worlds"] += 1
            for request in (*found.requests, *around(seed, found, prover)):
                said = prover.says(request)
                if said is None:
                    counts["outside"] += 1
                    continue
                decided = decide(request, found.world, reading)
                assert said == decided.outcome, f"seed {seed}, {reading}: {said}, and {decided} for {request}"
                counts[said] += 1
    return counts


def around(seed: int, found: Case, prover: Prover) -> list[Request]:
    """Requests that differ by a class or two from one that is allowed, and from one that is not."""
    rng = random.Random(seed)  # noqa: S311  # the same run twice must ask the same
    requests = []
    for answer in (prover.never(ANYTHING), prover.always(ANYTHING)):
        if answer.request is not None:
            assert answer.verdict == "broken" or "does not confirm" not in answer.why, f"seed {seed}: {answer}"
            values = prover.space.values()
            requests += [answer.request, *(near(rng, answer.request, values, found.fixed) for _ in range(NEAR))]
    return requests


def compare_questions(seeds: Iterable[int], requests: int = REQUESTS) -> Counter[str]:
    """The same for random questions: which requests fit them."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        found = case(seed, requests)
        asked = list(questions(random.Random(seed), 8))  # noqa: S311
        prover = Prover({"now": found.world}, fixed=found.fixed, wheres=asked)
        for request in found.requests:
            pins = prover.space.pins(request)
            model = prover._model(pins) if pins is not None else None
            for question in asked if model is not None else ():
                said, holds = prover_module._true(model, prover._wheres[question]), question.holds(request)
                assert said == holds, f"seed {seed}: {said}, and {holds} for {request} in {question}"
                counts["fits" if holds else "fits not"] += 1
    return counts


def test_questions_fit_the_same_requests() -> None:
    """Rows of conditions on actions, resources and keys of every kind."""
    counts = compare_questions(range(30))
    assert min(counts["fits"], counts["fits not"]) >= 400


def test_formulas_and_evaluator_agree(request: pytest.FixtureRequest) -> None:
    """On every request that a proof can be about, in both readings; with ``--wide`` on more than 100,000."""
    wide = request.config.getoption("--wide")
    counts = compare(range(WIDE_WORLDS if wide else WORLDS))
    compared = sum(counts[outcome] for outcome in ("allowed", "denied", "indeterminate"))
    print(f"{compared} requests in {counts['worlds']} worlds compared: {dict(counts)}")
    assert compared >= (100_000 if wide else 2000)
    assert counts["allowed"] >= compared / 10
    assert counts["outside"] <= compared / 3
