"""Wildcards and policy variables, by hand and against a second, slower implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access.patterns import Shape, UndecidedError, UnresolvedError, fits

ROLE = "arn:aws:iam::111122223333:role/team/claims-app"


def slow_glob(pattern: str, value: str) -> bool:
    """A glob by its definition: ``*`` takes nothing, or one character and stays."""
    if not pattern:
        return not value
    if pattern[0] == "*":
        return slow_glob(pattern[1:], value) or (bool(value) and slow_glob(pattern, value[1:]))
    return bool(value) and pattern[0] in ("?", value[0]) and slow_glob(pattern[1:], value[1:])


@given(st.text("ab*?:\n", max_size=7), st.text("ab*?:\n", max_size=7))
def test_text_wildcards_agree_with_the_definition(pattern: str, value: str) -> None:
    """Every short pattern and value gives the same answer as the textbook recursion."""
    assert fits(pattern, "text", value, {}) == slow_glob(pattern, value)


PART = st.text("ab*?", max_size=3)


@given(st.lists(PART, min_size=5, max_size=5), st.lists(st.text("ab", max_size=3), min_size=6, max_size=6))
def test_arn_parts_are_compared_one_by_one(pattern: list[str], value: list[str]) -> None:
    """An ARN pattern fits exactly when each of its six parts fits."""
    whole = ["arn", *pattern]
    expected = value[0] == "arn" and all(slow_glob(p, v) for p, v in zip(pattern, value[1:], strict=True))
    assert fits(":".join(whole), "arn", ":".join(value), {}) == expected


@given(st.lists(PART, min_size=5, max_size=5), st.text("ab:", max_size=9))
def test_a_resource_pattern_fits_at_least_what_an_arn_pattern_fits(pattern: list[str], value: str) -> None:
    """The documented reading of Resource is the wider one, and never wider than a plain glob."""
    text, arn = ":".join(["arn", *pattern]), f"arn:{value}:a:b:a:b"
    narrow, wide = fits(text, "arn", arn, {}), fits(text, "resource", arn, {})
    assert wide >= narrow
    assert slow_glob(text, arn) >= wide


@pytest.mark.parametrize(
    ("pattern", "shape", "value", "expected"),
    [
        ("arn:aws:s3:::b*", "resource", "arn:aws:s3:::bucket/a:b", True),
        ("arn:aws:sns:eu-*:111122223333:t", "resource", "arn:aws:sns:eu-west-1:111122223333:t", True),
        ("arn:aws:sns:*:t", "resource", "arn:aws:sns:eu-west-1:111122223333:t", True),
        ("arn:aws:sns:e*1:1:t", "resource", "arn:aws:sns:eu:1:t", False),
        ("arn:aws:sns:?:1:t", "resource", "arn:aws:sns:::1:t", False),
        ("arn:aws:iam::*:role/*", "arn", ROLE, True),
        ("arn:aws:*:role/*", "text", ROLE, True),
        ("arn:aws:iam::111122223333:Role/*", "arn", ROLE, False),
        ("*", "resource", "*", True),
        ("arn:aws:s3:::*", "resource", "*", False),
    ],
)
def test_colons_and_case(pattern: str, shape: Shape, value: str, expected: bool) -> None:
    """A star at the end of a part of a Resource reaches over colons; elsewhere it does not. Case counts."""
    assert fits(pattern, shape, value, {}) is expected


def test_a_variable_takes_the_value_of_the_request_literally() -> None:
    """A tag that holds a star is a star, not a wildcard; ``${*}`` is a star too."""
    pattern = "arn:aws:s3:::b/${aws:PrincipalTag/Team}/*"
    assert fits(pattern, "resource", "arn:aws:s3:::b/claims/x", {"aws:principaltag/team": "claims"})
    assert not fits(pattern, "resource", "arn:aws:s3:::b/fraud/x", {"aws:principaltag/team": "*"})
    assert fits("a${*}", "text", "a*", {})
    assert not fits("a${*}", "text", "ab", {})


def test_a_variable_without_a_value() -> None:
    """No value is reported, a default in quotes is used, and several values are undecided."""
    with pytest.raises(UnresolvedError, match="aws:PrincipalTag/team"):
        fits("${aws:PrincipalTag/team}", "exact", "claims", {})
    assert fits("${aws:PrincipalTag/team, 'none'}", "exact", "none", {})
    with pytest.raises(UndecidedError, match="several values"):
        fits("${aws:TagKeys}", "exact", "a", {"aws:tagkeys": ("a", "b")})
