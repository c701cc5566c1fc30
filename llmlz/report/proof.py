"""Does it hold, and what was not proved: both from what is there and from what is missing.

A part that was not run never counts as holding; see ``Report.verdict``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from llmlz.local.deploy import Deployment
from llmlz.rehearsal.rehearse import Rehearsal
from llmlz.rehearsal.unverified import Known, committed
from llmlz.report.model import (
    AccessRow,
    CallLine,
    Check,
    ControlLine,
    Holds,
    LocalStack,
    NotProved,
    RehearsalLine,
    StackCost,
    Step,
)

LIMITS = Path(__file__).parent / "data" / "limits.yaml"
GAPS = {
    "dropped": "the provider at hand has no such argument",
    "refused": "the provider at hand does not know this type or value",
    "unlinked": "the value does not show the resource that it comes from",
    "untranslated": "the type has no Terraform name here",
}
"""Kind of a gap in a rehearsal, in words."""

NAMED = 6
"""Names of resources in one row; the others are counted."""


def limits() -> tuple[NotProved, ...]:
    """What no run on one machine can prove; raises ``TypeError`` for a row with a missing or unknown field."""
    return tuple(NotProved(**row) for row in YAML(typ="safe", pure=True).load(LIMITS.read_text(encoding="utf-8")))


def of_steps(steps: Sequence[Step]) -> Iterator[NotProved]:
    """Steps that were left out."""
    for step in steps:
        if step.outcome == "left out":
            yield NotProved(area="steps", what=f"step {step.name}", why=step.said or "left out")


def of_access(rows: Sequence[AccessRow]) -> Iterator[NotProved]:
    """Calls that cannot be decided."""
    for row in rows:
        if row.outcome == "indeterminate":
            how = f"with {row.guardrail}" if row.guardrail else "without a guardrail"
            yield NotProved(area="access", what=f"{row.role} calls {row.target} {how}", why=row.reason)


def of_controls(lines: Sequence[ControlLine]) -> Iterator[NotProved]:
    """Controls that cannot be decided for a resource, and those without any resource."""
    for line in lines:
        for finding in line.findings:
            if finding.verdict == "indeterminate":
                yield NotProved(area="controls", what=f"{line.id} for {finding.resource}", why=finding.message)
        if line.verdict == "nothing to look at":
            yield NotProved(area="controls", what=f"{line.id} {line.title}", why="no stack has a resource that it looks at")


def of_costs(costs: Sequence[StackCost]) -> Iterator[NotProved]:
    """Resources without a price, and prices that were not compared with a published figure."""
    for cost in costs:
        for item in cost.unpriced:
            yield NotProved(area="cost", what=f"fixed cost in {cost.stack}", why=item)
        for line in cost.lines:
            if not line.confirmed:
                why = f"no published figure was found that agrees; compare it with {line.source}"
                yield NotProved(area="cost", what=f"price of: {line.what}, {line.unit_price} USD a {line.unit}", why=why)


def of_rehearsals(rehearsals: Mapping[str, Rehearsal]) -> Iterator[NotProved]:
    """What the AWS provider did not get to see, with the committed reason."""
    known = committed()
    for rehearsal in rehearsals.values():
        for row in rehearsal.unverified:
            reason = next((_flat(k) for k in known if k.covers(row)), "no row gives a reason")
            what = " ".join(part for part in (row.token, row.property) if part)
            yield NotProved(area="rehearsal", what=what, why=f"{GAPS[row.kind]}: {reason}")


def of_deployment(deployment: Deployment | None) -> Iterator[NotProved]:
    """What is missing on the local cloud, by type and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for stack in deployment.stacks.values() if deployment else ():
        for urn, reason in stack.missing.items():
            *_, token, name = urn.split("::")
            found.setdefault((token.rpartition("$")[2], reason), []).append(name)
    for (token, reason), names in found.items():
        yield NotProved(area="local cloud", what=f"{token}: {_listed(names)}", why=reason)


def of_calls(calls: Sequence[CallLine]) -> Iterator[NotProved]:
    """Calls that were not tried."""
    for call in calls:
        if call.got == "not tried":
            yield NotProved(area="calls", what=f"{call.name}: {call.expected}", why=call.note)


def of_absence(absent: Mapping[str, Sequence[str]]) -> Iterator[NotProved]:
    """Whole parts, or stacks of a part, for which there is no result."""
    for area, stacks in absent.items():
        for stack in stacks:
            yield NotProved(area=area, what=stack, why="there is no result: not run, or stopped before it")


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
    said = check.said if check.outcome == "not run" else f"{check.said}; no result for {_listed(stacks)}"
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
    return ("fails", f"{counted(wrong, 'finding')}") if wrong else ("holds", "the AWS provider accepts every stack it saw")


def _of_local(stacks: Sequence[LocalStack]) -> tuple[Holds, str]:
    if not stacks:
        return "not run", "nothing was deployed"
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


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _flat(known: Known) -> str:
    return " ".join(known.reason.split())
