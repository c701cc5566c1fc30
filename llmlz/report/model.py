"""What the report says, as plain values.

Owns: the values and their JSON form.
Does not own: how they come from the readers (``build``, ``sketch``, ``proof``) and how they look (``page``, ``picture``).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal

from llmlz.access.cells import Grid
from llmlz.access.tables import plain
from llmlz.evidence.model import Evidence
from llmlz.report.sketch import Sketch

Outcome = Literal["done", "failed", "left out"]
Verdict = Literal["holds", "violated", "indeterminate", "nothing to look at"]
Holds = Literal["holds", "fails", "undecided", "not run"]
FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that was done, or was not."""

    name: str
    outcome: Outcome
    seconds: float
    """How long it took."""

    said: str
    """The result, the failure, or the reason why it was left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One resource."""

    name: str
    type: str
    """Pulumi token."""

    where: str
    """File and line that made it; empty where that is not known."""

    protected: bool
    """The engine refuses to delete it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """The resources that one component made."""

    name: str
    """Logical name; empty for resources that hang from the stack itself."""

    type: str
    """Class of the component."""

    resources: tuple[Made, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """What one stack is made of."""

    name: str
    account: str
    region: str
    counts: Mapping[str, int]
    """Pulumi token to number of resources, of those that a provider makes."""

    components: tuple[Component, ...]

    @property
    def total(self) -> int:
        """Number of resources that a provider makes."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessRow:
    """One role, one target, with or without a guardrail: may it call?"""

    stack: str
    role: str
    team: str
    """Tag ``team`` of the role; empty where it has none."""

    target: str
    """Logical name of the inference profile, or id of a model that is called without one."""

    direct: bool
    """The model is called without a profile."""

    model: str
    geography: str
    """Where the model may answer: the geography of a cross-region profile, or one region."""

    guardrail: str
    """Name of the guardrail's version that is sent with the call; empty for a call without one."""

    actions: tuple[str, ...]
    """IAM actions for which the answer is this one."""

    outcome: Literal["allowed", "denied", "indeterminate"]
    statement: str
    """Sid of the statement that decided; empty where none did."""

    where: str
    """File and line of that statement's policy, else of the role."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CostLine:
    """Things of one stack that are billed alike."""

    what: str
    resources: tuple[str, ...]
    quantity: str
    """Units billed at the same time, over all of the resources."""

    unit: str
    """``hour`` or ``month``."""

    unit_price: str
    """USD for one unit."""

    month: str
    """USD a month, two decimals."""

    source: str
    """Address of the published price."""

    confirmed: bool
    """Whether the price was compared with a published figure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackCost:
    """The fixed cost of one stack."""

    stack: str
    lines: tuple[CostLine, ...]
    total: str
    """USD a month, two decimals; a lower bound while something is unpriced."""

    ceiling: str
    """USD a month that the stack may cost; empty where there is no ceiling."""

    over: bool
    """The total is above the ceiling."""

    unpriced: tuple[str, ...]
    """Resources without a price, each with the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One resource for which a control does not hold or cannot be decided."""

    stack: str
    resource: str
    where: str
    verdict: Literal["violated", "indeterminate"]
    mandatory: bool
    """The finding blocks."""

    message: str
    remediation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlLine:
    """One control over all stacks."""

    id: str
    title: str
    severity: str
    level: int
    """Assurance level from which it blocks."""

    verdict: Verdict
    """The worst over all stacks."""

    looked_at: int
    """Resources that it looked at."""

    findings: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalLine:
    """What the AWS provider said to one stack."""

    stack: str
    findings: tuple[str, ...]
    """Reasons why a deployment would fail, each with its line; empty where the provider accepts the stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalStack:
    """One stack on the local cloud."""

    stack: str
    existing: int
    """Resources that were made and read back."""

    missing: int
    """Resources that were left out or failed."""

    unexpected: tuple[str, ...]
    """Resources that failed although no row leaves them out, each with the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CallLine:
    """One call as a team."""

    name: str
    expected: str
    got: str
    how: str
    note: str

    @property
    def passed(self) -> bool:
        """Whether the expected came."""
        return self.got == self.expected


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class NotProved:
    """One thing that this run says nothing about."""

    area: str
    what: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the answer to: does it hold?"""

    area: str
    outcome: Holds
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything on the page."""

    title: str
    created: str
    """When, as ISO text; whoever asks for the report knows."""

    steps: tuple[Step, ...]
    stacks: tuple[Stack, ...]
    sketch: Sketch
    """What the picture shows."""

    access: tuple[AccessRow, ...]
    grid: Grid
    """The same calls, one line per role."""

    costs: tuple[StackCost, ...]
    total: str
    """USD a month over all stacks, two decimals."""

    level: int
    """Assurance level that the controls were asked for."""

    controls: tuple[ControlLine, ...]
    evidence: Evidence
    """The same results by the clauses of frameworks that controls support."""

    rehearsals: tuple[RehearsalLine, ...]
    local: tuple[LocalStack, ...]
    calls: tuple[CallLine, ...]
    not_proved: tuple[NotProved, ...]
    checks: tuple[Check, ...]
    """Does it hold, area by area."""

    verdict: Holds
    """``fails`` as soon as one thing fails, ``undecided`` as soon as one is; ``not run`` where something was left out."""


def to_json(report: Report) -> str:
    """Stable text: equal reports give equal bytes."""
    values = {**asdict(replace(report, grid=Grid())), "grid": plain(report.grid)}  # each answer of the grid only once
    return json.dumps({"format": FORMAT, **values}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
