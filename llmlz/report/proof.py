"""What was not proved: from what the readers could not decide, from what was left out and from what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from llmlz.evidence.output import listed
from llmlz.local.deploy import Deployment
from llmlz.rehearsal.rehearse import Rehearsal
from llmlz.rehearsal.unverified import Known, committed
from llmlz.report.model import (
    AccessRow,
    CallLine,
    ControlLine,
    NotProved,
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
            yield NotProved(
                area="controls", what=f"{line.id} {line.title}", why="no stack has a resource that it looks at"
            )


def of_costs(costs: Sequence[StackCost]) -> Iterator[NotProved]:
    """Resources without a price, and prices that were not compared with a published figure."""
    for cost in costs:
        for item in cost.unpriced:
            yield NotProved(area="cost", what=f"fixed cost in {cost.stack}", why=item)
        for line in cost.lines:
            if not line.confirmed:
                why = f"no published figure was found that agrees; compare it with {line.source}"
                yield NotProved(
                    area="cost", what=f"price of: {line.what}, {line.unit_price} USD per {line.unit}", why=why
                )


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
        yield NotProved(area="local cloud", what=f"{token}: {listed(names)}", why=reason)


def of_calls(calls: Sequence[CallLine]) -> Iterator[NotProved]:
    """Calls that were not tried."""
    for call in calls:
        if call.got == "not tried":
            yield NotProved(area="calls", what=f"{call.name}: {call.expected}", why=call.note)


def of_absence(absent: Mapping[str, Sequence[str]]) -> Iterator[NotProved]:
    """Whole parts, or stacks of a part, for which there is no result."""
    for area, stacks in absent.items():
        if stacks:
            yield NotProved(area=area, what=listed(stacks), why="there is no result: not run, or stopped before it")


def _flat(known: Known) -> str:
    return " ".join(known.reason.split())
