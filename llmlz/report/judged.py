"""From judgements to what the report says: who may call what, fixed cost, controls."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from llmlz.access.calls import PROFILE
from llmlz.access.matrix import Row
from llmlz.access.profiles import route
from llmlz.checks.compiled import records
from llmlz.checks.evaluate import Evaluation, Finding
from llmlz.cost.fixed import Cost, Line
from llmlz.graph.model import Graph, Resource
from llmlz.graph.standins import cores
from llmlz.report.links import readable
from llmlz.report.model import AccessRow, ControlLine, CostLine, Found, StackCost, Verdict

CENT = Decimal("0.01")
FORM_TITLE = "Values have the form that AWS accepts"
"""What checks of structure ask for; they are no records, since they hold at every level."""


def from_access(rows: Sequence[Row], graphs: Mapping[str, Graph]) -> tuple[AccessRow, ...]:
    """The matrix; actions with the same answer share a row."""
    profiles = {r.name: r for graph in graphs.values() for r in graph.of_type(PROFILE)}
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = (
            row.stack,
            row.role,
            row.target,
            row.direct,
            row.region,
            row.guardrail,
            row.outcome,
            row.statement,
            row.source,
            row.reason,
        )
        found.setdefault(key, []).append(row)
    return tuple(_access_row(same, profiles.get(same[0].target), graphs) for same in found.values())


def _access_row(same: Sequence[Row], profile: Resource | None, graphs: Mapping[str, Graph]) -> AccessRow:
    row = same[0]
    model, geography = (row.target, row.region) if row.direct or profile is None else route(profile, row.region)
    return AccessRow(
        stack=row.stack,
        role=row.role,
        team=row.team or "",
        target=row.target,
        direct=row.direct,
        model=model,
        geography=geography,
        guardrail=_guardrail(row.guardrail, graphs) if row.guardrail else "",
        actions=tuple(r.action.partition(":")[2] for r in same),
        outcome=row.outcome,
        statement=row.statement or "",
        where=str(row.source or ""),
        reason=readable(row.reason, graphs),
    )


def _guardrail(identifier: str, graphs: Mapping[str, Graph]) -> str:
    """The resource that publishes the version, else the end of the identifier."""
    known = [
        g.standins[core].urn.rpartition("::")[2]
        for core in cores(identifier)
        for g in graphs.values()
        if core in g.standins
    ]
    return known[-1] if known else identifier.rpartition("/")[2]


def from_costs(costs: Mapping[str, Cost], ceilings: Mapping[str, Decimal]) -> tuple[StackCost, ...]:
    """Fixed cost by stack; ``ceilings`` are USD a month by stack name."""
    return tuple(
        StackCost(
            stack=name,
            lines=_cost_lines(cost.lines),
            total=usd(cost.total),
            ceiling=usd(ceilings[name]) if name in ceilings else "",
            over=name in ceilings and cost.total > ceilings[name],
            unpriced=tuple(f"{_name(item.urn)} ({item.token}): {item.why}" for item in cost.unpriced),
        )
        for name, cost in costs.items()
    )


def _cost_lines(lines: Sequence[Line]) -> tuple[CostLine, ...]:
    found: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        found.setdefault((line.what, line.unit, line.unit_price, line.source, line.confirmed), []).append(line)
    dear = sorted(found.values(), key=lambda same: (-sum(line.month for line in same), same[0].what))
    return tuple(
        CostLine(
            what=same[0].what,
            resources=tuple(_name(line.urn) for line in same),
            quantity=f"{sum((line.quantity for line in same), Decimal(0)):f}",
            unit=same[0].unit,
            unit_price=f"{same[0].unit_price:f}",
            month=usd(sum((line.month for line in same), Decimal(0))),
            source=same[0].source,
            confirmed=same[0].confirmed,
        )
        for same in dear
    )


def from_checks(evaluations: Mapping[str, Evaluation]) -> tuple[ControlLine, ...]:
    """One line per control that ran or found something, over all stacks; worst first, then by id."""
    known = {record.id: record for record in records()}
    looked: dict[str, int] = {}
    found: dict[str, list[Found]] = {}
    severities: dict[str, str] = {}
    for stack, evaluation in evaluations.items():
        for coverage in evaluation.coverage:
            looked[coverage.control] = looked.get(coverage.control, 0) + len(coverage.looked_at)
        for finding in evaluation.findings:
            severities[finding.control] = finding.severity
            found.setdefault(finding.control, []).append(_found(stack, finding))
    lines = []
    for id_ in {**looked, **found}:
        control = known.get(id_)
        lines.append(
            ControlLine(
                id=id_,
                title=control.title if control else FORM_TITLE,
                severity=control.severity if control else severities[id_],
                level=control.mandatory_from if control else 1,
                verdict=_worst(found.get(id_, ()), looked.get(id_, 0)),
                looked_at=looked.get(id_, 0),
                findings=tuple(found.get(id_, ())),
            )
        )
    order: tuple[Verdict, ...] = ("violated", "indeterminate", "holds", "nothing to look at")
    return tuple(sorted(lines, key=lambda line: (order.index(line.verdict), line.id)))


def _found(stack: str, finding: Finding) -> Found:
    return Found(
        stack=stack,
        resource=_name(finding.urn),
        where=str(finding.source or ""),
        verdict=finding.verdict,
        mandatory=finding.mandatory,
        message=finding.message,
        remediation=finding.remediation,
    )


def _worst(found: Sequence[Found], looked: int) -> Verdict:
    verdicts = {finding.verdict for finding in found}
    if "violated" in verdicts:
        return "violated"
    return "indeterminate" if verdicts else "holds" if looked else "nothing to look at"


def usd(amount: Decimal) -> str:
    """Two decimals."""
    return f"{amount.quantize(CENT)}"


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
