"""What the break-glass role promises."""

import json
from typing import Any

import pytest

from components.break_glass import BreakGlass, BreakGlassArgs, rescue, trust
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role

REGION = "eu-central-1"
ON_CALL = [f"arn:aws:iam::{OTHER}:user/people/b.smith", f"arn:aws:iam::{OTHER}:user/a"]
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The role for two people."""

    def program() -> None:
        BreakGlass("break-glass", BreakGlassArgs(boundary_arn=BOUNDARY, principals=ON_CALL))

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


def test_the_role_has_the_name_that_policies_know_it_by(graph: Graph) -> None:
    """Exactly, under the boundary of the platform, for the shortest session that there is."""
    found = graph.named("break-glass-role").inputs
    assert found["name"] == "llmlz-break-glass"
    assert found["permissionsBoundary"] == BOUNDARY
    assert found["maxSessionDuration"] == 3600


def test_what_the_role_does_is_in_its_own_policy(graph: Graph) -> None:
    """And whoever gets the role's name gets it after that policy."""
    policy = graph.named("break-glass-role-policy")
    assert json.loads(policy.inputs["policy"])["Statement"] == rescue()
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(BreakGlass.__annotations__)


def takes(by: str, context: dict[str, str]) -> bool:
    """Whether the trust lets someone in who may take every role by policies of its own; a trust is about its role."""
    on_role = document("resource", *({**s, "Resource": "*"} for s in trust(ON_CALL)["Statement"]))
    return allowed("sts:AssumeRole", role("llmlz-break-glass"), by=by, context=context, on_resource=on_role, gate=True)


FRESH = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "59"}


def test_people_on_call_take_it_with_a_fresh_second_factor() -> None:
    """Each of them."""
    for user in ON_CALL:
        assert takes(user, FRESH), user


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"aws:MultiFactorAuthPresent": "false"},
        {"aws:MultiFactorAuthPresent": "true"},
        {"aws:MultiFactorAuthAge": "59"},
        {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "3600"},
        {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "86400"},
    ],
)
def test_nobody_takes_it_without_one(context: dict[str, str]) -> None:
    """Not with an access key alone, where the keys are missing, and not with a factor of an hour ago."""
    assert not takes(ON_CALL[0], context)


@pytest.mark.parametrize(
    "other", [f"arn:aws:iam::{OTHER}:user/c", f"arn:aws:iam::{ACCOUNT}:user/a", role("llmlz-apply")]
)
def test_nobody_else_takes_it(other: str) -> None:
    """Not a colleague, and not somebody of the same name in another account."""
    assert not takes(other, FRESH)


@pytest.mark.parametrize("principals", [[], [role("on-call")], [ON_CALL[0], "*"], [f"arn:aws:iam::{OTHER}:root"]])
def test_who_could_never_take_it_is_refused(principals: list[str]) -> None:
    """Nobody; a role, whose sessions carry no second factor; everybody, and everybody of an account."""
    with pytest.raises(ValueError, match=r"principals (is empty|names \['.*'\], which are no users)"):
        BreakGlassArgs(boundary_arn=BOUNDARY, principals=principals)


def may(action: str, resource: str = "*", *more: dict[str, Any]) -> bool:
    """Whether the role's own policy allows it, perhaps with something attached to the role later."""
    return allowed(action, resource, by=role("llmlz-break-glass"), identity=document("identity", *rescue(), *more))


@pytest.mark.parametrize(
    "action",
    [
        "bedrock:DeleteEnforcedGuardrailConfiguration",
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "bedrock:PutEnforcedGuardrailConfiguration",
        "bedrock:UpdateGuardrail",
        "cloudtrail:StartLogging",
        "cloudtrail:StopLogging",
        "kms:CancelKeyDeletion",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:ScheduleKeyDeletion",
    ],
)
def test_it_switches_logging_guardrail_and_keys_both_ways(action: str) -> None:
    """Off and on again; no second factor is asked for here, as sessions do not carry it."""
    assert may(action, KEY if action.startswith("kms:") else "*")
    assert "MultiFactorAuth" not in str(rescue())


@pytest.mark.parametrize("action", ["cloudtrail:LookupEvents", "iam:GetRole", "kms:DescribeKey", "s3:GetBucketPolicy"])
def test_it_sees_how_things_are_set(action: str) -> None:
    """Whoever is called at night finds out what happened."""
    assert may(action)


CONTENT = [
    "bedrock-mantle:CreateInference",
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "kms:Decrypt",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartQuery",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3vectors:QueryVectors",
    "secretsmanager:GetSecretValue",
]


@pytest.mark.parametrize("action", CONTENT)
def test_it_calls_no_model_and_reads_nothing_that_teams_store_or_ask(action: str) -> None:
    """Also when somebody attaches administration to it."""
    wide = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}
    assert not may(action)
    assert not may(action, "*", wide)


@pytest.mark.parametrize(
    "action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole", "s3:PutObject"]
)
def test_it_is_no_administrator(action: str) -> None:
    """It makes no role, takes none and changes nothing of teams."""
    assert not may(action)
