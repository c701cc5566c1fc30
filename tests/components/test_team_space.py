"""What a team space promises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, ENDPOINT, OTHER, allowed, document, role

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc123"
NOVA = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


def recorded(**changes: Any) -> Graph:
    """A team with one model."""
    args: dict[str, Any] = {
        "account_id": ACCOUNT,
        "boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        "budget_usd": 200,
        "data_bucket_arn": "arn:aws:s3:::data",
        "data_key_arn": f"{KEY}/data",
        "emails": ["claims@example.com"],
        "guardrail_arn": GUARDRAIL,
        "guardrail_key_arn": f"{KEY}/guardrail",
        "guardrail_versions": ["1", "2"],
        "name_prefix": "llmlz-test",
        "routes": {"nova-micro-eu": ModelRoute(copy_from=NOVA, foundation_models=[NOVA])},
        "secrets_key_arn": f"{KEY}/secrets",
        "services": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"],
        "team": "claims",
        **changes,
    }

    def program() -> None:
        TeamSpace("claims", TeamSpaceArgs(**args))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A team as it is by default."""
    return recorded()


@pytest.fixture(scope="module")
def with_own_key() -> Graph:
    """A team whose secret has a key of its own."""
    return recorded(secret_key="own")


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
    """A Deny on every model: no other statement, here or later, can let a call slip past it.

    A profile is left out, as it does not say which model it is of; the model behind it is checked as well.
    """
    deny = statements["NoCallWithoutTheGuardrail"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", INVOKE)
    assert deny["NotResource"] == ["arn:aws:bedrock:*:*:application-inference-profile/*"]
    assert deny["Condition"] == {
        "StringNotEquals": {"bedrock:GuardrailIdentifier": [f"{GUARDRAIL}:1", f"{GUARDRAIL}:2"]}
    }


def test_only_a_model_that_no_guardrail_can_look_at_is_called_without_one() -> None:
    """By its own ARN, in each Region; as IAM decides it about the role's own policy."""
    titan = NOVA.replace("amazon.nova-micro-v1:0", "amazon.titan-embed-text-v2:0")
    routes = {
        "nova-micro-eu": ModelRoute(copy_from=NOVA, foundation_models=[NOVA]),
        "titan-regional": ModelRoute(copy_from=titan, foundation_models=[titan], guarded=False),
    }
    found = json.loads(recorded(routes=routes).named("claims-role-policy").inputs["policy"])["Statement"]
    own = {s["Sid"]: s for s in found}["CallOwnProfiles"]["Resource"]
    identity = document("identity", *found)
    through = {"bedrock:InferenceProfileArn": own[0]}
    accepted = {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:2"}
    for profile in own:
        assert allowed("bedrock:InvokeModel", profile, identity=identity)
    assert allowed("bedrock:InvokeModel", titan, identity=identity, context=through)
    assert not allowed("bedrock:InvokeModel", titan, identity=identity)
    assert allowed("bedrock:InvokeModel", NOVA, identity=identity, context={**through, **accepted})
    assert not allowed("bedrock:InvokeModel", NOVA, identity=identity, context=through)
    draft = {"bedrock:GuardrailIdentifier": GUARDRAIL}
    assert not allowed("bedrock:InvokeModel", NOVA, identity=identity, context={**through, **draft})


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


def test_the_secret_is_ready_when_it_is_closed(graph: Graph) -> None:
    """Whoever gets the secret's name gets it after the policy on it; AWS refuses one that lets the public in."""
    policy = graph.named("claims-secret-policy")
    assert policy.inputs["blockPublicPolicy"] is True
    assert "secret" in policy.inputs["secretArn"]
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert component.outputs["secret_arn"] == policy.inputs["secretArn"]


def policy_of(graph: Graph, name: str) -> list[dict[str, Any]]:
    """The statements of a policy of the graph, with the team's role under its own name."""
    text = graph.named(name).inputs["policy"]
    found = [s for s in graph.standins.values() if s.urn.endswith("::claims-role") and s.path == "arn"]
    for standin in found:
        text = text.replace(str(standin.value), TEAM)
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements


TEAM = role("llmlz-test-claims")
NEIGHBOURS = [role("llmlz-test-fraud"), role("administrator"), role("llmlz-break-glass"), role("llmlz-test-claims-2")]
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:llmlz-test/claims/app-abc123"


@pytest.mark.parametrize("key", ["shared", "own"])
def test_nobody_but_the_team_reads_its_secret(key: str) -> None:
    """Not a neighbour, an administrator or the pipeline, whatever their own policies allow."""
    on_secret = document("resource", *policy_of(recorded(secret_key=key), "claims-secret-policy"))
    read = "secretsmanager:GetSecretValue"
    assert allowed(read, SECRET, by=TEAM, on_resource=on_secret)
    for other in [*NEIGHBOURS, role("llmlz-apply"), role("llmlz-test-claims", OTHER)]:
        assert not allowed(read, SECRET, by=other, on_resource=on_secret), other


@pytest.mark.parametrize("action", ["PutSecretValue", "DescribeSecret", "PutResourcePolicy", "UpdateSecret"])
def test_others_still_look_after_the_secret(action: str) -> None:
    """People set the value, and the pipeline keeps the rest; only reading is denied."""
    on_secret = document("resource", *policy_of(recorded(), "claims-secret-policy"))
    assert allowed(f"secretsmanager:{action}", SECRET, by=role("developer"), on_resource=on_secret)


def test_an_own_key_is_made_only_where_it_is_asked_for(graph: Graph, with_own_key: Graph) -> None:
    """And from one to the other nothing is replaced or vanishes: the same secret gets another key."""
    assert graph.of_type("aws:kms/key:Key", "aws:kms/alias:Alias") == ()
    more = {r.name for r in with_own_key.custom()} - {r.name for r in graph.custom()}
    assert more == {"claims-secret-key", "claims-secret-key-alias"}
    assert {r.urn for r in graph.custom()} < {r.urn for r in with_own_key.custom()}
    (key,) = with_own_key.of_type("aws:kms/key:Key")
    assert key.urn in {r.to for r in with_own_key.named("claims-secret").references if r.at == "kmsKeyId"}


def test_an_own_key_is_born_for_the_highest_tier(with_own_key: Graph) -> None:
    """As the platform's keys are; its alias cannot be one of theirs, whatever the team is called."""
    (key,) = with_own_key.of_type("aws:kms/key:Key")
    assert (key.inputs["multiRegion"], key.inputs["enableKeyRotation"], key.inputs["deletionWindowInDays"]) == (
        True,
        True,
        30,
    )
    assert key.options.protect
    assert with_own_key.named("claims-secret-key-alias").inputs["name"] == "alias/llmlz-test-team-claims"


def on_key(action: str, by: str, team: str | None = None, graph: Graph | None = None) -> bool:
    """Whether the team's own key lets someone, perhaps with a tag, who may do everything by policies of its own."""
    statements = policy_of(graph or recorded(secret_key="own"), "claims-secret-key")
    context = {"aws:PrincipalTag/team": team} if team else {}
    return allowed(
        action, f"{KEY}/own", by=by, context=context, on_resource=document("resource", *statements), gate=True
    )


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:ReEncryptFrom"])
def test_an_own_key_works_for_the_team_and_the_pipeline_and_for_nobody_else(with_own_key: Graph, action: str) -> None:
    """Whoever gives the secret its key must be able to use it; a tag on a role of another team does not help."""
    for let_in in (TEAM, role("llmlz-apply")):
        assert on_key(action, let_in, graph=with_own_key), let_in
    for other in [*NEIGHBOURS, role("llmlz-test-claims", OTHER), role("llmlz-apply", OTHER)]:
        assert not on_key(action, other, graph=with_own_key), other
        assert not on_key(action, other, "fraud", with_own_key), other


def test_people_of_the_team_set_the_secret_and_do_not_read_it(with_own_key: Graph) -> None:
    """Secrets Manager asks for a data key to set a value, in the name of whoever sets it."""
    assert on_key("kms:GenerateDataKey", role("developer"), "claims", with_own_key)
    assert not on_key("kms:Decrypt", role("developer"), "claims", with_own_key)


def test_only_break_glass_switches_an_own_key_off() -> None:
    """Once there is such a role; the key's other rules do not let it read with the key."""
    guarded = recorded(secret_key="own", break_glass_arn=role("llmlz-break-glass"))
    assert on_key("kms:DisableKey", role("llmlz-break-glass"), graph=guarded)
    assert not on_key("kms:Decrypt", role("llmlz-break-glass"), graph=guarded)
    assert not on_key("kms:DisableKey", role("llmlz-apply"), graph=guarded)


def test_the_role_uses_the_key_that_the_secret_has(graph: Graph, with_own_key: Graph) -> None:
    """The platform's, or its own and no longer the platform's."""
    for found, key in (
        (graph, f"{KEY}/secrets"),
        (with_own_key, with_own_key.named("claims-secret").inputs["kmsKeyId"]),
    ):
        policy = {s["Sid"]: s for s in json.loads(found.named("claims-role-policy").inputs["policy"])["Statement"]}
        assert policy["DecryptSecrets"]["Resource"] == [key]


def test_calls_come_from_anywhere_unless_endpoints_are_named(statements: Mapping[str, Any]) -> None:
    """Absence is off: no statement that names no endpoint."""
    assert "NoCallFromElsewhere" not in statements


@pytest.mark.parametrize("action", [*INVOKE, "bedrock:InvokeModelWithBidirectionalStream"])
def test_with_endpoints_named_calls_come_through_them_only(action: str) -> None:
    """Not through another endpoint, and not over the internet, where the key is missing."""
    found = recorded(invoke_endpoint_ids=[ENDPOINT, "vpce-2"])
    listed = json.loads(found.named("claims-role-policy").inputs["policy"])["Statement"]
    (deny,) = [s for s in listed if s["Sid"] == "NoCallFromElsewhere"]
    wide = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}
    identity = document("identity", wide, deny)
    for through in (ENDPOINT, "vpce-2"):
        assert allowed(action, NOVA, identity=identity, context={"aws:SourceVpce": through})
    for elsewhere in ({}, {"aws:SourceVpce": "vpce-3"}, {"aws:SourceVpc": "vpc-1"}):
        assert not allowed(action, NOVA, identity=identity, context=elsewhere)
    assert allowed("s3:GetObject", "arn:aws:s3:::data/teams/claims/a", identity=identity)


def test_the_budget_counts_what_carries_the_teams_tag(graph: Graph) -> None:
    """And tells the owner before and after the limit."""
    budget = graph.named("claims-budget").inputs
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:team$claims"]}]
    assert budget["limitAmount"] == "200"
    assert {n["notificationType"] for n in budget["notifications"]} == {"ACTUAL", "FORECASTED"}
    assert all(n["subscriberEmailAddresses"] == ["claims@example.com"] for n in budget["notifications"])
