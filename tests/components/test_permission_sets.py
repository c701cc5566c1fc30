"""What permission sets promise, and what the three that every company needs allow."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components._policy import document
from components.permission_sets import (
    CONTENT,
    PermissionSets,
    PermissionSetsArgs,
    PermissionSetShape,
    auditor,
    developer,
    finance,
)
from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import alone
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNTS, GROUP = ["111122223333", "444455556666"], "0123456789-01234567-89ab-cdef-0123-456789abcdef"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
PERSON = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_llmlz_0123456789abcdef"
LOOK = {"Sid": "Look", "Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": ["*"]}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """An auditor in two accounts, and a bounded set that nobody has yet."""

    def program() -> None:
        bounded = PermissionSetShape(
            accounts=[], bounded=True, description="As an application", groups=[], session_hours=1, statements=[LOOK]
        )
        sets = {"auditor": auditor("aws", ACCOUNTS, [GROUP]), "application": bounded}
        PermissionSets("people", PermissionSetsArgs(instance_arn=INSTANCE, name_prefix="llmlz", sets=sets))

    return record(program, project="llmlz", stack_name="test", account="999988887777", region="eu-central-1")


def test_names_are_the_identity(graph: Graph) -> None:
    """Account and group are part of an assignment's name, never a position."""
    assert sorted(r.name for r in graph.custom()) == [
        "people-application",
        "people-application-boundary",
        "people-application-policy",
        "people-auditor",
        f"people-auditor-111122223333-{GROUP}",
        f"people-auditor-444455556666-{GROUP}",
        "people-auditor-policy",
        "people-auditor-security-audit",
    ]


def test_sessions_end_within_four_hours(graph: Graph) -> None:
    """Whoever leaves in the morning has no access in the afternoon."""
    assert graph.named("people-auditor").inputs["sessionDuration"] == "PT4H"
    assert graph.named("people-application").inputs["sessionDuration"] == "PT1H"


@pytest.mark.parametrize("hours", [0, 5, 12])
def test_longer_sessions_are_refused(hours: int) -> None:
    """Whatever AWS would accept."""
    with pytest.raises(ValueError, match=f"session_hours is {hours}, expected 1 to 4"):
        PermissionSetShape(accounts=[], description="any", groups=[], session_hours=hours, statements=[LOOK])


def test_a_set_that_permits_nothing_is_refused() -> None:
    """It would only look like access."""
    with pytest.raises(ValueError, match="neither statements nor managed_policies"):
        PermissionSetShape(accounts=[], description="any", groups=[])


def test_nobody_has_a_set_before_it_is_complete(graph: Graph) -> None:
    """Assignments wait for policies and boundary: Identity Center makes the role at the first of them."""
    assignment = graph.named(f"people-auditor-111122223333-{GROUP}")
    for part in ("policy", "security-audit"):
        assert graph.named(f"people-auditor-{part}").urn in assignment.options.depends_on
    assert assignment.inputs["principalType"] == "GROUP"
    assert (assignment.inputs["principalId"], assignment.inputs["targetId"]) == (GROUP, "111122223333")


def test_a_bounded_set_has_the_boundary_of_each_account(graph: Graph) -> None:
    """The policy that the bootstrap made there, by its name."""
    boundary = graph.named("people-application-boundary").inputs["permissionsBoundary"]
    assert boundary == {"customerManagedPolicyReference": {"name": "llmlz-boundary", "path": "/"}}


def test_statements_are_one_policy_of_the_set(graph: Graph) -> None:
    """As they were given."""
    assert json.loads(graph.named("people-application-policy").inputs["inlinePolicy"]) == document([LOOK])


def allowed(shape: PermissionSetShape, action: str, context: Mapping[str, Any] | None = None) -> bool:
    """Whether a person with the set, and with everything that AWS's managed policies could add, may do it."""
    more = [{"Sid": "More", "Effect": "Allow", "Action": "*", "Resource": "*"}] if shape.managed_policies else []
    identity = parse(document([*shape.statements, *more]), Origin(layer="identity", name="set"))
    return decide(Request(PERSON, action, "*", context or {}), alone([identity])).outcome == "allowed"


@pytest.mark.parametrize(
    "action",
    [
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithResponseStream",
        "bedrock:RetrieveAndGenerate",
        "dynamodb:GetItem",
        "kms:Decrypt",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:StartQuery",
        "rds-data:ExecuteStatement",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3vectors:QueryVectors",
        "secretsmanager:GetSecretValue",
    ],
)
def test_auditors_see_no_content(action: str) -> None:
    """Neither data nor prompts nor secrets, even if a managed policy of AWS one day allowed it."""
    assert not allowed(auditor("aws", ACCOUNTS, [GROUP]), action)


def test_auditors_see_how_models_are_configured() -> None:
    """Also what AWS's own policy for audits does not know yet."""
    (settings, content) = auditor("aws", ACCOUNTS, [GROUP]).statements
    assert "bedrock:GetModelInvocationLoggingConfiguration" in settings["Action"]
    assert (content["Effect"], content["Action"]) == ("Deny", list(CONTENT))
    assert auditor("aws-cn", [], []).managed_policies == {"security-audit": "arn:aws-cn:iam::aws:policy/SecurityAudit"}


def test_finance_reads_costs_and_changes_nothing() -> None:
    """No budget, no payment, no resource."""
    for action in ("ce:GetCostAndUsage", "budgets:ViewBudget", "ce:ListCostAllocationTags"):
        assert allowed(finance(ACCOUNTS, [GROUP]), action)
    for action in ("budgets:ModifyBudget", "ce:CreateAnomalyMonitor", "s3:ListBucket", "bedrock:ListGuardrails"):
        assert not allowed(finance(ACCOUNTS, [GROUP]), action)


def test_developers_set_the_secret_of_their_own_team() -> None:
    """And of no other; without a team there is nothing to set, and the value is never read."""
    shape, own = developer(ACCOUNTS, [GROUP]), {"aws:PrincipalTag/team": "claims", "aws:ResourceTag/team": "claims"}
    assert allowed(shape, "secretsmanager:PutSecretValue", own)
    assert not allowed(shape, "secretsmanager:PutSecretValue", {**own, "aws:ResourceTag/team": "search"})
    assert not allowed(shape, "secretsmanager:PutSecretValue", {"aws:ResourceTag/team": "claims"})
    assert not allowed(shape, "secretsmanager:PutSecretValue", {"aws:PrincipalTag/team": "claims"})
    assert not allowed(shape, "secretsmanager:GetSecretValue", own)


def test_developers_decrypt_nothing_but_through_secrets() -> None:
    """Secrets Manager encrypts a new value in their name; their own calls of the key are refused."""
    shape = developer(ACCOUNTS, [GROUP])
    assert allowed(shape, "kms:GenerateDataKey", {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"})
    assert not allowed(shape, "kms:Decrypt", {"kms:ViaService": "s3.eu-central-1.amazonaws.com"})
    assert not allowed(shape, "kms:Decrypt")


def test_developers_find_model_ids_and_call_no_model() -> None:
    """Applications call, people do not."""
    shape = developer(ACCOUNTS, [GROUP])
    assert allowed(shape, "bedrock:ListInferenceProfiles")
    assert allowed(shape, "cloudwatch:GetDashboard")
    for action in ("bedrock:InvokeModel", "bedrock:ApplyGuardrail", "logs:GetLogEvents", "s3:GetObject"):
        assert not allowed(shape, action)
