"""Formulas of the solver, with constants folded: what is fixed in every request never reaches it.

A ``Claim`` is a pair of formulas: where the documentation does not settle an answer, the evaluator says "indeterminate",
and what is certain and what is possible then differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import z3  # type: ignore[import-untyped]  # ships no types

Formula = Any
"""``True``, ``False``, or a Boolean expression of the solver."""


def every(parts: Iterable[Formula]) -> Formula:
    """All of them."""
    found = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            found.append(part)
    return True if not found else found[0] if len(found) == 1 else z3.And(found)


def some(parts: Iterable[Formula]) -> Formula:
    """At least one of them."""
    found = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            found.append(part)
    return False if not found else found[0] if len(found) == 1 else z3.Or(found)


def no(part: Formula) -> Formula:
    """Not this."""
    return not part if isinstance(part, bool) else z3.Not(part)


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """Something that holds for certain, may hold, or does not."""

    certain: Formula
    possible: Formula

    @classmethod
    def plain(cls, formula: Formula) -> "Claim":
        """A claim without doubt."""
        return cls(formula, formula)

    @classmethod
    def every(cls, claims: "Iterable[Claim]") -> "Claim":
        """All of them."""
        return cls._combined(every, list(claims))

    @classmethod
    def some(cls, claims: "Iterable[Claim]") -> "Claim":
        """At least one of them."""
        return cls._combined(some, list(claims))

    def negated(self) -> "Claim":
        """Not this: for certain where it is not even possible."""
        certain = no(self.possible)
        return Claim(certain, certain if self.certain is self.possible else no(self.certain))

    @classmethod
    def _combined(cls, of: Callable[[Iterable[Formula]], Formula], claims: "list[Claim]") -> "Claim":
        certain = of(claim.certain for claim in claims)
        doubtful = any(claim.certain is not claim.possible for claim in claims)
        return cls(certain, of(claim.possible for claim in claims) if doubtful else certain)


UNKNOWN = Claim(False, True)
"""May hold or not, in every request."""
