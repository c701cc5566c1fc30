"""Every control that checkov decides sees what its record says, through checkov itself."""

from collections.abc import Sequence

import pytest

from llmlz.checkov.process import Checkov
from llmlz.checks.by_checkov import evaluate_by_checkov
from llmlz.checks.evaluate import Finding
from llmlz.checks.fixtures import Fixture
from llmlz.checks.records import Control, controls
from llmlz.graph.model import Graph
from llmlz.rehearsal import names as pulumi_names
from tests.policies.planting import planted, recorded, stacks, touched

pytestmark = pytest.mark.ring(2)

BY_CHECKOV = [control for control in controls() if control.evaluator == "checkov"]
CASES = [(c, f) for c in BY_CHECKOV for f in (*c.passes, *c.fails)]


def judged(checkov: Checkov, control: Control, graph: Graph, level: int) -> tuple[Finding, ...]:
    """Findings of one control; it looks at something."""
    found = evaluate_by_checkov(graph, level, checkov, [control.record()])
    assert found.coverage[0].looked_at
    return found.findings


def names(findings: Sequence[Finding]) -> list[str]:
    """Names of what fails; ``stack`` for the stack itself."""
    return sorted("stack" if "pulumi:pulumi:Stack" in f.urn else f.urn.rpartition("::")[2] for f in findings)


def shown(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    """Resource and message of what blocks."""
    return {(f.urn, f.message) for f in findings if f.mandatory}


@pytest.mark.parametrize(("control", "fixture"), CASES, ids=[f"{c.id}: {f.name}" for c, f in CASES])
def test_exactly_the_named_resources_fail(control: Control, fixture: Fixture, checkov: Checkov) -> None:
    """A check that is too wide or too narrow blames another set of names than the record."""
    level = fixture.level or control.mandatory_from
    found = judged(checkov, control, fixture.graph(), level)
    assert names(found) == sorted(fixture.blames), [f.message for f in found]
    assert {f.verdict for f in found} <= {fixture.verdict}
    assert all(f.message and f.mandatory for f in found)


@pytest.mark.parametrize("control", BY_CHECKOV, ids=lambda c: c.id)
def test_each_check_is_needed_and_each_type_is_judged(control: Control, checkov: Checkov) -> None:
    """Each check sees something wrong in a fixture, and none of the types goes without a check."""
    messages = " ".join(
        finding.message
        for fixture in control.fails
        for finding in judged(checkov, control, fixture.graph(), fixture.level or control.mandatory_from)
        if finding.verdict == "violated"
    )
    assert [check for check in control.checkov if f"({check})" not in messages] == []
    checks = checkov.hello(control.checkov).checks.values()
    for token in control.types() or ():
        type_, kind = pulumi_names.terraform_type(token), token.rpartition(":")[2]
        assert any((type_ and check.judges(type_)) or kind in check.kinds for check in checks), token


@pytest.mark.parametrize("control", BY_CHECKOV, ids=lambda c: c.id)
def test_the_mutation_flips_the_verdict(control: Control, checkov: Checkov) -> None:
    """The first passing fixture is green, and red after the change that the record names."""
    fixture = control.passes[0]
    assert control.mutation is not None
    level = fixture.level or control.mandatory_from
    after = judged(checkov, control, control.mutation.apply(fixture.graph()), level)
    assert [f.verdict for f in after] == ["violated"] * len(after) != []


@pytest.mark.parametrize("control", BY_CHECKOV, ids=lambda c: c.id)
def test_the_planted_mistake_is_caught(control: Control, checkov: Checkov) -> None:
    """In every stack of the examples that has the resource; the blame falls on what was changed."""
    for estate, stack, after in planted(control.id):
        level, before = recorded(estate)[stack]
        at = max(level, control.mandatory_from)
        new = shown(judged(checkov, control, after, at)) - shown(judged(checkov, control, before, at))
        assert new, f"not caught in {stack}"
        if changed := touched(control, before, after):
            assert {urn for urn, _ in new} & changed, f"{stack}: {changed} was changed"


ADVICE = {("pgvector", "platform-sandbox"): {"DAT-09"}}
"""Stack to the controls that advise there: the first tier has no backups, and its guide says so."""


@pytest.mark.parametrize(("estate", "stack"), stacks(), ids=str)
def test_no_false_alarm(estate: str, stack: str, checkov: Checkov) -> None:
    """No control speaks at all about an unchanged stack at its own level; not even as advice, but where a tier says no more."""
    level, graph = recorded(estate)[stack]
    found = evaluate_by_checkov(graph, level, checkov, [control.record() for control in BY_CHECKOV]).findings
    known = ADVICE.get((estate, stack), set())
    assert [f"{f.control} {f.urn.rpartition('::')[2]}: {f.message}" for f in found if f.control not in known] == []
    assert {f.control for f in found if not f.mandatory} >= known


def test_some_mistakes_are_planted_in_real_stacks() -> None:
    """Which mistakes are planted in stacks and which only in fixtures; printed with ``-rP``."""
    in_stacks = [control.id for control in BY_CHECKOV if planted(control.id)]
    in_fixtures = [control.id for control in BY_CHECKOV if not planted(control.id)]
    print(f"planted in stacks: {', '.join(in_stacks)}; in fixtures alone: {', '.join(in_fixtures)}")
    assert in_stacks
