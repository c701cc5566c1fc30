"""Condition blocks: the operators that are understood, and what they say about a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (2026-11) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(2026-11). An operator without a row here makes its document undecided.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any, Literal

from llmlz.access.patterns import Keys, Shape, UndecidedError, fits, problem

Quantifier = Literal["", "ForAllValues", "ForAnyValue"]
FLAGS = ("true", "false")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
SECONDS = re.compile(r"[0-9]{5,}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?")


class PolicyError(ValueError):
    """A part of a policy document that is not understood; the message says which."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator compares a value of the request with those of the policy."""

    shape: Shape | Literal["flag", "network", "absent", "number", "date"]
    compare: Callable[[float, float], bool] = eq
    """Value of the request against value of the policy, for numbers and dates."""

    negated: bool = False
    """True when the value fits none of the policy's values, and when the key is absent."""

    fold: bool = False
    """Case is ignored."""


ORDERS: Mapping[str, tuple[Callable[[float, float], bool], bool]] = {
    "Equals": (eq, False),
    "NotEquals": (eq, True),
    "LessThan": (lt, False),
    "LessThanEquals": (le, False),
    "GreaterThan": (gt, False),
    "GreaterThanEquals": (ge, False),
}
"""End of an operator on numbers or dates to how it compares, and whether it is negated."""

OPERATORS: Mapping[str, Operator] = {
    "StringEquals": Operator("exact"),
    "StringNotEquals": Operator("exact", negated=True),
    "StringEqualsIgnoreCase": Operator("exact", fold=True),
    "StringNotEqualsIgnoreCase": Operator("exact", negated=True, fold=True),
    "StringLike": Operator("text"),
    "StringNotLike": Operator("text", negated=True),
    "ArnEquals": Operator("arn"),
    "ArnLike": Operator("arn"),
    "ArnNotEquals": Operator("arn", negated=True),
    "ArnNotLike": Operator("arn", negated=True),
    "Bool": Operator("flag"),
    "IpAddress": Operator("network"),
    "NotIpAddress": Operator("network", negated=True),
    "Null": Operator("absent"),
    **{f"Numeric{end}": Operator("number", compare, negated) for end, (compare, negated) in ORDERS.items()},
    **{f"Date{end}": Operator("date", compare, negated) for end, (compare, negated) in ORDERS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One operator on one key. Several of them in a statement must all hold."""

    written: str
    """The operator as the policy writes it, such as ``ForAllValues:StringLikeIfExists``."""

    key: str
    """Name of the condition key, in lower case."""

    values: tuple[str, ...]
    operator: Operator
    quantifier: Quantifier
    if_exists: bool

    def __str__(self) -> str:
        """Operator, key and values on one line."""
        return f"{self.written} {self.key} {', '.join(self.values)}"


def parse_condition(written: str, key: str, values: Any) -> Condition:
    """One entry of a Condition block; raises ``PolicyError`` for what is not understood."""
    before, _, rest = written.rpartition(":")
    base = rest.removesuffix("IfExists")
    if base not in OPERATORS or before not in ("", "ForAllValues", "ForAnyValue"):
        raise PolicyError(f"condition operator {written!r} is not understood")
    operator, if_exists = OPERATORS[base], rest != base
    if operator.shape == "absent" and (before or if_exists):
        raise PolicyError(f"condition operator {written!r} does not exist: Null takes no prefix and no suffix")
    listed = values if isinstance(values, list) else [values]
    if operator.shape in ("number", "date"):
        listed = [str(v) if isinstance(v, int | float) and not isinstance(v, bool) else v for v in listed]
    if operator.shape in ("flag", "absent"):
        listed = [str(v).lower() if isinstance(v, bool | str) else v for v in listed]
    if not listed or not all(isinstance(v, str) for v in listed):
        raise PolicyError(f"values of {written} {key} must be texts, found {values!r}")
    for value in listed:
        if found := _value_problem(value, operator):
            raise PolicyError(f"{written} {key}: {found}")
    return Condition(
        written=written,
        key=key.lower(),
        values=tuple(listed),
        operator=operator,
        quantifier=before,  # type: ignore[arg-type]  # checked above
        if_exists=if_exists,
    )


def _value_problem(value: str, operator: Operator) -> str | None:
    if operator.shape in ("flag", "absent"):
        return None if value in FLAGS else f"{value!r} is neither true nor false"
    if operator.shape in ("exact", "text", "arn"):
        return problem(value, operator.shape)
    try:
        ipaddress.ip_network(value) if operator.shape == "network" else measure(value, operator.shape)
    except ValueError as error:
        return str(error)
    return None


def measure(value: str, shape: str) -> float:
    """A number, or the seconds since 1970 of a date; raises ``ValueError`` for a text that is neither.

    Dates are written in one of the W3C's forms of ISO 8601, or as seconds:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (2026-11).
    Four digits could be a year or seconds, and a date without its day, or a time without its zone, could be read in
    several ways: they are neither.
    """
    if shape == "number":
        if not NUMBER.fullmatch(value):
            raise ValueError(f"{value!r} is not a number")
        return float(value)
    if SECONDS.fullmatch(value):
        return float(value)
    if not DATE.fullmatch(value):
        raise ValueError(f"{value!r} is not a date")
    found = datetime.fromisoformat(value)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def holds(condition: Condition, keys: Keys) -> bool:
    """Whether the condition is true for a request with this context.

    Raises ``UndecidedError`` where AWS does not document the answer, and ``UnresolvedError`` for a policy variable
    without a value.
    """
    operator, value = condition.operator, keys.get(condition.key)
    if operator.shape == "absent":
        if value in ("", ()):
            raise UndecidedError(f"{condition.key} is present and empty, and Null is not documented for that")
        return str(value is None).lower() in condition.values
    if condition.quantifier:
        return _of_many(condition, value, keys)
    if value is None:
        return operator.negated or condition.if_exists
    if not isinstance(value, str):
        raise UndecidedError(f"{condition.key} has several values, and {condition.written} has no set operator")
    return _one(condition, value, keys)


def _of_many(condition: Condition, value: str | tuple[str, ...] | None, keys: Keys) -> bool:
    if value is None and condition.if_exists:
        return True
    values = (value,) if isinstance(value, str) else value or ()
    if condition.quantifier == "ForAllValues":  # an absent key, no values and an empty text are all "no data": true
        return values in ((), ("",)) or all(_one(condition, v, keys) for v in values)
    return values not in ((), ("",)) and any(_one(condition, v, keys) for v in values)


def _one(condition: Condition, value: str, keys: Keys) -> bool:
    # All values are compared: a variable without a value is reported even when another value already fits.
    found = [_fits(condition.operator, expected, value, keys) for expected in condition.values]
    return any(found) != condition.operator.negated


def _fits(operator: Operator, expected: str, value: str, keys: Keys) -> bool:
    if operator.shape == "flag":
        if value.lower() not in FLAGS:
            raise UndecidedError(f"{value!r} is compared as a flag")
        return value.lower() == expected
    if operator.shape == "network":
        try:
            return ipaddress.ip_address(value) in ipaddress.ip_network(expected)
        except ValueError as error:
            raise UndecidedError(str(error)) from error
    if operator.shape in ("number", "date"):
        try:
            return operator.compare(measure(value, operator.shape), measure(expected, operator.shape))
        except ValueError as error:
            raise UndecidedError(str(error)) from error
    return fits(expected, operator.shape, value, keys, fold=operator.fold)  # type: ignore[arg-type]  # as above
