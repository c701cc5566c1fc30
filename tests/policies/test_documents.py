"""Policy documents are read strictly: what AWS refuses is refused here, with its place."""

import json
from typing import Any

import pytest

from policies.pack import _grammar
from policies.pack._documents import matches, parse
from policies.pack._values import UnreadableError

GOOD: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::docs/*"}


def problems(kind: _grammar.Kind = "identity", *, version: Any = "2012-10-17", **change: Any) -> list[str]:
    """What the grammar says about a good statement with some elements changed, or dropped with ``None``."""
    statement = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    return list(_grammar.problems({"Version": version, "Statement": [statement]}, kind))


def test_a_good_statement_has_no_problem() -> None:
    """The strict grammar takes what AWS takes."""
    assert problems() == []
    assert (
        problems("resource", Principal={"AWS": ["111122223333", "*"], "Service": "logs.eu-west-1.amazonaws.com"}) == []
    )
    assert (
        problems("trust", Resource=None, Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com.cn"}) == []
    )
    condition = {"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a", "b"]}, "Null": {"aws:SourceVpce": True}}
    assert problems(Condition=condition) == []


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        (
            "identity",
            {"Action": None, "Actions": "s3:*"},
            "Statement[0]: unknown element 'Actions', did you mean 'Action'?",
        ),
        ("identity", {"Effect": "allow"}, "Statement[0].Effect is 'allow', expected 'Allow' or 'Deny'"),
        ("identity", {"Resource": None}, "Statement[0]: Resource is missing"),
        ("identity", {"NotAction": "s3:*"}, "Statement[0] has both Action and NotAction"),
        ("identity", {"Principal": "*"}, "Statement[0]: Principal is not allowed in an identity policy"),
        ("identity", {"Resource": "docs"}, "Statement[0].Resource holds 'docs', expected '*' or an ARN"),
        ("identity", {"Action": "s3"}, "Statement[0].Action holds 's3', expected an action such as 's3:GetObject'"),
        ("identity", {"Action": []}, "Statement[0].Action is empty"),
        ("identity", {"Sid": "with space"}, "Statement[0].Sid is 'with space', expected letters and digits"),
        ("identity", {"Condition": {"StringEqual": {"aws:x": "y"}}}, "unknown operator 'StringEqual'"),
        ("identity", {"Condition": {"Bool": {"SecureTransport": "no"}}}, "has the key 'SecureTransport'"),
        ("identity", {"Condition": {"Bool": {"aws:a": "x", "AWS:A": "y"}}}, "has the same key twice"),
        ("identity", {"version": "2012-10-18"}, "Version is '2012-10-18', expected '2012-10-17'"),
        ("trust", {"Principal": {"AWS": "*"}}, "Statement[0]: Resource is not allowed in a trust policy"),
        ("resource", {}, "Statement[0]: Principal is missing"),
        ("resource", {"Principal": "logs.amazonaws.com"}, "Principal is 'logs.amazonaws.com', expected '*'"),
        ("resource", {"Principal": {"Services": "x"}}, "unknown kind 'Services'"),
        ("resource", {"Principal": {"Service": "bedrock"}}, "holds 'bedrock', which names no principal"),
        ("resource", {"Principal": {"AWS": "12345"}}, "holds '12345', which names no principal"),
    ],
)
def test_each_mistake_is_named_with_its_place(kind: _grammar.Kind, change: dict[str, Any], message: str) -> None:
    """One planted mistake gives a message that says where and what."""
    assert any(message in problem for problem in problems(kind, **change))


def test_two_elements_of_one_name_are_not_silently_merged() -> None:
    """JSON readers keep the last of two; here nobody guesses which one AWS takes."""
    with pytest.raises(ValueError, match="'Effect' stands twice"):
        _grammar.load('{"Effect": "Deny", "Effect": "Allow"}')


def test_parsing_refuses_what_the_grammar_refuses() -> None:
    """A rule gets statements, or an error that becomes indeterminate."""
    with pytest.raises(UnreadableError, match=r"policy: Statement\[0\].*unknown element 'Actions'"):
        parse({"Version": "2012-10-17", "Statement": {**GOOD, "Actions": "*"}}, "identity", "policy")
    (statement,) = parse(json.dumps({"Version": "2012-10-17", "Statement": GOOD}), "identity", "policy")
    assert statement.actions == ("s3:GetObject",)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("bedrock:invoke*", "bedrock:InvokeModel", True),
        ("bedrock:InvokeMode?", "bedrock:InvokeModel", True),
        ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", False),
        ("*", "bedrock:InvokeModel", True),
        ("bedrock.InvokeModel", "bedrock:InvokeModel", False),
    ],
)
def test_wildcards_are_iams(pattern: str, name: str, expected: bool) -> None:
    """Case does not count, and only ``*`` and ``?`` are special."""
    assert matches(pattern, name) is expected
