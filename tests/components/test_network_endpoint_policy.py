"""What passes through a private endpoint, as IAM would decide it: who calls may do everything here."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.network import Network, NetworkArgs
from components.network.endpoint_policy import LONGEST, default_policy, fitting, model_calls, policy_text
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role

REGION = "eu-central-1"
ZONES = {"a": "eu-central-1a", "b": "eu-central-1b", "c": "eu-central-1c"}
NOVA = [f"arn:aws:bedrock:{region}::foundation-model/amazon.nova-micro-v1:0" for region in (REGION, "eu-west-1")]
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc123"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/abc123"
TITAN = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-embed-text-v2:0"
MODEL_CALLS = model_calls(
    account_id=ACCOUNT,
    partition="aws",
    foundation_models=[*NOVA, TITAN],
    guardrail_arn=GUARDRAIL,
    guardrail_versions=["1", "2"],
    unguarded_models=[TITAN],
)


def passes(
    policy: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str] | None = None, by: str = ACCOUNT
) -> bool:
    """Whether a request gets through an endpoint with this policy, sent by someone of ``by`` who may do everything."""
    at_endpoint = document("endpoint", *policy["Statement"])
    return allowed(action, resource, by=role("app", by), context=context, at_endpoint=at_endpoint)


def of(service: str) -> dict[str, Any]:
    """The policy of an endpoint that nobody wrote one for."""
    return default_policy(service, account_id=ACCOUNT, partition="aws", region=REGION)


@pytest.mark.parametrize("service", ["kms", "logs", "s3", "secretsmanager", "sts"])
def test_credentials_of_another_account_do_not_pass(service: str) -> None:
    """Whoever brings them into the network cannot carry data out with them."""
    action = {"s3": "s3:PutObject", "logs": "logs:PutLogEvents"}.get(service, f"{service}:Anything")
    assert passes(of(service), action, "*")
    assert not passes(of(service), action, "*", by=OTHER)


def test_layers_of_images_pass_for_whoever_signed_their_address() -> None:
    """ECR signs them with an account of its own; nothing else of its bucket or of another one passes."""
    layers = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket"
    assert passes(of("s3"), "s3:GetObject", f"{layers}/layer", by=OTHER)
    assert not passes(of("s3"), "s3:PutObject", f"{layers}/layer", by=OTHER)
    assert not passes(of("s3"), "s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer", by=OTHER)
    assert not passes(of("kms"), "s3:GetObject", f"{layers}/layer", by=OTHER)


def test_a_token_from_outside_becomes_a_role_of_the_account_only() -> None:
    """Who holds such a token belongs to no account yet, so the condition is about the role."""
    (token,) = [s for s in of("sts")["Statement"] if s["Sid"] == "TokensForOwnRoles"]
    assert token["Action"] == ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
    assert token["Principal"] == {"Federated": "*"}
    assert token["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}


@pytest.mark.parametrize("action", ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
@pytest.mark.parametrize("resource", [PROFILE, *NOVA])
@pytest.mark.parametrize("version", ["1", "2"])
def test_approved_calls_pass(action: str, resource: str, version: str) -> None:
    """Every check of a call: on the profile and on the model in each region; with each accepted version."""
    assert passes(MODEL_CALLS, action, resource, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:{version}"})
    assert passes(MODEL_CALLS, "bedrock:ApplyGuardrail", GUARDRAIL)


@pytest.mark.parametrize(
    ("resource", "guardrail", "by"),
    [
        (NOVA[0], None, ACCOUNT),
        (NOVA[1], None, ACCOUNT),
        (NOVA[0], GUARDRAIL, ACCOUNT),
        (NOVA[0], f"{GUARDRAIL}:3", ACCOUNT),
        (NOVA[0], f"{GUARDRAIL}:1", OTHER),
        (PROFILE, f"{GUARDRAIL}:1", OTHER),
        (TITAN, None, OTHER),
        (TITAN.replace(REGION, "us-east-1"), None, ACCOUNT),
        (f"arn:aws:bedrock:{REGION}:{OTHER}:application-inference-profile/abc123", f"{GUARDRAIL}:1", ACCOUNT),
        (f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.amazon.nova-micro-v1:0", f"{GUARDRAIL}:1", ACCOUNT),
        (f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-pro-v1:0", f"{GUARDRAIL}:1", ACCOUNT),
        (NOVA[0].replace(REGION, "us-east-1"), f"{GUARDRAIL}:1", ACCOUNT),
    ],
)
def test_other_calls_do_not_pass(resource: str, guardrail: str | None, by: str) -> None:
    """No guardrail, its draft, a version that left; another account's caller or profile; another model or region."""
    context = {"bedrock:GuardrailIdentifier": guardrail} if guardrail else {}
    assert not passes(MODEL_CALLS, "bedrock:InvokeModel", resource, context, by)


