"""Controls over a graph: what fails, what cannot be decided, and what was looked at.

Owns: running rules and turning their results into findings.
Does not own: the rules, and what happens with findings (``output`` writes them).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from llmlz.checks.compiled import records
from llmlz.checks.records import Control
from llmlz.graph.model import Graph, Source, stack_urn
from policies.pack import _judge
from policies.pack._record import Record, Severity

LEVELS = (1, 2, 3, 4)


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
    waived: str = ""
    """Who answers for it, until when and why; empty for a finding that nobody waived."""


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
    graph: Graph, level: int, others: Sequence[Graph] = (), only: Sequence[Control | Record] | None = None
) -> Evaluation:
    """Findings and coverage of the controls that rules decide, or of those in ``only``.

    Those that checkov decides are in ``by_checkov``. Raises ``ValueError`` for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"assurance level {level!r}: expected one of {', '.join(map(str, LEVELS))}")
    findings: list[Finding] = []
    coverage: list[Coverage] = []
    chosen = records() if only is None else [c.record() if isinstance(c, Control) else c for c in only]
    by_code = [record for record in chosen if record.evaluator == "code"]
    for record, subjects, verdicts in _judge.judge(by_code, graph, graph.custom(), level, others):
        coverage.append(Coverage(control=record.id, looked_at=tuple(r.urn for r in subjects)))
        failing = [verdict for verdict in verdicts if verdict.result.verdict != "holds"]
        findings += [_finding(record, verdict, graph, level) for verdict in failing]
    return Evaluation(findings=tuple(sorted(findings, key=lambda f: (f.control, f.urn))), coverage=tuple(coverage))


def _finding(control: Record, verdict: _judge.Verdict, graph: Graph, level: int) -> Finding:
    stack = stack_urn(graph.project, graph.stack)
    resource = graph.by_urn[verdict.resource.urn] if verdict.resource else None
    return Finding(
        control=control.id,
        severity=control.severity,
        mandatory=level >= control.mandatory_from,
        urn=resource.urn if resource else stack,
        source=resource.source if resource else None,
        message=verdict.result.message,
        remediation=control.remediation,
        verdict="violated" if verdict.result.verdict == "violated" else "indeterminate",
    )
