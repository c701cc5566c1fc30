"""Evidence as plain values: what controls say of stacks, and of the clauses that they support.

Owns: the values. Does not own: how they come from controls and evaluations (``collect``), and their texts (``output``).

A clause is never said to be satisfied. That a control supports it means that the control helps whoever must meet it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Result = Literal["holds", "violated", "indeterminate", "waived", "looked at nothing", "not run"]
State = Literal["supported", "partly looked at", "not looked at", "not covered"]
MEANING: Mapping[State, str] = {
    "supported": "each control that supports the clause looked at something here",
    "partly looked at": "some of its controls looked at something here, others at nothing or were not run",
    "not looked at": "there are controls, and none of them looked at anything here",
    "not covered": "no control supports the clause",
}
"""State of a clause, in the order of totals, and what it means."""

ORDER: tuple[Result, ...] = ("violated", "indeterminate", "waived", "holds", "looked at nothing", "not run")
"""Results, what a reader must see first."""

AGAINST: tuple[Result, ...] = ("violated", "indeterminate")
"""Results that a reader must see beside a clause: the control supports it, and does not hold or was not decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackResult:
    """What one control said of one stack in the last run."""

    stack: str
    result: Result
    """The worst of its resources; ``waived`` where each finding is."""

    looked_at: int
    """Resources that it looked at."""

    findings: int
    """Resources, or the stack itself, for which it does not hold or cannot be decided; without waived ones."""

    waived: tuple[str, ...]
    """For each waived finding who answers for it, until when and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlEvidence:
    """One control, what proves it, and what it said."""

    id: str
    title: str
    evaluator: str
    """Who decides: ``code`` of this project, ``checkov``, or ``manual``, which is a person."""

    level: int
    """Assurance level from which it is run."""

    mutation: str
    """Test that breaks a stack and wants the control to see it; empty where there is none."""

    cases: tuple[str, ...]
    """Tests with stacks that must pass, and stacks that must fail."""

    results: tuple[StackResult, ...]
    """One for each stack that was looked at, in the order of the run."""

    @property
    def looked(self) -> bool:
        """Whether it looked at something in any stack; what it found counts, even where it names nothing."""
        return any(result.looked_at or result.findings or result.waived for result in self.results)

    @property
    def result(self) -> Result:
        """What it says over all stacks: the first in ``ORDER`` of what it said of each."""
        said = {result.result for result in self.results}
        return next((result for result in ORDER if result in said), "not run")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClauseEvidence:
    """One clause and the controls that support it."""

    id: str
    title: str
    state: State
    controls: tuple[str, ...]
    """Ids."""

    against: tuple[str, ...]
    """Ids of those that do not hold, or cannot be decided, in some stack."""

    why_not: str
    """Why no control supports it; empty where one does, and where nobody has said why."""

    note: str
    checked: bool
    """The clause's number and place were compared with what is published about the framework."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameworkEvidence:
    """One framework, clause by clause."""

    name: str
    title: str
    edition: str
    source: str
    read: str
    """Year and month in which the list was made from what is published about it."""

    scope: str
    clauses: tuple[ClauseEvidence, ...]
    totals: Mapping[State, int]
    """Clauses in each state, with a number for each of them."""

    against: int
    """Clauses with a control that does not hold, or cannot be decided, in some stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Everything: controls once, and frameworks that name them."""

    stacks: tuple[str, ...]
    """Stacks for which there is a result."""

    controls: tuple[ControlEvidence, ...]
    frameworks: tuple[FrameworkEvidence, ...]
