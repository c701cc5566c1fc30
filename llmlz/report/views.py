"""Tables of the page that are no one-to-one copy of the report: who may call what at a glance, and refusals together."""

from collections.abc import Sequence
from dataclasses import dataclass

from llmlz.report.model import AccessRow

COLUMNS = 8
"""Profiles in the table at a glance; above that only the lists are shown."""

ROWS = 40
"""Roles in it."""

DIRECT = "any model without a profile"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What one role may do with one target."""

    kind: str
    """``guarded``, ``bare``, ``no`` or ``undecided``."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """Roles down, profiles across."""

    targets: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Role and its cells, one per target."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Calls of one role that are denied for one reason."""

    role: str
    how: str
    statement: str
    where: str
    reason: str
    targets: tuple[str, ...]


def glance(rows: Sequence[AccessRow]) -> Glance | None:
    """The table at a glance; ``None`` when it would be empty or too large to be read."""
    targets = tuple(dict.fromkeys(row.target for row in rows if not row.direct))
    roles = tuple(dict.fromkeys((row.stack, row.role) for row in rows))
    if not targets or len(targets) > COLUMNS or len(roles) > ROWS:
        return None
    across = (*targets, *([DIRECT] if any(row.direct for row in rows) else []))
    made = [
        (
            role,
            tuple(
                _cell([r for r in rows if (r.stack, r.role) == (stack, role) and _at(r) == target]) for target in across
            ),
        )
        for stack, role in roles
    ]
    return Glance(targets=across, rows=tuple(made))


def refused(rows: Sequence[AccessRow]) -> tuple[Refused, ...]:
    """Denied calls, together where role, guardrail, statement and reason are the same."""
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for row in rows:
        if row.outcome == "denied":
            with_ = f"with {row.guardrail}" if row.guardrail else "no guardrail"
            how = f"{'a model' if row.direct else 'a profile'}, {with_}"
            regions = found.setdefault((row.role, how, row.statement, row.where, row.reason), {}).setdefault(
                row.target, []
            )
            regions += [row.geography] if row.direct else []
    return tuple(
        Refused(
            role=key[0],
            how=key[1],
            statement=key[2],
            where=key[3],
            reason=key[4],
            targets=tuple(f"{name} in {', '.join(where)}" if where else name for name, where in targets.items()),
        )
        for key, targets in found.items()
    )


def _at(row: AccessRow) -> str:
    return DIRECT if row.direct else row.target


def _cell(rows: Sequence[AccessRow]) -> Cell:
    """The widest answer: what cannot be decided comes before what is allowed without a guardrail."""
    outcomes = {(row.outcome, bool(row.guardrail)) for row in rows}
    if any(outcome == "indeterminate" for outcome, _ in outcomes) or not rows:
        return Cell(kind="undecided", words="undecided")
    if ("allowed", False) in outcomes:
        return Cell(kind="bare", words="also without a guardrail")
    return (
        Cell(kind="guarded", words="with guardrail only")
        if ("allowed", True) in outcomes
        else Cell(kind="no", words="no")
    )
