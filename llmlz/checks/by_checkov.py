"""Controls that checkov decides: what its results and doubts mean for a graph.

Owns: findings from a scan, and what follows where checkov is missing or fails: nothing is passed that was not judged.
Does not own: asking checkov (``llmlz.checkov``).
"""

from collections.abc import Iterator, Sequence

from llmlz.checkov.process import Checkov, CheckovError
from llmlz.checkov.scan import Scan, scan
from llmlz.checks.compiled import records
from llmlz.checks.evaluate import Coverage, Evaluation, Finding
from llmlz.graph.model import Graph, Resource, stack_urn
from policies.pack._record import Record

UNDECIDED_BLOCKS_FROM = 2
"""Level from which it blocks that checkov could not judge, whatever the control's own level."""


def evaluate_by_checkov(graph: Graph, level: int, checkov: Checkov, only: Sequence[Record] | None = None) -> Evaluation:
    """Findings and coverage of the controls that checkov decides, or of those in ``only``, at an assurance level.

    checkov is asked only for checks of controls that have something to look at.
    """
    chosen = [r for r in (records() if only is None else only) if r.evaluator == "checkov" and level >= r.advisory_from]
    subjects = {r.id: [x for x in graph.custom() if x.type in (r.types or ())] for r in chosen}
    coverage = tuple(Coverage(control=r.id, looked_at=tuple(x.urn for x in subjects[r.id])) for r in chosen)
    busy = [r for r in chosen if subjects[r.id]]
    checks = sorted({check for r in busy for check in r.checkov})
    try:
        found = scan(graph, checks, checkov=checkov) if checks else None
    except CheckovError as error:
        findings = [_missing(record, graph, level, str(error)) for record in busy]
    else:
        findings = [f for r in busy if found for f in _findings(r, subjects[r.id], found, graph, level)]
    return Evaluation(findings=tuple(sorted(findings, key=lambda f: (f.control, f.urn))), coverage=coverage)


def together(first: Evaluation, second: Evaluation) -> Evaluation:
    """Two evaluations of one graph as one."""
    return Evaluation(
        findings=tuple(sorted((*first.findings, *second.findings), key=lambda f: (f.control, f.urn, f.message))),
        coverage=tuple(sorted((*first.coverage, *second.coverage), key=lambda c: c.control)),
    )


def _findings(record: Record, subjects: Sequence[Resource], found: Scan, graph: Graph, level: int) -> Iterator[Finding]:
    for resource in subjects:
        mine = [r for r in found.results if r.urn == resource.urn and r.check in record.checkov]
        doubts = [d for d in found.doubts if d.urn == resource.urn and d.check in (None, *record.checkov)]
        failed = [f"{r.message} ({r.check})" for r in mine if r.verdict == "failed"]
        unsure = [f"{r.message} ({r.check})" for r in mine if r.verdict == "unknown"]
        unsure += [doubt.message for doubt in doubts]
        if not mine and not doubts:
            unsure.append(f"none of {', '.join(record.checkov)} said anything about it")
        if failed:
            yield _finding(record, resource, level, "; ".join(failed), violated=True)
        elif unsure:
            yield _finding(record, resource, level, "; ".join(dict.fromkeys(unsure)), violated=False)
    stack = stack_urn(graph.project, graph.stack)
    if whole := [d.message for d in found.doubts if d.urn == stack and d.check in (None, *record.checkov)]:
        yield _missing(record, graph, level, "; ".join(whole))


def _finding(record: Record, resource: Resource, level: int, message: str, *, violated: bool) -> Finding:
    from_ = record.mandatory_from if violated else min(record.mandatory_from, UNDECIDED_BLOCKS_FROM)
    return Finding(
        control=record.id,
        severity=record.severity,
        mandatory=level >= from_,
        urn=resource.urn,
        source=resource.source,
        message=message if violated else f"cannot be decided: {message}",
        remediation=record.remediation,
        verdict="violated" if violated else "indeterminate",
    )


def _missing(record: Record, graph: Graph, level: int, why: str) -> Finding:
    return Finding(
        control=record.id,
        severity=record.severity,
        mandatory=level >= min(record.mandatory_from, UNDECIDED_BLOCKS_FROM),
        urn=stack_urn(graph.project, graph.stack),
        source=None,
        message=f"cannot be decided: {' '.join(why.split())}",
        remediation=record.remediation,
        verdict="indeterminate",
    )
