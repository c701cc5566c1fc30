"""What a bounded role can do at most, as IAM would decide it: its own policy allows everything here."""

import pytest

from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import Decision, decide
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.start.template import BOUNDARY, PLATFORM_BOUNDARY, boundary_document

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-central-1"
MODEL = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/abc123"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc123"
GUARDED = {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}
THROUGH = {"bedrock:InferenceProfileArn": PROFILE}
EVERYTHING = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}


def asked(
    action: str, resource: str = "*", context: dict[str, str] | None = None, boundary: str = BOUNDARY
) -> Decision:
    """The decision about a role that may do everything, but for its boundary."""
    world = World(
        account=ACCOUNT,
        identity=(parse({"Version": "2012-10-17", "Statement": EVERYTHING}, Origin(layer="identity", name="wide")),),
        boundary=parse(boundary_document(ACCOUNT, REGION, name=boundary), Origin(layer="boundary", name=boundary)),
    )
    return decide(Request(f"arn:aws:iam::{ACCOUNT}:role/llmlz-test-claims", action, resource, context or {}), world)


def denied_by(sid: str, decision: Decision) -> bool:
    """Whether it was this Deny that decided."""
    return decision.outcome == "denied" and decision.statement is not None and decision.statement.sid == sid


@pytest.mark.parametrize("action", ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
@pytest.mark.parametrize(
    ("resource", "context"),
    [
        (PROFILE, {}),
        (PROFILE, GUARDED),
        (MODEL, {**GUARDED, **THROUGH}),
        ("arn:aws:bedrock:::foundation-model/amazon.nova-micro-v1:0", {**GUARDED, **THROUGH}),
    ],
)
def test_every_check_of_a_guarded_call_through_a_profile_passes(
    action: str, resource: str, context: dict[str, str]
) -> None:
    """On the profile, on the model in a region, and on the model of a global profile, which names no region."""
    assert asked(action, resource, context).outcome == "allowed"


@pytest.mark.parametrize(
    "guardrail",
    [
        None,
        GUARDRAIL,  # the draft
        f"arn:aws:bedrock:{REGION}:{OTHER}:guardrail/abc123:1",
        "abc123",
        "abc123:1",
        "",
    ],
)
def test_a_call_without_a_version_of_a_guardrail_of_the_account_is_denied(guardrail: str | None) -> None:
    """No guardrail, its draft, one of another account, one by its bare id: denied where the model itself is checked."""
    given = {**THROUGH, **({"bedrock:GuardrailIdentifier": guardrail} if guardrail is not None else {})}
    for action in ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"):
        assert denied_by("EveryCallCarriesAGuardrail", asked(action, MODEL, given))


@pytest.mark.parametrize("model", ["amazon.titan-embed-text-v2:0", "cohere.embed-v4:0", "cohere.rerank-v3-5:0"])
def test_models_that_no_guardrail_can_look_at_are_called_without_one(model: str) -> None:
    """Embeddings and rankings: they answer with numbers. They too are reached through a profile only."""
    arn = f"arn:aws:bedrock:{REGION}::foundation-model/{model}"
    assert asked("bedrock:InvokeModel", arn, THROUGH).outcome == "allowed"
    assert denied_by("ModelsOnlyThroughProfiles", asked("bedrock:InvokeModel", arn))


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.amazon.nova-micro-v1:0",
        f"arn:aws:bedrock:{REGION}:{OTHER}:application-inference-profile/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:default-prompt-router/anthropic.claude:1",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:prompt-router/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:imported-model/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:custom-model-deployment/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:provisioned-model/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:async-invoke/abc123",
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/abc123",
        f"arn:aws:bedrock:{REGION}:{ACCOUNT}:a-kind-of-next-year/abc123",
    ],
)
def test_models_are_called_in_no_other_form(resource: str) -> None:
    """Guarded or not: a copy, an import, a router, reserved capacity, a marketplace endpoint, a kind that comes later."""
    assert denied_by("ModelsAndProfilesOnly", asked("bedrock:InvokeModel", resource, {**GUARDED, **THROUGH}))


