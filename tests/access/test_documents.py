"""What a policy document may hold, and that everything else leaves it undecided."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from llmlz.access.documents import Document, Origin, parse

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def test_a_statement_keeps_its_parts_and_origin(make: Callable[..., Document]) -> None:
    """Actions, resources, conditions and Sid arrive as written; a missing Sid becomes its position."""
    document = make(
        {**ALLOW, "Sid": "Read", "Condition": {"StringLike": {"aws:PrincipalTag/Team": ["a*", "b"]}}},
        {"Effect": "Deny", "NotAction": ["iam:*"], "NotResource": ["arn:aws:s3:::b/*"]},
    )
    read, rest = document.statements
    assert document.undecided is None
    assert (read.sid, read.actions, read.not_action) == ("Read", ("s3:GetObject",), False)
    assert (read.conditions[0].key, read.conditions[0].values) == ("aws:principaltag/team", ("a*", "b"))
    assert (rest.sid, rest.not_action, rest.not_resource) == ("#2", True, True)
    assert str(read) == "Allow Read of identity test"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Principal": "*"}, "names no Principal"),
        ({"Effect": "allow"}, "Effect is 'allow'"),
        ({"NotAction": "s3:*"}, "expected either Action or NotAction"),
        ({"Action": "s3*"}, "action 's3*' is not understood"),
        ({"Action": []}, "must be a text or a list of texts"),
        ({"Resource": "arn:aws:s3:*"}, "is not an ARN of six parts"),
        ({"Resource": "arn:aws:*:::b"}, "wildcard for the service"),
        ({"Resource": "arn:aws:s3:::${team}"}, "policy variable ${team} is not understood"),
        ({"Resource": "arn:aws:s3:${aws:RequestedRegion}::b"}, "before the resource part"),
        ({"Resource": "arn:aws:s3:::b/${aws:username"}, "does not close it"),
        ({"Condition": {"BinaryEquals": {"aws:CurrentTime": "QQ=="}}}, "'BinaryEquals' is not understood"),
        ({"Condition": {"ForSomeValues:StringLike": {"aws:TagKeys": "a"}}}, "is not understood"),
        ({"Condition": {"NullIfExists": {"aws:TagKeys": "true"}}}, "Null takes no prefix and no suffix"),
        ({"Condition": {"Bool": {"aws:SecureTransport": "yes"}}}, "neither true nor false"),
        ({"Condition": {"StringEquals": {"aws:PrincipalAccount": 111122223333}}}, "must be texts"),
        ({"Condition": {"ArnLike": {"aws:PrincipalArn": "*"}}}, "is not an ARN of six parts"),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.1/8"}}}, "has host bits set"),
        ({"Condition": {"StringEquals": {"aws:PrincipalTag/a": "1", "AWS:PrincipalTag/a": "2"}}}, "given twice"),
        ({"Condition": {"StringEquals": []}}, "Condition must be operator to key to values"),
    ],
)
def test_what_is_not_understood_leaves_the_document_undecided(
    make: Callable[..., Document], change: dict[str, Any], said: str
) -> None:
    """One unknown part, and no statement of the document counts: AWS may read it another way."""
    document = make(ALLOW, {**ALLOW, "Sid": "Other", **change})
    assert document.statements == ()
    assert said in (document.undecided or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "a policy document is an object, found a list"),
        (json.dumps({"Statement": [ALLOW]}), "Version is None"),
        (json.dumps({"Version": "2008-10-17", "Statement": [ALLOW]}), "Version is '2008-10-17'"),
        (json.dumps({"Version": "2012-10-17", "Statement": []}), "at least one statement"),
        ('{"Version": "2012-10-17", "Statement": [], "Statement": []}', "'Statement' is given twice"),
    ],
)
def test_a_document_that_is_no_policy_is_undecided(text: str, said: str) -> None:
    """Broken JSON, an old version and repeated elements never raise and never pass."""
    assert said in (parse(text, Origin(layer="identity", name="test")).undecided or "")
