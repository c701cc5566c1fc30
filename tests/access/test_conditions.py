"""The truth table of the operators, written by hand from the documentation."""

from typing import Any

import pytest

from llmlz.access.conditions import holds, parse_condition
from llmlz.access.patterns import UndecidedError

ROLE = "arn:aws:iam::111122223333:role/app"
OTHER = "arn:aws:iam::111122223333:role/other"


@pytest.mark.parametrize(
    ("operator", "values", "same", "different", "absent"),
    [
        ("StringEquals", "Red", ("Red", True), ("red", False), False),
        ("StringNotEquals", "Red", ("Red", False), ("red", True), True),
        ("StringEqualsIgnoreCase", "Red", ("rED", True), ("blue", False), False),
        ("StringNotEqualsIgnoreCase", "Red", ("rED", False), ("blue", True), True),
        ("StringLike", ["R?d", "b*"], ("Rad", True), ("red", False), False),
        ("StringNotLike", ["R?d", "b*"], ("Rad", False), ("red", True), True),
        ("ArnEquals", "arn:aws:iam::*:role/app", (ROLE, True), (OTHER, False), False),
        ("ArnLike", "arn:aws:iam::*:role/app", (ROLE, True), (OTHER, False), False),
        ("ArnNotEquals", "arn:aws:iam::*:role/app", (ROLE, False), (OTHER, True), True),
        ("ArnNotLike", "arn:aws:iam::*:role/app", (ROLE, False), (OTHER, True), True),
        ("Bool", True, ("TRUE", True), ("false", False), False),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], ("10.1.2.3", True), ("11.0.0.1", False), False),
        ("NotIpAddress", "10.0.0.0/8", ("10.1.2.3", False), ("11.0.0.1", True), True),
    ],
)
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_every_operator(  # noqa: PLR0917  # one column of the table each
    operator: str, values: Any, same: tuple[str, bool], different: tuple[str, bool], absent: bool, suffix: str
) -> None:
    """Negated operators are true without the key, others only with IfExists, which changes nothing else."""
    condition = parse_condition(operator + suffix, "Test:Key", values)
    assert holds(condition, {"test:key": same[0]}) is same[1]
    assert holds(condition, {"test:key": different[0]}) is different[1]
    assert holds(condition, {}) is (absent or suffix == "IfExists")


def test_null_asks_for_presence() -> None:
    """``true`` is an absent key, ``false`` a present one; a present and empty one is not documented."""
    assert holds(parse_condition("Null", "k:a", "true"), {})
    assert not holds(parse_condition("Null", "k:a", True), {"k:a": "x"})
    assert holds(parse_condition("Null", "k:a", "false"), {"k:a": ("x", "y")})
    with pytest.raises(UndecidedError):
        holds(parse_condition("Null", "k:a", "false"), {"k:a": ""})


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "x"), False),
        ("ForAllValues:StringEquals", (), True),
        ("ForAllValues:StringEquals", None, True),
        ("ForAllValues:StringNotEquals", ("x", "y"), True),
        ("ForAllValues:StringNotEquals", ("x", "a"), False),
        ("ForAnyValue:StringEquals", ("x", "a"), True),
        ("ForAnyValue:StringEquals", ("x",), False),
        ("ForAnyValue:StringEquals", (), False),
        ("ForAnyValue:StringEquals", None, False),
        ("ForAnyValue:StringEqualsIfExists", None, True),
        ("ForAnyValue:StringNotEquals", ("a", "x"), True),
        ("ForAnyValue:StringNotEquals", None, False),
    ],
)
def test_set_operators(operator: str, values: tuple[str, ...] | None, expected: bool) -> None:
    """ForAllValues is true for no values at all, ForAnyValue is false."""
    keys = {} if values is None else {"aws:tagkeys": values}
    assert holds(parse_condition(operator, "aws:TagKeys", ["a", "b"]), keys) is expected


def test_what_cannot_be_compared_is_undecided() -> None:
    """Several values without a set operator, a text as a flag, a text as an ARN: AWS does not say."""
    with pytest.raises(UndecidedError, match="no set operator"):
        holds(parse_condition("StringEquals", "aws:TagKeys", "a"), {"aws:tagkeys": ("a",)})
    with pytest.raises(UndecidedError, match="as a flag"):
        holds(parse_condition("Bool", "k:a", "true"), {"k:a": "maybe"})
    with pytest.raises(UndecidedError, match="is not an ARN"):
        holds(parse_condition("ArnLike", "k:a", ROLE), {"k:a": "app"})
    with pytest.raises(UndecidedError, match="does not appear to be an IPv4 or IPv6 address"):
        holds(parse_condition("IpAddress", "k:a", "10.0.0.0/8"), {"k:a": "here"})
