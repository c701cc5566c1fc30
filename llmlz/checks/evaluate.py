"""Controls over a graph: what fails, what cannot be decided, and what was looked at.

Owns: running rules and turning their results into findings.
Does not own: the rules, and what happens with findings (``output`` writes them).
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from llmlz.checks.records import Control, Severity, controls
from llmlz.graph.model import Graph, Resource, Source
from policies.pack._rule import Context, Result, indeterminate
from policies.pack._values import UnreadableError

LEVELS = (1, 2, 3, 4)
_NOWHERE: Source | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One control that does not hold, or cannot be decided, for one resource or one stack."""

    control: str
    severity: Severity
    mandatory: bool
    """The finding blocks at the level that was asked for."""

    urn: str
    """The resource; the stack itself for controls of a whole stack."""

    source: Source | None
    """The line that made the resource."""

    message: str
    """What is wrong, with the value found."""

    remediation: str
    verdict: Literal["violated", "indeterminate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What one control looked at."""

    control: str
    looked_at: tuple[str, ...]
    """URNs, in the graph's order."""

    def __str__(self) -> str:
        count = len(self.looked_at)
        return f"{self.control} looked at {count or 'nothing'}" + (f" resource{'s' * (count > 1)}" if count else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """The outcome of all controls over one graph."""

    findings: tuple[Finding, ...]
    """Ordered by control, then URN."""

    coverage: tuple[Coverage, ...]
    """One entry per control that runs at the level, also where it looked at nothing."""


def check(graph: Graph, level: int, others: Sequence[Graph] = ()) -> tuple[Finding, ...]:
    """Findings of all controls at an assurance level from 1 to 4; raises ``ValueError`` for another level.

    ``others`` are the other known stacks of the estate: what exists once per account is looked for there too.
    """
    return evaluate(graph, level, others).findings


def evaluate(
    graph: Graph, level: int, others: Sequence[Graph] = (), only: Sequence[Control] | None = None
) -> Evaluation:
    """Findings and coverage of all controls, or of those in ``only``; raises ``ValueError`` for an unknown level."""
    if level not in LEVELS:
        raise ValueError(f"assurance level {level!r}: expected one of {', '.join(map(str, LEVELS))}")
    findings: list[Finding] = []
    coverage: list[Coverage] = []
    for control in controls() if only is None else only:
        if level < control.advisory_from:
            continue
        subjects = [r for r in graph.custom() if (types := control.types()) is None or r.type in types]
        context = Context(stack=graph, level=level, needs=control.parameters(level), others=tuple(others))
        coverage.append(Coverage(control=control.id, looked_at=tuple(r.urn for r in subjects)))
        findings += _findings(control, subjects, context, graph)
    return Evaluation(findings=tuple(sorted(findings, key=lambda f: (f.control, f.urn))), coverage=tuple(coverage))


def _findings(control: Control, subjects: list[Resource], context: Context, graph: Graph) -> list[Finding]:
    module = importlib.import_module("policies.pack." + control.rule.replace("/", "."))
    if control.scope == "stack":
        stack = f"urn:pulumi:{graph.stack}::{graph.project}::pulumi:pulumi:Stack::{graph.project}-{graph.stack}"
        judged = [(stack, _NOWHERE, _judge(module.decide_stack, subjects, context))] if subjects else []
    else:
        judged = [(r.urn, r.source, _judge(module.decide, r, context)) for r in subjects]
    return [
        Finding(
            control=control.id,
            severity=control.severity,
            mandatory=context.level >= control.mandatory_from,
            urn=urn,
            source=source,
            message=result.message,
            remediation=control.remediation,
            verdict=result.verdict,
        )
        for urn, source, result in judged
        if result.verdict != "holds"
    ]


def _judge(decide: Any, subject: Any, context: Context) -> Result:
    try:
        result: Result = decide(subject, context)
    except UnreadableError as error:
        return indeterminate(f"cannot be decided: {error}")
    return result
