"""Which requests a question is about: rows of conditions on action, resource and context.

``holds`` answers for one request with the evaluator's matching; ``encode`` has the same as a formula, with its own.
"""

from dataclasses import dataclass
from typing import Literal

from llmlz.access.patterns import Shape, fits
from llmlz.access.request import Request

How = Literal["in", "not_in", "absent", "present"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition. ``in`` without patterns holds for no request, ``not_in`` without patterns for every one."""

    key: str
    """``action``, ``resource``, or a condition key in lower case."""

    how: How
    """``not_in`` is also true when the key is absent. Of several values one must fit for ``in``, none for ``not_in``."""

    patterns: tuple[str, ...] = ()
    """Wildcards are ``*`` and ``?``; ``${*}`` is the character. An action is matched without regard to case, a resource
    as the Resource element of a statement is, anything else as a text."""

    def holds(self, request: Request, resource_shape: Shape = "resource") -> bool:
        """Whether the request meets the condition; raises ``UnresolvedError`` for a policy variable in a pattern."""
        if self.key == "action":
            value: str | tuple[str, ...] | None = request.action
        else:
            value = request.resource if self.key == "resource" else request.keys.get(self.key)
        if self.how in ("absent", "present"):
            return (value is None) == (self.how == "absent")
        shape: Shape = resource_shape if self.key == "resource" else "text"
        values = () if value is None else (value,) if isinstance(value, str) else value
        found = any(fits(p, shape, v, {}, fold=self.key == "action") for p in self.patterns for v in values)
        return found == (self.how == "in")


@dataclass(frozen=True, slots=True)
class Where:
    """Requests that meet every condition of any row."""

    rows: tuple[tuple[Clause, ...], ...]

    def holds(self, request: Request) -> bool:
        """Whether the request is one of them, by the evaluator's matching."""
        return any(all(clause.holds(request) for clause in row) for row in self.rows)
