"""Evidence says what controls said, of which clause, and what nobody looked at."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from llmlz.checks.evaluate import Finding
from llmlz.checks.frameworks import frameworks
from llmlz.checks.records import controls
from llmlz.evidence.collect import TESTS, evidence
from llmlz.evidence.model import MEANING, StackResult, State
from tests.evidence.samples import WAIVER, collected, control, evaluation, finding, framework

ROOT = Path(__file__).parents[2]
WAIVED = finding("A-01", "x", waived=WAIVER)


def only(looked: Mapping[str, Sequence[str]], findings: Sequence[Finding]) -> StackResult:
    """The result of the control A-01 in the stack ``one``."""
    shown = collected(framework("1"), [control("A-01", "1")], {"one": evaluation(looked, findings)})
    return shown.controls[0].results[0]


@pytest.mark.parametrize(
    ("looked", "findings", "expected"),
    [
        ({"A-01": ["x", "y"]}, [], ("holds", 2, 0, ())),
        ({"A-01": ["x", "y"]}, [finding("A-01", "x")], ("violated", 2, 1, ())),
        ({"A-01": ["x"]}, [finding("A-01", "x", "indeterminate")], ("indeterminate", 1, 1, ())),
        ({"A-01": []}, [], ("looked at nothing", 0, 0, ())),
        ({}, [], ("not run", 0, 0, ())),
        ({"B-01": ["x"]}, [finding("B-01", "x")], ("not run", 0, 0, ())),
        ({}, [finding("A-01", "x")], ("violated", 0, 1, ())),
        ({"A-01": ["x", "y"]}, [WAIVED], ("waived", 2, 0, (WAIVER,))),
        ({"A-01": ["x", "y"]}, [WAIVED, finding("A-01", "y")], ("violated", 2, 1, (WAIVER,))),
        ({"A-01": ["x", "y"]}, [WAIVED, finding("A-01", "y", "indeterminate")], ("indeterminate", 2, 1, (WAIVER,))),
    ],
)
def test_the_result_of_a_stack_is_its_worst(
    looked: Mapping[str, Sequence[str]], findings: Sequence[Finding], expected: tuple[object, ...]
) -> None:
    """A finding is never hidden by resources for which the control holds, and a waived one never counts as holding."""
    result = only(looked, findings)
    assert (result.result, result.looked_at, result.findings, result.waived) == expected


def test_a_violated_and_an_undecided_resource_make_a_violated_stack() -> None:
    """What is known to be wrong outweighs what is not known."""
    found = [finding("A-01", "x", "indeterminate"), finding("A-01", "y")]
    assert only({"A-01": ["x", "y"]}, found).result == "violated"


@pytest.mark.parametrize(
    ("looked", "state"),
    [
        ({"A-01": ["x"], "A-02": ["x"]}, "supported"),
        ({"A-01": ["x"], "A-02": []}, "partly looked at"),
        ({"A-01": ["x"]}, "partly looked at"),
        ({"A-01": [], "A-02": []}, "not looked at"),
        ({}, "not looked at"),
    ],
)
def test_a_clause_is_supported_when_each_of_its_controls_looked(looked: dict[str, list[str]], state: State) -> None:
    """One control that looked at nothing takes the word away, and so does one that was not run."""
    made = [control("A-01", "1"), control("A-02", "1")]
    shown = collected(framework("1", "2"), made, {"one": evaluation(looked)}).frameworks[0]
    assert [clause.state for clause in shown.clauses] == [state, "not covered"]
    assert shown.totals == {**dict.fromkeys(MEANING, 0), state: 1, "not covered": 1}


def test_one_stack_is_enough_to_have_looked() -> None:
    """A platform has what teams have not: a control that looks at nothing in a team's stack is no gap."""
    stacks = {"one": evaluation({"A-01": ["x"]}), "two": evaluation({"A-01": []}, stack="two")}
    shown = collected(framework("1"), [control("A-01", "1")], stacks)
    assert shown.frameworks[0].clauses[0].state == "supported"
    assert [r.result for r in shown.controls[0].results] == ["holds", "looked at nothing"]
    assert shown.controls[0].result == "holds"


def test_a_finding_in_one_stack_stands_beside_each_clause_of_the_control() -> None:
    """The clause is looked at, and a reader sees that its control does not hold; a waiver is shown at the control."""
    stacks = {
        "one": evaluation({"A-01": ["x"], "A-02": ["x"]}),
        "two": evaluation({"A-01": ["x"], "A-02": ["x"]}, [finding("A-01", "x", stack="two")], stack="two"),
    }
    made = [control("A-01", "1", "2"), control("A-02", "1", "3")]
    shown = collected(framework("1", "2", "3"), made, stacks).frameworks[0]
    assert [clause.against for clause in shown.clauses] == [("A-01",), ("A-01",), ()]
    assert shown.against == 2
    stacks["two"] = evaluation({}, [finding("A-01", "x", stack="two", waived=WAIVER)], stack="two")
    waived = collected(framework("1", "2", "3"), made, stacks)
    assert waived.frameworks[0].against == 0
    assert waived.controls[0].result == "waived"


def test_a_clause_keeps_its_reason_only_while_no_control_supports_it() -> None:
    """Whatever stands in the file, a reader never sees a control and a reason for having none."""
    known = framework(**{"1": {"title": "a", "why_not": "people"}, "2": {"title": "b", "why_not": "people"}})
    first, second = collected(known, [control("A-01", "1")], {}).frameworks[0].clauses
    assert (first.controls, first.why_not) == (("A-01",), "")
    assert (second.controls, second.why_not) == ((), "people")


def test_without_any_evaluation_nothing_is_supported() -> None:
    """A report of a run that stopped early claims nothing."""
    shown = evidence({})
    assert shown.stacks == ()
    assert {clause.state for f in shown.frameworks for clause in f.clauses} == {"not looked at", "not covered"}
    assert {one.result for one in shown.controls} == {"not run"}


def test_every_link_of_every_record_is_there_once_and_every_clause_too() -> None:
    """Nothing is lost or counted twice between records, frameworks and evidence."""
    shown = evidence({})
    wanted = {(c.id, name, clause) for c in controls() for name, found in c.supports.items() for clause in found}
    links = [(id_, f.name, clause.id) for f in shown.frameworks for clause in f.clauses for id_ in clause.controls]
    assert sorted(links) == sorted(wanted)
    assert {f.name: [c.id for c in f.clauses] for f in shown.frameworks} == {
        name: list(known.clauses) for name, known in frameworks().items()
    }
    assert all(sum(f.totals.values()) == len(f.clauses) and list(f.totals) == list(MEANING) for f in shown.frameworks)


def test_the_named_tests_exist() -> None:
    """An auditor who runs what is named as the proof of a control runs something."""
    command = [sys.executable, "-m", "pytest", "--collect-only", *TESTS.values()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    collected_ids = set(done.stdout.splitlines())
    assert len(collected_ids) > len(controls())
    shown = evidence({}).controls
    named = [name for one in shown for name in (one.mutation, *one.cases) if name]
    assert [name for name in named if name not in collected_ids] == []
    assert all(one.mutation and len(one.cases) >= 2 for one in shown if one.evaluator == "code")
