"""What the bootstrap's template promises, read as text: no account is needed."""

import json
import re
from typing import Any

import pytest

from llmlz.start.template import BOUNDARY, PLATFORM_BOUNDARY, boundary_document, resolved, template
from stacks.first import first_problems

ACCOUNT, REGION = "111122223333", "eu-central-1"
LONGEST_POLICY = 6144
"""Characters of a managed policy, white space not counted:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)"""


def statements(name: str = BOUNDARY) -> dict[str, dict[str, Any]]:
    """Sid to statement of a boundary."""
    found: list[dict[str, Any]] = boundary_document(ACCOUNT, REGION, name=name)["Statement"]
    return {statement["Sid"]: statement for statement in found}


def resources() -> dict[str, dict[str, Any]]:
    """Logical name to resource of the template."""
    found: dict[str, dict[str, Any]] = template()["Resources"]
    return found


@pytest.mark.parametrize("name", [BOUNDARY, PLATFORM_BOUNDARY])
def test_a_boundary_fits_into_a_managed_policy(name: str) -> None:
    """IAM refuses longer ones, and a cut one would be another policy; the longest partition name is counted."""
    text = json.dumps(boundary_document(ACCOUNT, "us-gov-west-1", "aws-us-gov", name), separators=(",", ":"))
    assert len("".join(text.split())) <= LONGEST_POLICY


def test_a_resolved_boundary_holds_no_function() -> None:
    """What is evaluated is plain policy text for one account and partition."""
    text = json.dumps(boundary_document(ACCOUNT, "cn-north-1", "aws-cn"))
    assert "Fn::" not in text
    assert "${" not in text
    assert f"arn:aws-cn:iam::{ACCOUNT}:policy/llmlz-boundary" in text


def test_an_unknown_boundary_is_refused() -> None:
    """A misspelt name never gives an empty policy."""
    with pytest.raises(ValueError, match="no managed policy called 'llmlz-bound'"):
        boundary_document(ACCOUNT, REGION, name="llmlz-bound")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Fn::GetAtt": ["SecretsKey", "Arn"]}, "Fn::GetAtt cannot be resolved"),
        ({"Fn::Sub": "${Repository}"}, "Repository is not known"),
        ({"Ref": "SecretsKey"}, "SecretsKey is not known"),
    ],
)
def test_what_needs_a_stack_is_refused(value: dict[str, Any], message: str) -> None:
    """A boundary that depends on the stack could not be evaluated before it exists."""
    with pytest.raises(ValueError, match=message):
        resolved(value, {"AWS::Region": REGION})


@pytest.mark.parametrize(
    "action",
    [
        "bedrock:InvokeModel",
        "bedrock:ApplyGuardrail",
        "s3:PutObject",
        "s3vectors:QueryVectors",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
        "logs:PutLogEvents",
        "rds-data:ExecuteStatement",
        "rds-db:connect",
        "cloudwatch:PutMetricData",
    ],
)
def test_workloads_can_work(action: str) -> None:
    """A boundary that forbids everything is safe and useless."""
    assert any(action in s["Action"] for s in statements().values() if s["Effect"] == "Allow")


@pytest.mark.parametrize(
    ("sid", "action"),
    [
        ("NoOwnGuardrails", "bedrock:CreateGuardrail"),
        ("NoOwnGuardrails", "bedrock:UpdateGuardrail"),
        ("NoWayAround", "bedrock-mantle:*"),
        ("NoWayAround", "bedrock-mantle:CallWithBearerToken"),
        ("NoWayAround", "bedrock:CallWithBearerToken"),
        ("InvocationLoggingStays", "bedrock:DeleteModelInvocationLoggingConfiguration"),
        ("InvocationLoggingStays", "bedrock:PutModelInvocationLoggingConfiguration"),
        ("NoSubscriptions", "aws-marketplace:*"),
        ("BoundaryStaysOn", "iam:DeleteRolePermissionsBoundary"),
    ],
)
def test_ways_around_the_landing_zone_are_denied(sid: str, action: str) -> None:
    """Denied for every resource and without a condition, so that no Allow elsewhere opens it."""
    statement = statements()[sid]
    assert (statement["Effect"], statement["Resource"]) == ("Deny", "*")
    assert "Condition" not in statement
    assert action in statement["Action"]


