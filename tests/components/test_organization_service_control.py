"""What the service control policies of a unit promise, each judged with nothing but them around a principal."""

from collections.abc import Mapping

import pytest

from components.organization import LIMITS, UnitRules, minified, pack
from components.organization.limits import SERVICE_CONTROL
from components.organization.service_control import MODELS_WITHOUT_GUARDRAIL, statements
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import World
from tests.components.organization_unit import (
    ACCOUNT,
    ANSWERS,
    BREAK_GLASS,
    CALL,
    ELSEWHERE,
    GUARDRAIL,
    HOME,
    MODEL,
    OTHER_MODEL,
    PIPELINE,
    PROFILE,
    RULES,
    SYSTEM_PROFILE,
    TEAM,
    judged,
    model,
    policy,
    role,
)

FORMER_LIMIT = 5_120
"""Characters that AWS took until 2026-05; documents of an ordinary unit still fit, whoever checks them."""


@pytest.mark.parametrize("action", ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
@pytest.mark.parametrize("version", ["1", "2"])
def test_every_check_of_an_approved_call_is_allowed(action: str, version: str) -> None:
    """The profile, the model at home, and the model where the profile may answer, with each accepted version."""
    call = {**CALL, "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:{version}"}
    at_home = {key: value for key, value in call.items() if key != "bedrock:InferenceProfileArn"}
    assert judged(TEAM, action, PROFILE, at_home) is None
    assert judged(TEAM, action, model(MODEL), call) is None
    assert judged(TEAM, action, model(MODEL, ANSWERS), {**call, "aws:RequestedRegion": ANSWERS}) is None


WRONG_CALLS: Mapping[str, tuple[str, str, Mapping[str, str | None]]] = {
    "a model nobody approved": ("OnlyApprovedModels", model(OTHER_MODEL), {}),
    "an approved model's longer name": ("OnlyApprovedModels", model(f"{MODEL}:24k"), {}),
    "a profile of AWS": ("OnlyApprovedModels", SYSTEM_PROFILE, {}),
    "a bought model": ("OnlyApprovedModels", f"arn:aws:bedrock:{HOME}:{ACCOUNT}:provisioned-model/x", {}),
    "an own model": ("OnlyApprovedModels", f"arn:aws:bedrock:{HOME}:{ACCOUNT}:imported-model/x", {}),
    "a deployment": ("OnlyApprovedModels", f"arn:aws:bedrock:{HOME}:{ACCOUNT}:custom-model-deployment/x", {}),
    "a router": ("OnlyApprovedModels", f"arn:aws:bedrock:{HOME}:{ACCOUNT}:prompt-router/x", {}),
    "a marketplace endpoint": ("OnlyApprovedModels", f"arn:aws:sagemaker:{HOME}:{ACCOUNT}:endpoint/x", {}),
    "the model itself": ("OnlyThroughProfiles", model(MODEL), {"bedrock:InferenceProfileArn": None}),
    "through a profile of AWS": ("OnlyThroughProfiles", model(MODEL), {"bedrock:InferenceProfileArn": SYSTEM_PROFILE}),
    "no guardrail": ("OnlyAcceptedGuardrails", model(MODEL), {"bedrock:GuardrailIdentifier": None}),
    "a draft": ("OnlyAcceptedGuardrails", model(MODEL), {"bedrock:GuardrailIdentifier": GUARDRAIL}),
    "another version": ("OnlyAcceptedGuardrails", model(MODEL), {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:3"}),
    "a longer version": ("OnlyAcceptedGuardrails", model(MODEL), {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:11"}),
    "another region": (
        "InvokeOnlyWhereProfilesAnswer",
        model(MODEL, ELSEWHERE),
        {"aws:RequestedRegion": ELSEWHERE},
    ),
    "no region": ("InvokeOnlyWhereProfilesAnswer", model(MODEL), {"aws:RequestedRegion": None}),
}


@pytest.mark.parametrize("what", WRONG_CALLS)
@pytest.mark.parametrize("action", ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
def test_a_wrong_call_is_denied_by_the_one_statement_that_promises_it(what: str, action: str) -> None:
    """Alone, without help of the others, and for the pipeline as for a team."""
    sid, resource, changed = WRONG_CALLS[what]
    context = {key: value for key, value in {**CALL, **changed}.items() if value is not None}
    allow_all = policy("service_control", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    (statement,) = [s for group in statements(RULES).values() for s in group if s["Sid"] == sid]
    level = (allow_all, policy("service_control", [statement]))
    identity = policy("identity", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    world = World(account=ACCOUNT, identity=(identity,), service_control=(level,))
    for principal in (TEAM, PIPELINE):
        assert decide(Request(principal, action, resource, context), world).outcome == "denied"


def test_nothing_is_called_where_models_only_answer() -> None:
    """In a region that is a destination and no home: no model without a profile, and no other service."""
    there = {"aws:RequestedRegion": ANSWERS}
    direct = {**there, "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}
    assert judged(TEAM, "bedrock:InvokeModel", model(MODEL, ANSWERS), direct) == "OnlyThroughProfiles"
    assert judged(TEAM, "s3:CreateBucket", "arn:aws:s3:::any", there) == "OnlyApprovedRegions"


def test_while_no_guardrail_is_accepted_no_model_is_called() -> None:
    """A unit without a platform: an empty list is not "anything goes"."""
    rules = UnitRules(guardrails=[], models=[MODEL], partition="aws", regions=[HOME])
    assert judged(TEAM, "bedrock:InvokeModel", model(MODEL), CALL, rules=rules) == "OnlyAcceptedGuardrails"


def test_while_no_model_is_approved_none_is_called() -> None:
    """The other list that may be empty."""
    rules = UnitRules(guardrails=RULES.guardrails, models=[], partition="aws", regions=[HOME])
    assert judged(TEAM, "bedrock:InvokeModel", model(MODEL), CALL, rules=rules) == "OnlyApprovedModels"


def test_a_unit_without_a_region_is_refused() -> None:
    """Nobody could do anything in it."""
    with pytest.raises(ValueError, match="at least one platform"):
        UnitRules(guardrails=[], models=[], partition="aws", regions=[])


@pytest.mark.parametrize(
    ("action", "region", "sid"),
    [
        ("s3:CreateBucket", HOME, None),
        ("s3:CreateBucket", ELSEWHERE, "OnlyApprovedRegions"),
        ("kms:CreateKey", ELSEWHERE, "OnlyApprovedRegions"),
        ("bedrock:ApplyGuardrail", ELSEWHERE, "OnlyApprovedRegions"),
        ("sagemaker:CreateEndpoint", ELSEWHERE, "OnlyApprovedRegions"),
        ("iam:GetRole", "us-east-1", None),
        ("sts:GetCallerIdentity", "us-east-1", None),
        ("budgets:ViewBudget", "us-east-1", None),
        ("organizations:DescribeOrganization", "us-east-1", None),
        ("route53:GetHostedZone", "us-east-1", None),
    ],
)
def test_only_services_of_the_whole_world_are_used_outside_the_regions(
    action: str, region: str, sid: str | None
) -> None:
    """Keys and buckets elsewhere protect and hold what nobody looks after."""
    assert judged(TEAM, action, "*", {"aws:RequestedRegion": region}) == sid


SIDE_DOORS: Mapping[str, str] = {
    "bedrock-mantle:CreateInference": "NoMantle",
    "bedrock-mantle:CallWithBearerToken": "NoMantle",
    "bedrock:CallWithBearerToken": "NoBearerTokens",
    "iam:CreateServiceSpecificCredential": "NoLastingCredentials",
    "iam:ResetServiceSpecificCredential": "NoLastingCredentials",
    "iam:CreateUser": "NoLastingCredentials",
    "iam:CreateAccessKey": "NoLastingCredentials",
    "bedrock:CreateModelInvocationJob": "NoModelsWithoutGuardrail",
    "bedrock:CreateModelCustomizationJob": "NoModelsWithoutGuardrail",
    "bedrock:CreateModelImportJob": "NoModelsWithoutGuardrail",
    "bedrock:CreateCustomModelDeployment": "NoModelsWithoutGuardrail",
    "bedrock:CreateProvisionedModelThroughput": "NoModelsWithoutGuardrail",
    "bedrock:CreateMarketplaceModelEndpoint": "NoModelsWithoutGuardrail",
    "bedrock:CreatePromptRouter": "NoModelsWithoutGuardrail",
    "bedrock:InvokeAgent": "NoModelsWithoutGuardrail",
    "bedrock:InvokeFlow": "NoModelsWithoutGuardrail",
    "bedrock:InvokeInlineAgent": "NoModelsWithoutGuardrail",
    "bedrock:RetrieveAndGenerate": "NoModelsWithoutGuardrail",
    "bedrock:RetrieveAndGenerateStream": "NoModelsWithoutGuardrail",
}


@pytest.mark.parametrize("action", SIDE_DOORS)
def test_a_side_door_is_closed_to_everybody(action: str) -> None:
    """Teams, pipeline and break-glass alike, by the statement that promises it alone."""
    for principal in (TEAM, PIPELINE, BREAK_GLASS, f"arn:aws:iam::{ACCOUNT}:root"):
        assert judged(principal, action, only=[SIDE_DOORS[action]]) == SIDE_DOORS[action]


def test_bearer_tokens_are_closed_on_both_endpoints_by_one_statement() -> None:
    """It does not count on the statement that closes the other endpoint altogether."""
    for action in ("bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken"):
        assert judged(TEAM, action, only=["NoBearerTokens"]) == "NoBearerTokens"


def test_what_teams_need_of_bedrock_stays_open() -> None:
    """Looking, applying a guardrail, retrieving without an answer, and rendering a prompt."""
    for action in ("GetInferenceProfile", "ListInferenceProfiles", "ApplyGuardrail", "Retrieve", "RenderPrompt"):
        assert judged(TEAM, f"bedrock:{action}") is None


PIPELINE_ONLY: Mapping[str, str] = {
    "bedrock:CreateGuardrail": "NoOwnGuardrails",
    "bedrock:CreateGuardrailVersion": "NoOwnGuardrails",
    "bedrock:CreateInferenceProfile": "NoOwnProfiles",
    "bedrock:CreateFoundationModelAgreement": "NoSubscriptions",
    "bedrock:PutUseCaseForModelAccess": "NoSubscriptions",
    "aws-marketplace:Subscribe": "NoSubscriptions",
}


@pytest.mark.parametrize("action", PIPELINE_ONLY)
def test_what_builds_the_landing_zone_is_the_pipelines_alone(action: str) -> None:
    """Also not of a role with the same name below a path, or in the name of somebody else."""
    sid = PIPELINE_ONLY[action]
    assert judged(PIPELINE, action) is None
    for principal in (TEAM, BREAK_GLASS, role("x/llmlz-apply"), role("llmlz-apply-2")):
        assert judged(principal, action, only=[sid]) == sid


def test_another_partition_is_named_throughout() -> None:
    """A document with an ARN of the wrong partition would match nothing."""
    found = statements(UnitRules(guardrails=[], models=[MODEL], partition="aws-cn", regions=["cn-north-1"]))
    text = minified(found)
    assert "arn:aws-cn:" in text
    assert "arn:aws:" not in text


def test_an_ordinary_unit_needs_one_document_for_each_group_even_under_the_former_limit() -> None:
    """25 models, 10 regions and as many destinations, 20 guardrail versions, and the evidence of two platforms."""
    regions = [f"ap-southeast-{number}" for number in range(10)]
    archives = [f"arn:aws:s3:::llmlz-{'e' * 20}-logs-11112222333{n}-ap-southeast-2" for n in range(2)]
    rules = UnitRules(
        guardrails=[f"arn:aws:bedrock:ap-southeast-2:111122223333:guardrail/abcdefghij12:{n}" for n in range(10, 30)],
        models=[f"anthropic.claude-sonnet-4-5-202509{number}-v1:0" for number in range(10, 35)],
        partition="aws",
        regions=regions,
        destinations=[f"{region}9" for region in regions],
        evidence=["arn:aws:logs:*:*:log-group:/llmlz-*", *archives, *(f"{archive}/*" for archive in archives)],
    )
    packed = pack(statements(rules), longest=FORMER_LIMIT, most=LIMITS[SERVICE_CONTROL].free)
    assert list(packed) == ["models", "calls", "doors", "tamper"]


def test_stars_stand_at_the_end_of_actions() -> None:
    """Where AWS has always accepted them in these policies."""
    for statement in (s for group in statements(RULES).values() for s in group):
        for name in ("Action", "NotAction"):
            actions = statement.get(name, [])
            for action in [actions] if isinstance(actions, str) else actions:
                assert "*" not in action.rstrip("*"), action


def test_every_sid_is_unique_and_every_statement_a_deny() -> None:
    """Explanations name a statement by its Sid, across documents."""
    found = [s for group in statements(RULES).values() for s in group]
    assert len({s["Sid"] for s in found}) == len(found)
    assert {s["Effect"] for s in found} == {"Deny"}
    assert list(MODELS_WITHOUT_GUARDRAIL) == sorted(MODELS_WITHOUT_GUARDRAIL)
