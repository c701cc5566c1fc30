"""Waivers: findings that somebody answers for, with a name, a reason, a ticket and an end.

Owns: reading ``waivers.yaml`` of an estate, and what a waiver does to findings.
Does not own: findings. A waived one is still reported; it only does not block.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from llmlz.checks.evaluate import Evaluation, Finding
from llmlz.errors import BadInputError
from llmlz.graph.model import Source, stack_urn

FILE = "waivers.yaml"
CONTROL = "GOV-06"
"""The control of waivers themselves; its record says so."""

LONGEST_DAYS = 366
STACK = "stack"
"""Written as the resource where a control of a whole stack is waived."""

Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]


class Waiver(BaseModel):
    """One finding that does not block for a while."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    control: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,4}-\d{2}$")]
    stack: Text
    """Name of the stack."""

    resource: Text
    """Logical name of the resource, or ``stack`` for a control of the whole stack."""

    owner: Text
    """Who answers for it."""

    reason: Text
    ticket: Text
    since: date
    expires: date
    """The last day on which it holds."""

    @model_validator(mode="after")
    def _ends(self) -> Self:
        days = (self.expires - self.since).days
        if not 0 <= days <= LONGEST_DAYS:
            raise ValueError(f"it lasts {days} days, expected 0 to {LONGEST_DAYS}: renew it with a new reason instead")
        return self

    def holds(self, today: date) -> bool:
        """Between its first day and its last; one that begins later waives nothing yet."""
        return self.since <= today <= self.expires

    def __str__(self) -> str:
        return f"waived by {self.owner} until {self.expires} ({self.ticket}: {self.reason})"


def load_waivers(estate: Path, controls: Iterable[str], stacks: Iterable[str]) -> tuple[Waiver, ...]:
    """The waivers of an estate, none where it has no file; raises ``BadInputError`` with every problem.

    ``controls`` and ``stacks`` are the names that there are: a waiver for anything else would lie unnoticed.
    """
    path = estate / FILE
    if not path.exists():
        return ()
    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, OSError) as error:
        raise BadInputError(f"{path}: expected YAML ({' '.join(str(error).split())}); correct the file") from None
    if not isinstance(raw, list):
        raise BadInputError(f"{path}: expected a list of waivers, found {type(raw).__name__}; begin each with a dash")
    found, problems = [], []
    names = {"control": frozenset(controls), "stack": frozenset(stacks)}
    for number, entry in enumerate(raw):
        try:
            waiver = Waiver.model_validate(entry)
        except ValidationError as error:
            problems += [f"{path} [{number}]{_place(e['loc'])}: {e['msg']}" for e in error.errors()]
            continue
        problems += [
            f"{path} [{number}].{name}: found {getattr(waiver, name)!r}, expected the name of a {name} that is there"
            for name, known in names.items()
            if getattr(waiver, name) not in known
        ]
        found.append(waiver)
    if problems:
        raise BadInputError("\n".join([*problems, "nothing was checked; correct the file"]))
    return tuple(found)


def apply(evaluation: Evaluation, waivers: Sequence[Waiver], stack: str, project: str, today: date) -> Evaluation:
    """Findings after the waivers of one stack: waived ones do not block, and waivers that are over are findings."""
    mine = [waiver for waiver in waivers if waiver.stack == stack]
    live = {(w.control, w.resource): w for w in mine if w.holds(today)}
    findings = [_waived(finding, live) for finding in evaluation.findings]
    findings += _about(mine, evaluation, today, stack_urn(project, stack))
    return replace(evaluation, findings=tuple(sorted(findings, key=lambda f: (f.control, f.urn, f.message))))


def name_of(finding: Finding) -> str:
    """The resource as waivers name it."""
    return STACK if "::pulumi:pulumi:Stack::" in finding.urn else finding.urn.rpartition("::")[2]


def _waived(finding: Finding, live: dict[tuple[str, str], Waiver]) -> Finding:
    waiver = live.get((finding.control, name_of(finding)))
    return replace(finding, mandatory=False, waived=str(waiver)) if waiver else finding


def _about(waivers: Sequence[Waiver], evaluation: Evaluation, today: date, urn: str) -> Iterator[Finding]:
    found = {(finding.control, name_of(finding)) for finding in evaluation.findings}
    for waiver in waivers:
        over, idle = waiver.expires < today, (waiver.control, waiver.resource) not in found
        if over or idle:
            what = f"the waiver of {waiver.control} for {waiver.resource}"
            yield Finding(
                control=CONTROL,
                severity="medium",
                mandatory=over,
                urn=urn,
                source=Source(file=FILE, line=1),
                message=f"{what} expired on {waiver.expires} ({waiver.ticket})" if over else f"{what} waives nothing",
                remediation=f"Mend what it waived, or renew it with {waiver.owner}; remove it when it is not needed.",
                verdict="violated",
            )


def _place(loc: tuple[int | str, ...]) -> str:
    return "".join(f".{part}" for part in loc)
