"""The kill rate: each control's mistake is planted, and the gate goes red for that control and that resource.

A mistake is planted in every stack of the examples that has the resource, at the level from which the control blocks;
where no stack has it yet, in the record's own fixture. The unchanged stacks have no finding at their own level.
"""

import pytest

from llmlz.checks.evaluate import Finding, evaluate
from llmlz.checks.records import Control, controls
from llmlz.graph.model import Graph
from tests.policies.planting import planted, recorded, stacks, touched

BY_CODE = [control for control in controls() if control.evaluator == "code"]


def findings(estate: str, stack: str, graph: Graph, level: int, *only: Control) -> set[tuple[str, str, str]]:
    """Control, resource and message of what blocks; the estate's other stacks are known."""
    others = [other for name, (_, other) in recorded(estate).items() if name != stack]
    found: tuple[Finding, ...] = evaluate(graph, level, others, only or BY_CODE).findings
    return {(f.control, f.urn, f.message) for f in found if f.mandatory}


@pytest.mark.parametrize(("estate", "stack"), stacks(), ids=str)
def test_no_false_alarm(estate: str, stack: str) -> None:
    """No control speaks at all, not even as advice, about an unchanged stack at its own level."""
    level, graph = recorded(estate)[stack]
    others = [other for name, (_, other) in recorded(estate).items() if name != stack]
    found = evaluate(graph, level, others, BY_CODE).findings
    assert [f"{f.control} {f.urn.rpartition('::')[2]}: {f.message}" for f in found if f.mandatory] == []


@pytest.mark.parametrize("control", BY_CODE, ids=lambda control: control.id)
def test_the_planted_mistake_is_caught(control: Control) -> None:
    """In every stack that has the resource, else in the fixture; the blame falls on what was changed."""
    assert control.mutation is not None
    where = planted(control.id)
    for estate, stack, after in where:
        level, before = recorded(estate)[stack]
        at = max(level, control.mandatory_from)
        known = findings(estate, stack, before, at, control)
        new = findings(estate, stack, after, at, control) - known
        assert new, f"{control.mutation.what}: not caught in {stack}"
        blamed = {urn for _, urn, _ in new}
        if control.scope == "resource" and (changed := touched(control, before, after)):
            assert blamed & changed, f"{stack}: {blamed} is blamed, {changed} was changed"
    if not where:
        fixture = control.passes[0]
        level = fixture.level or control.mandatory_from
        after = control.mutation.apply(fixture.graph())
        assert evaluate(after, level, fixture.other_graphs(), [control]).findings


def test_most_mistakes_are_planted_in_real_stacks() -> None:
    """How many mistakes are planted in stacks and how many only in fixtures; printed with ``-rP``."""
    in_stacks = [control.id for control in BY_CODE if planted(control.id)]
    in_fixtures = [control.id for control in BY_CODE if not planted(control.id)]
    print(f"planted in stacks: {len(in_stacks)}; in fixtures alone: {len(in_fixtures)} ({', '.join(in_fixtures)})")
    assert len(in_stacks) >= len(in_fixtures)
