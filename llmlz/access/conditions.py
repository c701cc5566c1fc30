"""Condition blocks: the operators that are understood, and what they say about a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (2026-11) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(2026-11). An operator without a row here makes its document undecided.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmlz.access.patterns import Keys, Shape, UndecidedError, fits, problem

Quantifier = Literal["", "ForAllValues", "ForAnyValue"]
FLAGS = ("true", "false")


class PolicyError(ValueError):
    """A part of a policy document that is not understood; the message says which."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator compares a value of the request with those of the policy."""

    shape: Shape | Literal["flag", "network", "absent"]
    negated: bool = False
    """True when the value fits none of the policy's values, and when the key is absent."""

    fold: bool = False
    """Case is ignored."""


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
    if operator.shape != "network":
        return problem(value, operator.shape)  # type: ignore[arg-type]  # the three other shapes are gone
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        return str(error)
    return None


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
    return fits(expected, operator.shape, value, keys, fold=operator.fold)  # type: ignore[arg-type]  # as above
