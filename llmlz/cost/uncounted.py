"""Numbers that a graph says, or does not say."""

from decimal import Decimal
from typing import Any


class UncountedError(Exception):
    """The graph does not say how many units a resource is billed for; the message says what is missing."""


def number(value: Any, what: str) -> Decimal:
    """A number as written; raises ``UncountedError`` with ``what`` for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UncountedError(f"{what} is {value!r}, expected a number")
    return Decimal(str(value))
