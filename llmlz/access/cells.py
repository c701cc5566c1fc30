"""What the matrix amounts to, as values: answers, ways to call, cells, columns and lines.

Does not own: how they come from the rows of the matrix (``grid``), and their words (``wording``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from llmlz.access.evaluate import Outcome

Through = Literal["own profile", "profile of another", "no profile"]
THROUGH: tuple[Through, ...] = ("own profile", "profile of another", "no profile")
"""What a caller names as the model, the best way first; ``no profile`` is the foundation model itself."""

NO_STATEMENT = "no statement allows it"
"""An implicit deny."""

OUTCOMES: tuple[Outcome, ...] = ("allowed", "indeterminate", "denied")

Verdict = Literal["allowed", "wider", "refused", "indeterminate"]
"""``allowed`` is what a team is meant to have, and nothing besides; ``wider`` is more than that."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Answer:
    """What was decided about some calls, and by what."""

    outcome: Outcome
    layer: str
    """Layer that decided; empty where none did."""

    statement: str
    """Sid of the statement that decided; empty where none did."""

    where: str
    """File and line of that statement's policy, else of the role."""

    why: str = ""
    """The reason where no layer decided; empty otherwise."""

    @property
    def told(self) -> str:
        """The statement, that there is none, or the reason."""
        return self.statement or (NO_STATEMENT if self.layer and self.outcome == "denied" else self.why)


NOT_EVALUATED = Answer(outcome="indeterminate", layer="", statement="", where="", why="the call was not evaluated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Calls of one cell with one answer: every profile, with every guardrail, for every action named here."""

    through: Through
    profiles: tuple[str, ...]
    """Logical names; left out for profiles of others that refuse."""

    guardrails: tuple[str, ...]
    """Guardrail versions given with the call; empty for calls without one."""

    actions: tuple[str, ...]
    """Operations of Amazon Bedrock, such as ``InvokeModel``."""

    answer: Answer
    intended: bool
    """These calls are what a team is meant to make: through its own profile, and with a guardrail where one can look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one role may do with one model in one region."""

    ways: tuple[Way, ...]
    """The way that should be open first."""

    @property
    def verdict(self) -> Verdict:
        """The most serious that there is: doubt, then more than should be, then what should be."""
        outcomes = {way.answer.outcome for way in self.ways}
        if "indeterminate" in outcomes:
            return "indeterminate"
        if any(way.answer.outcome == "allowed" and not way.intended for way in self.ways):
            return "wider"
        return "allowed" if "allowed" in outcomes else "refused"

    @property
    def decisive(self) -> Answer:
        """The answer that makes the verdict; for ``allowed`` the one that refuses the rest, where there is a rest."""
        wanted: dict[Verdict, Iterator[Way]] = {
            "indeterminate": (way for way in self.ways if way.answer.outcome == "indeterminate"),
            "wider": (way for way in self.ways if way.answer.outcome == "allowed" and not way.intended),
            "allowed": (way for way in self.ways if way.answer.outcome == "denied"),
            "refused": iter(self.ways),
        }
        return next(wanted[self.verdict], self.ways[0]).answer


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Column:
    """One model, called in one region."""

    model: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One role."""

    team: str
    """Tag ``team`` of the role; empty where it has none."""

    role: str
    stack: str
    cells: tuple[Cell, ...]
    """One per column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Who may call what."""

    actions: tuple[str, ...] = ()
    """Every operation that was evaluated."""

    guardrails: tuple[str, ...] = ()
    """Every guardrail version that was tried."""

    columns: tuple[Column, ...] = ()
    """By model, then region."""

    lines: tuple[Line, ...] = ()
    """By team, then role."""
