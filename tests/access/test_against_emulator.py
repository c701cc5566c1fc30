"""The evaluator against the emulator's, on random policies and requests; every difference has a row with its reason."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import le, lt
from typing import Any, cast

import pytest

from llmlz.access import conditions, evaluate, patterns
from llmlz.errors import ToolMissingError
from llmlz.local.environment import INSTALL, PROJECT, emulator_python
from tests.access.differences import WHEN, Comparison, Judge, compared, rows
from tests.access.random_policies import Case, cases

pytestmark = pytest.mark.ring(5)

ORDINARY, WIDE = 5_000, 50_000
BATCH = 5_000
SOME, ROUNDS = 300, 20
"""Requests in one look for a planted fault, and how many looks must be enough."""


@pytest.fixture(scope="module")
def judge() -> Judge:
    """The emulator's verdicts, in order; or a skip that says what is lost."""
    try:
        python = emulator_python(print)
    except ToolMissingError as error:
        pytest.skip(
            f"ring 5: would have proved that the evaluator agrees with another one; get it with {INSTALL} ({error})"
        )

    def verdicts(asked: Sequence[Case]) -> list[str]:
        found: list[str] = []
        for start in range(0, len(asked), BATCH):
            lines = "".join(f"{json.dumps(case.plain())}\n" for case in asked[start : start + BATCH])
            command = [str(python), str(PROJECT / "judge.py")]
            done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            found += done.stdout.splitlines()
        assert len(found) == len(asked)
        assert set(found) <= {"allowed", "denied"}, "the generator asks what the emulator cannot answer"
        return found

    return verdicts


def told(comparison: Comparison) -> str:
    """The figures of a comparison, for whoever runs it with ``-s``."""
    lines = [f"{count:6} ours {a}, emulator {b}" for (a, b), count in comparison.verdicts.most_common()]
    return "\n".join(["", *lines, *(f"{count:6} {name}" for name, count in comparison.known.most_common())])


def test_the_evaluators_agree(judge: Judge, request: pytest.FixtureRequest) -> None:
    """Every difference has a row, and the cases are worth asking: a fifth is allowed, few are undecided.

    5,000 requests, or with ``--wide`` 50,000; the wide run also finds rows whose difference is gone.
    """
    wide = request.config.getoption("--wide")
    asked = list(cases(1, WIDE if wide else ORDINARY))
    comparison = compared(asked, judge(asked), judge)
    print(told(comparison))
    assert comparison.unexplained == []
    ours = Counter(dict.fromkeys(("allowed", "denied", "indeterminate"), 0))
    for (mine, _), count in comparison.verdicts.items():
        ours[mine] += count
    assert ours["allowed"] > len(asked) * 0.2
    assert ours["denied"] > len(asked) * 0.2
    assert ours["indeterminate"] < len(asked) * 0.05
    assert not wide or [row.id for row in rows() if not comparison.known[row.id]] == []


def test_every_row_is_whole() -> None:
    """A row says what differs, who is right by which public page, and when somebody read it."""
    assert len({row.id for row in rows()}) == len(rows())
    for row in rows():
        assert row.right in ("ours", "emulator", "unsettled"), row.id
        assert row.source.startswith("https://docs.aws.amazon.com/"), row.id
        assert re.fullmatch(r"\d{4}-\d{2}", str(row.read)), row.id
        assert len(row.differs.split()) > 8, row.id
        assert row.when in ("", *WHEN), row.id
        assert row.seen or row.operator, f"{row.id} recognises everything"


def without(layer: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: one layer is forgotten."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        real = evaluate.places
        patch.setattr(evaluate, "places", lambda *given: (p for p in real(*given) if p.name != layer))

    return plant


def operator(name: str, **changed: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: one operator compares in another way."""
    return lambda patch: patch.setitem(
        cast(dict[str, Any], conditions.OPERATORS), name, replace(conditions.OPERATORS[name], **changed)
    )


def condition(changed: Callable[[conditions.Condition], conditions.Condition]) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: conditions are taken for others."""
    real = conditions.holds
    return lambda patch: patch.setattr(evaluate, "holds", lambda asked, *given: real(changed(asked), *given))


def statement(**changed: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: a part of every statement is not looked at."""
    real = evaluate.match
    return lambda patch: patch.setattr(evaluate, "match", lambda asked, *given: real(replace(asked, **changed), *given))


def allowing(patch: pytest.MonkeyPatch) -> None:
    """A fault: a Deny is taken for an Allow."""
    real = evaluate.matches
    patch.setattr(evaluate, "matches", lambda *given: ((replace(s, effect="Allow"), m) for s, m in real(*given)))


def pattern(changed: Callable[[str], str], **options: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: patterns of actions and resources are read in another way."""
    real = patterns.fits
    return lambda patch: patch.setattr(
        evaluate, "fits", lambda text, *given, **named: real(changed(text), *given, **{**named, **options})
    )


FAULTS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the boundary is forgotten": without("boundary"),
    "the session is forgotten": without("session"),
    "NotAction is Action": statement(not_action=False),
    "NotResource is Resource": statement(not_resource=False),
    "conditions are forgotten": statement(conditions=()),
    "every statement allows": allowing,
    "IfExists is forgotten": condition(lambda c: replace(c, if_exists=False)),
    "IfExists is everywhere": condition(lambda c: replace(c, if_exists=True)),
    "ForAnyValue asks for all": condition(lambda c: replace(c, quantifier="ForAllValues") if c.quantifier else c),
    "ForAllValues asks for one": condition(lambda c: replace(c, quantifier="ForAnyValue") if c.quantifier else c),
    "only the first value counts": condition(lambda c: replace(c, values=c.values[:1])),
    "less than includes equal": operator("NumericLessThan", compare=le),
    "later is earlier": operator("DateGreaterThan", compare=lt),
    "a negation is forgotten": operator("StringNotLike", negated=False),
    "an address is negated": operator("IpAddress", negated=True),
    "case is kept": operator("StringEqualsIgnoreCase", fold=False),
    "case is ignored": operator("ArnLike", fold=True),
    "a star in an exact text": operator("StringEquals", shape="text"),
    "a question mark is a star": pattern(lambda text: text.replace("?", "*")),
    "actions have a case": pattern(lambda text: text, fold=False),
}
"""What a mistake in the evaluator could look like, and how to plant it."""


@pytest.fixture
def forgetful() -> Iterator[None]:
    """The evaluator remembers nothing of what it found before a fault, and nothing of what it found with it."""

    def forget() -> None:
        for remembered in (*vars(evaluate).values(), *vars(conditions).values(), *vars(patterns).values()):
            getattr(remembered, "cache_clear", lambda: None)()

    forget()
    yield
    forget()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("forgetful")
def test_a_planted_fault_is_seen(fault: str, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: a wrong evaluator makes a difference that no row explains."""
    FAULTS[fault](monkeypatch)
    for seed in range(3, 3 + ROUNDS):
        asked = list(cases(seed, SOME))
        if compared(asked, judge(asked), judge).unexplained:
            return
    pytest.fail(f"nobody notices that {fault}")