@pytest.mark.parametrize(
    "action", ["bedrock:InvokeModelWithBidirectionalStream", "bedrock-mantle:CreateInference", "bedrock:Rerank"]
)
def test_nothing_else_of_bedrock_passes(action: str) -> None:
    """The endpoint is for calls of models; what AWS adds there later does not pass by itself."""
    assert not passes(MODEL_CALLS, action, PROFILE, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"})


def test_the_guardrail_is_applied_by_own_principals_only() -> None:
    """And no other guardrail is."""
    assert not passes(MODEL_CALLS, "bedrock:ApplyGuardrail", GUARDRAIL, by=OTHER)
    assert not passes(MODEL_CALLS, "bedrock:ApplyGuardrail", f"{GUARDRAIL}4")


def test_models_that_no_guardrail_can_look_at_pass_without_one() -> None:
    """Those that are named; a profile passes either way, since the model behind it is checked as well."""
    for resource in (TITAN, PROFILE):
        assert passes(MODEL_CALLS, "bedrock:InvokeModel", resource)


def test_a_guardrail_without_a_version_is_refused() -> None:
    """An empty list in a condition is no condition that AWS takes."""
    with pytest.raises(ValueError, match=r"no version of arn:.* is accepted"):
        model_calls(
            account_id=ACCOUNT, partition="aws", foundation_models=NOVA, guardrail_arn=GUARDRAIL, guardrail_versions=[]
        )


def test_a_policy_that_is_too_long_is_refused_with_both_numbers() -> None:
    """The longest that AWS takes is taken, and one character more is not."""
    assert fitting("kms", "x" * LONGEST) == "x" * LONGEST
    with pytest.raises(ValueError, match=r"endpoint for kms has 20481 characters, 20480 are allowed: approve fewer"):
        fitting("kms", "x" * (LONGEST + 1))


def test_white_space_is_not_sent() -> None:
    """It counts, and says nothing."""
    text = policy_text(MODEL_CALLS)
    assert json.loads(text) == MODEL_CALLS
    assert len(text.split()) == 1


def recorded(**changes: Any) -> Graph:
    """The graph of a network with two interface endpoints."""
    args: dict[str, Any] = {
        "cidr": "10.20.0.0/16",
        "interface_endpoints": ["bedrock-runtime", "sts"],
        "name_prefix": "llmlz",
        "region": REGION,
        "zones": ZONES,
        **changes,
    }

    def program() -> None:
        Network("net", NetworkArgs(**args))

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


def test_every_endpoint_has_a_policy() -> None:
    """The written one where there is one, and the default for its service elsewhere, the gateway included."""
    graph = recorded(account_id=ACCOUNT, endpoint_policies={"bedrock-runtime": policy_text(MODEL_CALLS)})
    found = {e.name: json.loads(e.inputs["policy"]) for e in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")}
    assert found == {
        "net-endpoint-bedrock-runtime": MODEL_CALLS,
        "net-endpoint-sts": of("sts"),
        "net-s3-gateway": of("s3"),
    }


def test_without_an_account_endpoints_are_as_aws_makes_them() -> None:
    """No policy at all: nothing is said that might be half of what was meant."""
    assert not [e.name for e in recorded().of_type("aws:ec2/vpcEndpoint:VpcEndpoint") if "policy" in e.inputs]


def test_a_long_policy_is_refused_where_the_network_is_made() -> None:
    """Also when it comes from outputs of other resources, which only the program itself puts together."""
    with pytest.raises(ValueError, match="endpoint for sts has 20481 characters"):
        recorded(account_id=ACCOUNT, endpoint_policies={"sts": "x" * (LONGEST + 1)})


def test_a_policy_for_no_endpoint_is_refused() -> None:
    """It would protect nothing, and look as if it did."""
    with pytest.raises(ValueError, match=r"endpoint_policies names \['kms'\], which have no endpoint here"):
        recorded(endpoint_policies={"kms": "{}"})


def test_places_tell_the_endpoints() -> None:
    """By service, for policies that allow calls only through them."""
    made: list[Network] = []
    args = NetworkArgs(
        cidr="10.20.0.0/16", interface_endpoints=["sts"], name_prefix="llmlz", region=REGION, zones=ZONES
    )
    record(
        lambda: made.append(Network("net", args)),
        project="llmlz",
        stack_name="platform",
        account=ACCOUNT,
        region=REGION,
    )
    assert set(made[0].places.endpoint_ids) == {"sts"}