@pytest.mark.parametrize(
    "through",
    [
        {},
        {"bedrock:InferenceProfileArn": f"arn:aws:bedrock:{REGION}:{OTHER}:application-inference-profile/abc123"},
        {"bedrock:InferenceProfileArn": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.amazon.nova"},
    ],
)
def test_a_model_is_reached_only_through_a_profile_of_the_account(through: dict[str, str]) -> None:
    """Not directly, not through a foreign profile, not through one that belongs to nobody."""
    assert denied_by("ModelsOnlyThroughProfiles", asked("bedrock:InvokeModel", MODEL, {**GUARDED, **through}))


def test_what_knows_no_guardrail_is_denied() -> None:
    """A two-way stream sends no guardrail, so the first statement takes it where the model is checked."""
    action = "bedrock:InvokeModelWithBidirectionalStream"
    assert denied_by("EveryCallCarriesAGuardrail", asked(action, MODEL, THROUGH))
    assert asked(action, PROFILE, GUARDED).outcome == "denied"


@pytest.mark.parametrize(
    "action",
    [
        "bedrock-mantle:CallWithBearerToken",
        "bedrock-mantle:CreateInference",
        "bedrock:CallWithBearerToken",
        "bedrock:CreateCustomModel",
        "bedrock:CreateCustomModelDeployment",
        "bedrock:CreateEvaluationJob",
        "bedrock:CreateInferenceProfile",
        "bedrock:CreateMarketplaceModelEndpoint",
        "bedrock:CreateModelCopyJob",
        "bedrock:CreateModelCustomizationJob",
        "bedrock:CreateModelImportJob",
        "bedrock:CreateModelInvocationJob",
        "bedrock:CreatePromptRouter",
        "bedrock:CreateProvisionedModelThroughput",
        "bedrock:InvokeAgent",
        "bedrock:InvokeBuilder",
        "bedrock:InvokeDataAutomationAsync",
        "bedrock:InvokeFlow",
        "bedrock:InvokeInlineAgent",
        "bedrock:OptimizePrompt",
        "bedrock:Rerank",
        "bedrock:RetrieveAndGenerate",
        "bedrock:RetrieveAndGenerateStream",
        "bedrock:StartFlowExecution",
    ],
)
def test_every_side_door_is_closed_by_name(action: str) -> None:
    """By a Deny: no Allow of this boundary, and none of a resource's own policy, opens it again."""
    assert denied_by("NoWayAround", asked(action))


@pytest.mark.parametrize("action", ["bedrock:Retrieve", "bedrock:RenderPrompt", "bedrock:GetInferenceProfile"])
def test_the_side_doors_are_no_wider_than_that(action: str) -> None:
    """Patterns close what they are meant for; what reads and runs no model stays open."""
    assert asked(action).outcome == "allowed"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/llmlz-test-trail"),
        ("cloudtrail:DeleteTrail", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/llmlz-test-trail"),
        ("logs:DeleteLogGroup", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/llmlz-test/cloudtrail"),
        ("kms:DisableKey", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc"),
        ("kms:ScheduleKeyDeletion", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc"),
        ("kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/llmlz-apply"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/llmlz-test-other"),
        ("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/anything"),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/llmlz-new"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/llmlz-test-other"),
    ],
)
def test_nobody_under_the_boundary_tampers_or_takes_another_role(action: str, resource: str) -> None:
    """Evidence, keys and roles: no Allow of the boundary reaches them."""
    assert asked(action, resource).outcome == "denied"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("bedrock:CreateInferenceProfile", "*"),
        ("bedrock:CreateGuardrailVersion", GUARDRAIL),
        ("bedrock:PutEnforcedGuardrailConfiguration", "*"),
        ("kms:CreateKey", "*"),
    ],
)
def test_the_pipeline_still_builds(action: str, resource: str) -> None:
    """The pipeline and the preview role have the other boundary, which none of these statements is part of."""
    assert asked(action, resource, boundary=PLATFORM_BOUNDARY).outcome == "allowed"
