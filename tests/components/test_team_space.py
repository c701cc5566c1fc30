"""What a team space promises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc123"
NOVA = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A team with one model."""

    def program() -> None:
        args = TeamSpaceArgs(
            account_id=ACCOUNT,
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            budget_usd=200,
            data_bucket_arn="arn:aws:s3:::data",
            data_key_arn=f"{KEY}/data",
            emails=["claims@example.com"],
            guardrail_arn=GUARDRAIL,
            guardrail_key_arn=f"{KEY}/guardrail",
            guardrail_versions=["1", "2"],
            name_prefix="llmlz-test",
            routes={"nova-micro-eu": ModelRoute(copy_from=NOVA, foundation_models=[NOVA])},
            secrets_key_arn=f"{KEY}/secrets",
            services=["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"],
            team="claims",
        )
        TeamSpace("claims", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def statements(graph: Graph) -> Mapping[str, Mapping[str, Any]]:
    """The role's statements by their names."""
    policy = json.loads(graph.named("claims-role-policy").inputs["policy"])
    return {s["Sid"]: s for s in policy["Statement"]}


def test_one_profile_per_model_and_routing(graph: Graph) -> None:
    """The name says team, model and geography: finance can read it."""
    (profile,) = graph.of_type("aws:bedrock/inferenceProfile:InferenceProfile")
    assert (profile.name, profile.inputs["name"]) == ("claims-nova-micro-eu", "claims-nova-micro-eu")
    assert profile.inputs["modelSource"] == {"copyFrom": NOVA}
    assert profile.options.protect


def test_calls_go_through_the_teams_own_profiles(graph: Graph, statements: Mapping[str, Any]) -> None:
    """The role names its profiles, one by one, and nothing else that can be invoked."""
    (arn,) = statements["CallOwnProfiles"]["Resource"]
    (profile,) = graph.of_type("aws:bedrock/inferenceProfile:InferenceProfile")
    assert graph.standins[arn.rpartition("/")[2]].urn == profile.urn
    assert statements["CallOwnProfiles"]["Action"] == INVOKE


def test_models_answer_only_through_these_profiles(statements: Mapping[str, Any]) -> None:
    """A call of the foundation model itself lacks the condition's key."""
    allow = statements["CallModelsThroughOwnProfiles"]
    assert allow["Resource"] == [NOVA]
    assert allow["Condition"] == {
        "ArnEquals": {"bedrock:InferenceProfileArn": statements["CallOwnProfiles"]["Resource"]}
    }


def test_every_call_carries_an_accepted_guardrail_version(statements: Mapping[str, Any]) -> None:
    """A Deny on everything: no other statement, here or later, can let a call slip past it."""
    deny = statements["NoCallWithoutTheGuardrail"]
    assert (deny["Effect"], deny["Resource"], deny["Action"]) == ("Deny", ["*"], INVOKE)
    assert deny["Condition"] == {
        "StringNotEquals": {"bedrock:GuardrailIdentifier": [f"{GUARDRAIL}:1", f"{GUARDRAIL}:2"]}
    }


def test_data_is_reached_below_the_teams_prefix_only(statements: Mapping[str, Any]) -> None:
    """Objects and listings."""
    assert statements["UseOwnPrefix"]["Resource"] == ["arn:aws:s3:::data/teams/claims/*"]
    assert statements["ListOwnPrefix"]["Condition"] == {"StringLike": {"s3:prefix": ["teams/claims/*"]}}


def test_no_statement_allows_everything(statements: Mapping[str, Any]) -> None:
    """No wildcard resource and no wildcard action in any Allow."""
    for statement in statements.values():
        if statement["Effect"] == "Allow":
            assert "*" not in statement["Resource"], statement["Sid"]
            assert all("*" not in action for action in statement["Action"]), statement["Sid"]


def test_the_role_is_under_the_boundary_and_trusts_named_services(graph: Graph) -> None:
    """Of this account alone."""
    role = graph.named("claims-role")
    assert role.inputs["permissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
    passed, other = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert passed["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    assert other["Principal"] == {"Service": ["ecs-tasks.amazonaws.com"]}
    assert other["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_the_secret_has_no_value(graph: Graph) -> None:
    """No secret value enters a state file."""
    assert not [r for r in graph.custom() if "SecretVersion" in r.type]
    assert graph.named("claims-secret").inputs["kmsKeyId"] == f"{KEY}/secrets"


def test_the_budget_counts_what_carries_the_teams_tag(graph: Graph) -> None:
    """And tells the owner before and after the limit."""
    budget = graph.named("claims-budget").inputs
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:team$claims"]}]
    assert budget["limitAmount"] == "200"
    assert {n["notificationType"] for n in budget["notifications"]} == {"ACTUAL", "FORECASTED"}
    assert all(n["subscriberEmailAddresses"] == ["claims@example.com"] for n in budget["notifications"])
