"""Trust policies: who may take a role must be named there, whatever else the caller is allowed."""

import json
from typing import Any

import pytest

from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import Outcome, decide
from llmlz.access.request import Request
from llmlz.access.trusts import trusts
from llmlz.access.world import World
from llmlz.graph.model import Graph, Resource, Source

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/taken"
TAKER = f"arn:aws:iam::{ACCOUNT}:role/taker"
SOURCE = Source(file="components/a.py", line=7)
EVERYTHING = parse(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    Origin(layer="identity", name="everything"),
)


def graph(*trust: Any) -> Graph:
    """A graph with one role per trust policy."""
    resources = tuple(
        Resource(
            urn=f"urn:{number}",
            type="aws:iam/role:Role",
            name=f"role-{number}",
            kind="custom",
            parent=None,
            inputs={"assumeRolePolicy": text} if text is not None else {},
            outputs={"arn": ROLE if number == 0 else f"{ROLE}-{number}"},
            source=SOURCE,
        )
        for number, text in enumerate(trust)
    )
    return Graph(project="p", stack="s", resources=resources, account=ACCOUNT, region="eu-central-1")


def policy(principal: Any, action: str = "sts:AssumeRole", **more: Any) -> str:
    """A trust policy of one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def outcome(
    trust: Any, principal: str = TAKER, action: str = "sts:AssumeRole", resource: str = ROLE, **context: str
) -> Outcome:
    """Whether somebody with every permission takes the role."""
    account = principal.split(":")[4]
    world = World(account=account, resource_account=ACCOUNT, identity=(EVERYTHING,), guards=trusts(graph(trust)))
    return decide(
        Request(principal, action, resource, {f"aws:{key}": value for key, value in context.items()}), world
    ).outcome


def test_every_role_has_one_gate_on_itself() -> None:
    """About every way to take a role, and about no other resource; with the line that made it."""
    first, second = trusts(graph(policy("*"), policy("*")))
    assert (first.resources, second.resources) == ((ROLE,), (f"{ROLE}-1",))
    assert (first.gate, first.actions) == (True, ("sts:AssumeRole*",))
    assert str(first.document.origin) == "resource trust of role-0 (components/a.py:7)"


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"AWS": TAKER}, "allowed"),
        ({"AWS": ACCOUNT}, "allowed"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "allowed"),
        ({"AWS": f"{TAKER}-2"}, "denied"),
        ({"AWS": OTHER}, "denied"),
        ({"Service": "lambda.amazonaws.com"}, "denied"),
        ({"Federated": "accounts.google.com"}, "denied"),
        ("*", "allowed"),
    ],
)
def test_whoever_takes_a_role_is_named_in_its_trust(principal: Any, expected: Outcome) -> None:
    """By itself or by its account; every permission of its own does not help."""
    assert outcome(policy(principal)) == expected


def test_somebody_of_another_account_is_named_too() -> None:
    """Across accounts both sides must allow."""
    stranger = f"arn:aws:iam::{OTHER}:user/u"
    assert outcome(policy({"AWS": stranger}), stranger) == "allowed"
    assert outcome(policy({"AWS": TAKER}), stranger) == "denied"


def test_conditions_of_a_trust_hold() -> None:
    """A second factor is asked for here, and nowhere else."""
    trust = policy({"AWS": ACCOUNT}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    assert outcome(trust, MultiFactorAuthPresent="true") == "allowed"
    assert outcome(trust, MultiFactorAuthPresent="false") == "denied"
    assert outcome(trust) == "denied"


def test_a_deny_in_a_trust_counts() -> None:
    """Beside an Allow of the same policy."""
    allow, deny = json.loads(policy("*")), json.loads(policy({"AWS": TAKER}))["Statement"][0]
    allow["Statement"].append({**deny, "Effect": "Deny"})
    assert outcome(json.dumps(allow)) == "denied"


def test_a_trust_is_about_taking_its_own_role() -> None:
    """Neither about another role, nor about another action on this one."""
    trust = policy({"Service": "lambda.amazonaws.com"})
    assert outcome(trust, resource=f"{ROLE}-other") == "allowed"
    assert outcome(trust, action="iam:GetRole") == "allowed"
    assert outcome(trust, action="sts:AssumeRoleWithSAML") == "denied"


def test_one_statement_without_a_list_is_read() -> None:
    """AWS takes both forms; a recording may hold the document as a value."""
    raw = json.loads(policy({"AWS": TAKER}))
    raw["Statement"] = raw["Statement"][0]
    assert outcome(json.dumps(raw)) == "allowed"
    assert outcome(raw) == "allowed"


@pytest.mark.parametrize(
    ("trust", "why"),
    [
        (None, "the trust policy has no text"),
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "the trust policy has no text"),
        ('{"Version": "2012-10-17"}', "Statement of the trust policy must be statements"),
        ('{"Version": "2012-10-17", "Statement": ["a"]}', "Statement of the trust policy must be statements"),
        ('{"Version": "2012-10-17", "Statement": []}', "Statement must hold at least one statement"),
        (policy({"AWS": "nobody"}), "is neither an account, a role nor a user"),
        (policy("*", Extra=1), "element 'Extra' is not understood"),
    ],
)
def test_a_trust_that_is_not_understood_is_undecided(trust: Any, why: str) -> None:
    """Never a gate that stands open, nor one that is shut."""
    (guard,) = trusts(graph(trust))
    assert why in (guard.document.undecided or "")
    assert outcome(trust) == "indeterminate"


def test_a_trust_that_names_resources_is_undecided() -> None:
    """AWS takes none there: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (2026-11)."""
    (guard,) = trusts(graph(policy({"AWS": TAKER}, Resource=f"{ROLE}-other")))
    assert "Resource" in (guard.document.undecided or "")
