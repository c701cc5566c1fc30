"""Whom a statement names, and that everything else leaves its document undecided."""

from typing import Any

import pytest

from llmlz.access.conditions import PolicyError
from llmlz.access.principals import Named, Principals, named, parse_principals

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/app"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("*", Principals(anyone=True)),
        ({"AWS": "*"}, Principals(anyone=True)),
        (
            {"AWS": [ROLE, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"]},
            Principals(accounts=(ACCOUNT, ACCOUNT), arns=(ROLE,)),
        ),
        ({"AWS": "arn:aws-cn:iam::444455556666:root"}, Principals(accounts=("444455556666",))),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}, Principals(arns=(f"arn:aws:iam::{ACCOUNT}:user/ann",))),
        ({"Service": "logs.amazonaws.com"}, Principals(others=("logs.amazonaws.com",))),
        (
            {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/x", "AWS": ACCOUNT},
            Principals(accounts=(ACCOUNT,), others=(f"arn:aws:iam::{ACCOUNT}:saml-provider/x",)),
        ),
    ],
)
def test_every_way_to_name_a_principal(raw: Any, expected: Principals) -> None:
    """Everyone, accounts in both spellings, roles and users, services and identity providers."""
    assert parse_principals(raw, "statement Yes") == expected


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "expected * or an object with AWS, Service, Federated"),
        ([ROLE], "expected * or an object"),
        ({}, "expected * or an object"),
        ({"CanonicalUser": "79a59d"}, "expected * or an object"),
        ({"AWS": []}, "Principal AWS must be a text or a list of texts"),
        ({"AWS": 111122223333}, "Principal AWS must be a text or a list of texts"),
        ({"AWS": "11112222333"}, "'11112222333' is neither an account, a role nor a user"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}, "is neither an account, a role nor a user"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:group/g"}, "is neither an account, a role nor a user"),
        ({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"}, "is neither an account, a role nor a user"),
        ({"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "is neither an account, a role nor a user"),
    ],
)
def test_what_names_nobody_known_is_refused(raw: Any, said: str) -> None:
    """A wildcard in an ARN, a group, a deleted principal's id; and a session, since nobody knows which one calls."""
    with pytest.raises(PolicyError, match="statement Yes: ") as raised:
        parse_principals(raw, "statement Yes")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("principals", "how"),
    [
        (Principals(anyone=True), "itself"),
        (Principals(arns=(ROLE,), accounts=(ACCOUNT,)), "itself"),
        (Principals(accounts=(ACCOUNT,)), "account"),
        (Principals(accounts=("444455556666",), arns=(f"{ROLE}2",)), "nobody"),
        (Principals(others=("logs.amazonaws.com",)), "nobody"),
    ],
)
def test_how_a_role_is_named(principals: Principals, how: Named) -> None:
    """By itself beats by its account; services are nobody."""
    assert named(principals, ROLE) == how


def test_an_identity_provider_stands_for_whoever_brings_its_token() -> None:
    """The one that is named, and no other; a role of its account is not it."""
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com"
    assert named(Principals(others=(provider,)), provider) == "itself"
    assert named(Principals(others=(provider,)), provider.replace(ACCOUNT, "444455556666")) == "nobody"
    assert named(Principals(others=(provider,)), ROLE) == "nobody"
