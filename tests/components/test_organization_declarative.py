"""What the declarative policies of a unit say, and which guardrails they may name."""

import pytest

from components.organization import LIMITS, ai_opt_out, bedrock_policy, check_identifier, minified
from components.organization.limits import AI_OPT_OUT, BEDROCK

MANAGEMENT, REGION = "999988887777", "eu-central-1"
IDENTIFIER = f"arn:aws:bedrock:{REGION}:{MANAGEMENT}:guardrail/g7h3k2:4"


def test_every_ai_service_is_opted_out_and_stays_so() -> None:
    """Services of later years come under ``default``; no policy below may take it back, and no service may be added."""
    services = ai_opt_out()["services"]
    assert services["default"]["opt_out_policy"]["@@assign"] == "optOut"
    for part in (services, services["default"], services["default"]["opt_out_policy"]):
        assert part["@@operators_allowed_for_child_policies"] == ["@@none"]
    assert len(minified(ai_opt_out())) <= LIMITS[AI_OPT_OUT].longest


def test_the_guardrail_looks_at_everything_in_every_region() -> None:
    """One configuration per region, with its own guardrail; tags of callers hide nothing."""
    policy = bedrock_policy({"eu-west-1": "second", REGION: IDENTIFIER}, ["amazon.titan-embed-text-v2:0"])
    inference = policy["bedrock"]["guardrail_inference"]
    assert list(inference) == [REGION, "eu-west-1"]
    config = inference[REGION]["config_1"]
    assert config["identifier"] == {"@@assign": IDENTIFIER}
    assert {part: mode["@@assign"] for part, mode in config["selective_content_guarding"].items()} == {
        "system": "comprehensive",
        "messages": "comprehensive",
    }
    assert config["model_enforcement"] == {
        "included_models": {"@@assign": ["ALL"]},
        "excluded_models": {"@@assign": ["amazon.titan-embed-text-v2:0"]},
    }


def test_without_exceptions_every_model_is_guarded() -> None:
    """Bedrock reads a missing list as all models."""
    policy = bedrock_policy({REGION: IDENTIFIER}, [])
    assert "model_enforcement" not in policy["bedrock"]["guardrail_inference"][REGION]["config_1"]


def test_a_dozen_regions_with_ten_exceptions_fit() -> None:
    """More than any company of this landing zone has."""
    regions = {f"ap-southeast-{number}": IDENTIFIER for number in range(12)}
    excluded = [f"cohere.embed-multilingual-v{number}:0:512" for number in range(10)]
    assert len(minified(bedrock_policy(regions, excluded))) <= LIMITS[BEDROCK].longest


def test_a_published_version_of_the_management_account_is_accepted() -> None:
    """In the region itself, in any partition."""
    check_identifier(IDENTIFIER, management_account=MANAGEMENT, region=REGION)
    china = IDENTIFIER.replace("arn:aws:", "arn:aws-cn:")
    check_identifier(china, management_account=MANAGEMENT, region=REGION)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "g7h3k2",
        "g7h3k2:4",
        IDENTIFIER.removesuffix(":4"),
        IDENTIFIER.replace(":4", ":DRAFT"),
        IDENTIFIER.replace(":4", ":0"),
        IDENTIFIER.replace(":4", ":04"),
        IDENTIFIER.replace(":4", ":123456789"),
        IDENTIFIER.replace(MANAGEMENT, "111122223333"),
        IDENTIFIER.replace(REGION, "eu-west-1"),
        IDENTIFIER.replace("guardrail/", "guardrail-profile/"),
        f"{IDENTIFIER}\n",
        f" {IDENTIFIER}",
    ],
)
def test_anything_else_is_refused_before_every_call_would_fail(text: str) -> None:
    """The message has what was given and what is right."""
    with pytest.raises(ValueError, match="every model call would fail") as caught:
        check_identifier(text, management_account=MANAGEMENT, region=REGION)
    assert f"bedrock:{REGION}:{MANAGEMENT}" in str(caught.value)
