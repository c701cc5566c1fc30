"""The truth table of the operators, written by hand from the documentation."""

from typing import Any

import pytest

from llmlz.access.conditions import OPERATORS, PolicyError, holds, parse_condition
from llmlz.access.patterns import UndecidedError

ROLE = "arn:aws:iam::111122223333:role/app"
OTHER = "arn:aws:iam::111122223333:role/other"


JUNE, LATER = "2026-06-01T10:00:00Z", "2026-06-02"

# Columns of answers, T or F. One value: one that fits, one that does not; the key is absent: as written, and IfExists.
# ForAllValues: only fitting values, one of each kind, absent. ForAnyValue: one of each kind, only the other kind, absent.
TABLE: list[tuple[str, Any, str, str, str]] = [
    # operator                     policy                      fits                 does not         one  no   all   any
    ("StringEquals",               "Red",                      "Red",               "red",          "TF   FT   TFT   TFF"),
    ("StringEqualsIgnoreCase",     "Red",                      "rED",               "blue",         "TF   FT   TFT   TFF"),
    ("StringLike",                 ["R?d", "b*"],              "Rad",               "red",          "TF   FT   TFT   TFF"),
    ("ArnEquals",                  "arn:aws:iam::*:role/app",  ROLE,                OTHER,          "TF   FT   TFT   TFF"),
    ("ArnLike",                    "arn:aws:iam::*:role/app",  ROLE,                OTHER,          "TF   FT   TFT   TFF"),
    ("Bool",                       True,                       "TRUE",              "false",        "TF   FT   TFT   TFF"),
    ("IpAddress",                  ["10.0.0.0/8", "::1"],      "10.1.2.3",          "11.0.0.1",     "TF   FT   TFT   TFF"),
    ("IpAddress",                  "2001:db8::/32",            "2001:db8:7::1",     "2001:db9::1",  "TF   FT   TFT   TFF"),
    ("NumericEquals",              ["7", 10],                  "10.0",              "8",            "TF   FT   TFT   TFF"),
    ("NumericLessThan",            "10",                       "9.5",               "10",           "TF   FT   TFT   TFF"),
    ("NumericLessThanEquals",      "10",                       "10",                "10.5",         "TF   FT   TFT   TFF"),
    ("NumericGreaterThan",         "-10",                      "-9",                "-10",          "TF   FT   TFT   TFF"),
    ("NumericGreaterThanEquals",   "10",                       "10",                "9",            "TF   FT   TFT   TFF"),
    ("DateEquals",                 JUNE,                       "1780308000",        LATER,          "TF   FT   TFT   TFF"),
    ("DateLessThan",               JUNE,                       "2026-06-01",        JUNE,           "TF   FT   TFT   TFF"),
    ("DateLessThanEquals",         JUNE,                       JUNE,                LATER,          "TF   FT   TFT   TFF"),
    ("DateGreaterThan",            JUNE,                       LATER,               JUNE,           "TF   FT   TFT   TFF"),
    ("DateGreaterThanEquals",      JUNE,      "2026-06-01T12:00:00.0+02:00", "2026-06-01T11:59+02:00", "TF FT   TFT   TFF"),
    # negated: a value "fits" when it is one that the policy names
    ("StringNotEquals",            "Red",                      "Red",               "red",          "FT   TT   FFT   TTF"),
    ("StringNotEqualsIgnoreCase",  "Red",                      "rED",               "blue",         "FT   TT   FFT   TTF"),
    ("StringNotLike",              ["R?d", "b*"],              "Rad",               "red",          "FT   TT   FFT   TTF"),
    ("ArnNotEquals",               "arn:aws:iam::*:role/app",  ROLE,                OTHER,          "FT   TT   FFT   TTF"),
    ("ArnNotLike",                 "arn:aws:iam::*:role/app",  ROLE,                OTHER,          "FT   TT   FFT   TTF"),
    ("NotIpAddress",               "10.0.0.0/8",               "10.1.2.3",          "2001:db8::1",  "FT   TT   FFT   TTF"),
    ("NotIpAddress",               "2001:db8::/32",            "2001:db8::1",       "10.1.2.3",     "FT   TT   FFT   TTF"),
    ("NumericNotEquals",           ["7", 10],                  "7.00",              "8",            "FT   TT   FFT   TTF"),
    ("DateNotEquals",              JUNE,                       "2026-06-01T12:00:00+02:00", LATER,  "FT   TT   FFT   TTF"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "values", "fits", "other", "answers"), TABLE)
def test_every_operator(operator: str, values: Any, fits: str, other: str, answers: str) -> None:
    """The truth table of the operators, by hand from the documentation: see the columns above."""

    def ask(written: str, value: str | tuple[str, ...] | None) -> bool:
        return holds(parse_condition(written, "Test:Key", values), {} if value is None else {"test:key": value})

    def letters(*answers: bool) -> str:
        return "".join("FT"[answer] for answer in answers)

    one, absent, every, some = answers.split()
    for written in (operator, f"{operator}IfExists"):  # IfExists changes nothing where the key is there
        assert letters(ask(written, fits), ask(written, other)) == one
    assert letters(ask(operator, None), ask(f"{operator}IfExists", None)) == absent
    assert letters(*(ask(f"ForAllValues:{operator}", value) for value in ((fits, fits), (fits, other), None))) == every
    assert letters(*(ask(f"ForAnyValue:{operator}", value) for value in ((fits, other), (other,), None))) == some


def test_the_table_has_every_operator() -> None:
    """An operator that is understood has a row; Null, which takes no prefix, has a test of its own."""
    assert {operator for operator, *_ in TABLE} == set(OPERATORS) - {"Null"}


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("NumericEquals", "ten"),
        ("NumericEquals", "1_000"),
        ("NumericEquals", "nan"),
        ("NumericEquals", "1e3"),
        ("NumericEquals", ""),
        ("NumericEquals", True),
        ("DateEquals", "2026"),
        ("DateEquals", "2026-06"),
        ("DateEquals", "2026-W23-1"),
        ("DateEquals", "2026-06-01T10:00:00"),
        ("DateEquals", "2026-13-01"),
        ("DateEquals", "tomorrow"),
        ("IpAddress", "2001:db8::1/32"),
    ],
)
def test_values_that_can_be_read_in_no_way_or_in_two(operator: str, value: Any) -> None:
    """A policy with such a value is refused; a request with one is undecided."""
    with pytest.raises(PolicyError):
        parse_condition(operator, "k:a", value)
    if isinstance(value, str) and operator != "IpAddress":
        whatever = parse_condition(operator, "k:a", "1780308000")
        with pytest.raises(UndecidedError):
            holds(whatever, {"k:a": value})


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