def test_no_allow_of_the_boundary_touches_iam() -> None:
    """Roles are made by the pipeline alone."""
    allowed = [action for s in statements().values() if s["Effect"] == "Allow" for action in s["Action"]]
    assert [action for action in allowed if action.startswith(("iam:", "organizations:", "sts:Assume", "*"))] == []


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        (BOUNDARY, f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"),
        (
            PLATFORM_BOUNDARY,
            [f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary", f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary"],
        ),
    ],
)
def test_a_role_without_a_boundary_cannot_be_made_or_changed(name: str, accepted: object) -> None:
    """``StringNotEquals`` matches a missing key too, so a role without any boundary is refused."""
    (needed,) = [s for s in statements(name).values() if "iam:CreateRole" in s.get("Action", [])]
    assert needed["Effect"] == "Deny"
    assert {"iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"} <= set(needed["Action"])
    assert needed["Condition"] == {"StringNotEquals": {"iam:PermissionsBoundary": accepted}}


@pytest.mark.parametrize("name", [BOUNDARY, PLATFORM_BOUNDARY])
def test_what_the_bootstrap_made_stays(name: str) -> None:
    """Every named IAM resource of the template is named in the Deny, so a new one cannot be forgotten."""
    made = {
        f"arn:aws:iam::{ACCOUNT}:{kind}/{properties[key]}"
        for properties, kind, key in (
            (r["Properties"], kind, key)
            for r in resources().values()
            for type_, kind, key in (
                ("AWS::IAM::ManagedPolicy", "policy", "ManagedPolicyName"),
                ("AWS::IAM::Role", "role", "RoleName"),
            )
            if r["Type"] == type_
        )
    }
    assert len(made) == 4
    assert made <= set(statements(name)["BootstrapStays"]["Resource"])


def test_the_pipeline_takes_no_role_of_others() -> None:
    """An administrator's role that trusts the whole account is no way out of the boundary."""
    statement = statements(PLATFORM_BOUNDARY)["OnlyOwnRoles"]
    assert {"iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"} <= set(statement["Action"])
    assert statement["NotResource"] == ["arn:aws:iam::*:role/aws-service-role/*", "arn:aws:iam::*:role/llmlz-*"]


def test_only_the_protected_environment_applies() -> None:
    """A pull request, or a job without the environment, cannot take the apply role; a session ends within the hour."""
    apply = resources()["ApplyRole"]["Properties"]
    (trust,) = apply["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"] == {
        "Fn::Sub": "repo:${Repository}:environment:${ApplyEnvironment}"
    }
    assert apply["MaxSessionDuration"] == 3600
    assert apply["PermissionsBoundary"] == {"Ref": "PlatformBoundary"}


@pytest.mark.parametrize(
    ("repository", "good"),
    [
        ("acme/landing-zone", True),
        ("acme@1234/landing-zone@567", True),
        ("acme@1234/landing-zone", False),
        ("acme/*", False),
        ("acme", False),
        ("acme/zone:ref", False),
    ],
)
def test_a_repository_is_named_as_its_tokens_do(repository: str, good: bool) -> None:
    """With immutable ids or without, and never with a pattern; the command and the template agree."""
    pattern = template()["Parameters"]["Repository"]["AllowedPattern"]
    assert (re.fullmatch(pattern, repository) is not None) is good
    given = {"account": "111122223333", "region": "eu-central-1", "owner": "a@example.com", "team": "claims"}
    assert (first_problems(**given, repository=repository) == []) is good


def test_the_preview_role_writes_nothing() -> None:
    """Its own statements only read, and what it gets from AWS reads configuration and no data."""
    preview = resources()["PreviewRole"]["Properties"]
    assert preview["ManagedPolicyArns"] == [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/SecurityAudit"}]
    actions = [a for p in preview["Policies"] for s in p["PolicyDocument"]["Statement"] for a in s["Action"]]
    verbs = ("Get", "List", "Describe", "Decrypt")
    assert [action for action in actions if not action.partition(":")[2].startswith(verbs)] == []


def test_state_survives_the_stack() -> None:
    """Deleting the stack by mistake loses no state: bucket and key stay, the bucket versioned and closed."""
    kept = {name for name, r in resources().items() if r.get("DeletionPolicy") == "Retain"}
    assert {"SecretsKey", "SecretsKeyAlias", "StateBucket"} <= kept
    bucket, key = resources()["StateBucket"]["Properties"], resources()["SecretsKey"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert (key["MultiRegion"], key["EnableKeyRotation"]) == (True, True)
