"""What the resource control policy of a unit promises, judged with nothing but it around a resource."""

from collections.abc import Mapping

import pytest

from components._policy import document
from components.organization import LIMITS, UnitRules, minified, pack
from components.organization.limits import RESOURCE_CONTROL
from components.organization.resource_control import STORES, statements
from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import World

ACCOUNT, OURS, THEIRS = "111122223333", "o-ours123456", "o-theirs7890"
RULES = UnitRules(guardrails=[], models=[], partition="aws", regions=["eu-central-1"])
TEAM, STRANGER = f"arn:aws:iam::{ACCOUNT}:role/llmlz-claims", "arn:aws:iam::999988887777:role/any"
ROLE, BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/any", f"arn:aws:iam::{ACCOUNT}:role/llmlz-break-glass"
MEMBER = {"aws:PrincipalOrgID": OURS, "aws:PrincipalIsAWSService": "false", "aws:SecureTransport": "true"}
SERVICE = {"aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true"}
CALLS = ["s3:GetObject", "kms:Decrypt", "sqs:SendMessage", "secretsmanager:GetSecretValue", "dynamodb:GetItem"]


def judged(principal: str, action: str, context: Mapping[str, str], resource: str = "*") -> str | None:
    """Sid of the statement that denies a request which everything else allows; ``None`` if it is allowed."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    level = (
        parse(document([{**everything, "Principal": "*"}]), Origin(layer="resource_control", name="AWS's own")),
        parse(document(statements(RULES, OURS)["perimeter"]), Origin(layer="resource_control", name="ours")),
    )
    identity = parse(document([everything]), Origin(layer="identity", name="all"))
    world = World(account=ACCOUNT, identity=(identity,), resource_control=(level,))
    decision = decide(Request(principal, action, resource, context), world)
    assert decision.outcome != "indeterminate", decision.reason
    return decision.statement.sid if decision.outcome == "denied" and decision.statement else None


@pytest.mark.parametrize("action", [*CALLS, "sts:AssumeRole"])
def test_members_reach_what_is_ours_and_strangers_do_not(action: str) -> None:
    """Of another organization, of none, and anonymous."""
    assert judged(TEAM, action, MEMBER, ROLE) is None
    assert judged(STRANGER, action, {**MEMBER, "aws:PrincipalOrgID": THEIRS}, ROLE) == "OnlyOurOrganization"
    alone = {key: value for key, value in MEMBER.items() if key != "aws:PrincipalOrgID"}
    assert judged(STRANGER, action, alone, ROLE) == "OnlyOurOrganization"
    assert judged(STRANGER, action, {"aws:SecureTransport": "true"}, ROLE) == "OnlyOurOrganization"


@pytest.mark.parametrize("action", CALLS)
def test_services_act_for_our_accounts_alone(action: str) -> None:
    """No confused deputy, whichever account it acts for; a service that names no account is let through."""
    for_us = {**SERVICE, "aws:SourceAccount": ACCOUNT, "aws:SourceOrgID": OURS}
    assert judged("cloudtrail.amazonaws.com", action, for_us) is None
    assert judged("cloudtrail.amazonaws.com", action, SERVICE) is None
    for_others = {**SERVICE, "aws:SourceAccount": "999988887777"}
    assert judged("cloudtrail.amazonaws.com", action, for_others) == "ServicesOnlyForUs"
    other = {**for_others, "aws:SourceOrgID": THEIRS}
    assert judged("cloudtrail.amazonaws.com", action, other) == "ServicesOnlyForUs"


@pytest.mark.parametrize("action", CALLS)
def test_everything_comes_over_tls(action: str) -> None:
    """Members too."""
    assert judged(TEAM, action, {**MEMBER, "aws:SecureTransport": "false"}) == "OnlyTls"


def test_pipelines_that_belong_to_no_organization_still_come_in() -> None:
    """A web identity has no organization; the trust of the role says which repository it is of."""
    token = {"aws:SecureTransport": "true", "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
    assert judged(STRANGER, "sts:AssumeRoleWithWebIdentity", token, ROLE) is None


def test_break_glass_is_not_taken_without_a_second_factor() -> None:
    """Whoever takes it, the management account included, which no service control policy binds."""
    mfa = {**MEMBER, "aws:MultiFactorAuthPresent": "true"}
    assert judged(TEAM, "sts:AssumeRole", mfa, BREAK_GLASS) is None
    for context in (MEMBER, {**MEMBER, "aws:MultiFactorAuthPresent": "false"}):
        assert judged(TEAM, "sts:AssumeRole", context, BREAK_GLASS) == "BreakGlassIsTakenWithMfa"


def test_the_document_is_one_that_aws_accepts() -> None:
    """Denies to everybody, with a resource, for services that such policies reach, in one short document."""
    (name, packed) = next(iter(pack(statements(RULES, OURS), longest=5_120, most=1).items()))
    assert name == "perimeter"
    assert len(minified(packed)) <= LIMITS[RESOURCE_CONTROL].longest
    for statement in packed["Statement"]:
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert set(statement["Action"]) <= {*STORES, "sts:AssumeRole"}
        assert statement["Resource"] in ("*", "arn:aws:iam::*:role/llmlz-break-glass")
