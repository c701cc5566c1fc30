"""Does it hold? One line per area, and the worst of them. What was not run never counts as holding."""

from collections.abc import Iterable, Mapping, Sequence

from llmlz.evidence.output import listed
from llmlz.report.model import (
    AccessRow,
    CallLine,
    Check,
    ControlLine,
    Holds,
    LocalStack,
    RehearsalLine,
    StackCost,
    Step,
)


def checks(
    *,
    steps: Sequence[Step],
    controls: Sequence[ControlLine],
    access: Sequence[AccessRow],
    costs: Sequence[StackCost],
    rehearsals: Sequence[RehearsalLine],
    local: Sequence[LocalStack],
    calls: Sequence[CallLine],
    absent: Mapping[str, Sequence[str]],
) -> tuple[Check, ...]:
    """One line per area. What has no result for one of the stacks is at best ``not run``."""
    made = {
        "controls": _of_controls(controls),
        "access": _of_access(access),
        "cost": _of_costs(costs),
        "rehearsal": _of_rehearsals(rehearsals),
        "local cloud": _of_local(local),
        "calls": _of_calls(calls),
    }
    found = [Check(area=area, outcome=outcome, said=said) for area, (outcome, said) in made.items()]
    found = [_less(check, absent.get(check.area, ())) for check in found]
    failed = [Check(area=f"step {s.name}", outcome="fails", said=s.said) for s in steps if s.outcome == "failed"]
    return (*failed, *found)


def overall(found: Iterable[Check]) -> Holds:
    """The worst of all: ``fails``, then ``undecided``, then ``not run``."""
    outcomes = {check.outcome for check in found}
    order: tuple[Holds, ...] = ("fails", "undecided", "not run")
    return next((outcome for outcome in order if outcome in outcomes), "holds" if outcomes else "not run")


def _less(check: Check, stacks: Sequence[str]) -> Check:
    if not stacks or check.outcome in ("fails", "undecided"):
        return check
    said = check.said if check.outcome == "not run" else f"{check.said}; no result for {listed(stacks)}"
    return Check(area=check.area, outcome="not run", said=said)


def _of_controls(lines: Sequence[ControlLine]) -> tuple[Holds, str]:
    if not lines:
        return "not run", "no control was run"
    blocking = [(f.verdict, f.resource) for line in lines for f in line.findings if f.mandatory]
    advice = sum(len(line.findings) for line in lines) - len(blocking)
    said = f"{counted(len(lines), 'control')}, {counted(len(blocking), 'blocking finding')}, {advice} advisory"
    if any(verdict == "violated" for verdict, _ in blocking):
        return "fails", said
    return "undecided" if blocking else "holds", said


def _of_access(rows: Sequence[AccessRow]) -> tuple[Holds, str]:
    if not rows:
        return "not run", "no call was evaluated"
    allowed = [row for row in rows if row.outcome == "allowed"]
    bare = sum(len(row.actions) for row in allowed if not row.guardrail)
    total, yes = (sum(len(row.actions) for row in some) for some in (rows, allowed))
    undecided = sum(len(row.actions) for row in rows if row.outcome == "indeterminate")
    said = f"{yes} of {counted(total, 'possible call')} allowed, {bare or 'none'} of them without a guardrail"
    return ("undecided", f"{said}, {undecided} undecided") if undecided else ("holds", said)


def _of_costs(costs: Sequence[StackCost]) -> tuple[Holds, str]:
    if not costs:
        return "not run", "no cost was added up"
    over = [f"{c.stack} costs {c.total} USD a month, above its ceiling of {c.ceiling}" for c in costs if c.over]
    if over:
        return "fails", "; ".join(over)
    missing = sum(len(cost.unpriced) for cost in costs)
    if missing:
        return "undecided", f"{counted(missing, 'resource')} without a price"
    under = [f"{c.stack} {c.total} USD a month, ceiling {c.ceiling}" for c in costs if c.ceiling]
    return "holds", "; ".join(under) or "every resource has a price; no stack has a ceiling"


def _of_rehearsals(lines: Sequence[RehearsalLine]) -> tuple[Holds, str]:
    if not lines:
        return "not run", "the AWS provider was not asked"
    wrong = sum(len(line.findings) for line in lines)
    return (
        ("fails", f"{counted(wrong, 'finding')}") if wrong else ("holds", "the AWS provider accepts every stack it saw")
    )


def _of_local(stacks: Sequence[LocalStack]) -> tuple[Holds, str]:
    if not stacks:
        return "not run", "nothing was done"
    existing, wanted = sum(s.existing for s in stacks), sum(s.existing + s.missing for s in stacks)
    failed = sum(len(s.unexpected) for s in stacks)
    said = f"{existing} of {counted(wanted, 'resource')} exist"
    return ("fails", f"{said}, {failed} failed") if failed else ("holds", said)


def _of_calls(calls: Sequence[CallLine]) -> tuple[Holds, str]:
    if not calls:
        return "not run", "no call was made"
    wrong = [call.name for call in calls if not call.passed]
    if wrong:
        return "fails", f"otherwise than expected: {', '.join(wrong)}"
    return "holds", ", ".join(f"{call.name}: {call.got}" for call in calls)


def counted(number: int, word: str) -> str:
    """``1 control``, ``2 controls``."""
    return f"{number} {word}{'' if number == 1 else 's'}"
