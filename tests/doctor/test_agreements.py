"""Models that an account may use, and agreements that are accepted only on request."""

from typing import Any

import pytest

from llmlz.doctor.agreements import KNOWN, ApprovedModel, accept_agreements, examine_agreements
from tests.doctor.stubs import REGION, Cloud

COHERE = ApprovedModel(alias="embed", model_id="cohere.embed-v4:0", vendor="Cohere", agreement=True)
CLAUDE = ApprovedModel(alias="claude", model_id="anthropic.claude-haiku-4-5", vendor="Anthropic", agreement=True)
NOVA = ApprovedModel(alias="nova", model_id="amazon.nova-lite-v1:0", vendor="Amazon", agreement=False)
OFFERS: dict[str, Any] = {
    "modelId": COHERE.model_id,
    "offers": [
        {
            "offerId": "offer-1",
            "offerToken": "token-1",
            "termDetails": {
                "usageBasedPricingTerm": {"rateCard": []},
                "legalTerm": {"url": "https://example.com/terms"},
                "supportTerm": {"refundPolicyDescription": "none"},
            },
        }
    ],
}


def available(
    cloud: Cloud,
    model: ApprovedModel,
    agreement: str = "AVAILABLE",
    *,
    authorized: str = "AUTHORIZED",
    entitled: str = "AVAILABLE",
    region: str = "AVAILABLE",
) -> None:
    """Bedrock answers so about one model."""
    answer: dict[str, Any] = {
        "modelId": model.model_id,
        "agreementAvailability": {"status": agreement, "errorMessage": "subscription failed"},
        "authorizationStatus": authorized,
        "entitlementAvailability": entitled,
        "regionAvailability": region,
    }
    cloud.answers("bedrock", "get_foundation_model_availability", answer, modelId=model.model_id)


@pytest.mark.parametrize(
    ("answer", "outcome", "told"),
    [
        ({}, "ok", "can be used"),
        ({"region": "NOT_AVAILABLE"}, "problem", "is not offered in eu-central-1"),
        ({"authorized": "NOT_AUTHORIZED"}, "problem", "may not use"),
        ({"entitled": "NOT_AVAILABLE"}, "problem", "no entitlement"),
        ({"agreement": "NOT_AVAILABLE", "entitled": "NOT_AVAILABLE"}, "problem", "nobody accepted"),
        ({"agreement": "PENDING", "entitled": "NOT_AVAILABLE"}, "indeterminate", "being processed"),
        ({"agreement": "ERROR"}, "problem", "subscription failed"),
        ({"agreement": "EXPIRED"}, "indeterminate", "agreement EXPIRED"),
        ({"region": "PARTLY"}, "indeterminate", "region PARTLY"),
        ({"authorized": "SOON"}, "indeterminate", "permission SOON"),
        ({"entitled": "SOON"}, "indeterminate", "entitlement SOON"),
        ({"agreement": "EXPIRED", "region": "NOT_AVAILABLE"}, "problem", "is not offered"),
    ],
)
def test_each_answer_means_something(cloud: Cloud, answer: dict[str, str], outcome: str, told: str) -> None:
    """The first obstacle is named, and nothing is accepted."""
    available(cloud, COHERE, **answer)
    (found,) = examine_agreements(cloud("bedrock"), [COHERE], REGION)
    assert (found.id, found.outcome) == ("agreement:embed", outcome)
    assert told in found.what


def test_a_model_without_agreement_needs_none(cloud: Cloud) -> None:
    """Its first call accepts the terms; with ``--accept-agreements`` nothing is accepted for it either."""
    available(cloud, NOVA, "NOT_AVAILABLE")
    available(cloud, NOVA, "NOT_AVAILABLE")
    for act in (examine_agreements, accept_agreements):
        (found,) = act(cloud("bedrock"), [NOVA], REGION)
        assert (found.outcome, "first call" in found.what) == ("ok", True)


@pytest.mark.parametrize("agreement", ["EXPIRED", "NOT_AVAILABLE"])
def test_what_nobody_knows_is_no_pass_for_a_model_without_agreement(cloud: Cloud, agreement: str) -> None:
    """Also where the first call would accept the terms; and nothing is accepted."""
    available(cloud, NOVA, agreement, entitled="SOON")
    (found,) = accept_agreements(cloud("bedrock"), [NOVA], REGION)
    assert (found.outcome, "entitlement SOON" in found.what) == ("indeterminate", True)


def test_the_known_answers_are_those_of_the_sdk(cloud: Cloud) -> None:
    """One that Bedrock adds later is seen here."""
    model = cloud("bedrock").meta.service_model.operation_model("GetFoundationModelAvailability").output_shape.members
    of_sdk = {
        "region": model["regionAvailability"],
        "permission": model["authorizationStatus"],
        "agreement": model["agreementAvailability"].members["status"],
        "entitlement": model["entitlementAvailability"],
    }
    assert {what: set(shape.enum) for what, shape in of_sdk.items()} == {w: set(known) for w, known in KNOWN.items()}


def test_an_answer_that_says_nothing_is_undecided() -> None:
    """A field that is not there is no pass."""

    class Bedrock:
        def get_foundation_model_availability(self, **_: str) -> dict[str, str]:
            return {"regionAvailability": "AVAILABLE"}

    (found,) = examine_agreements(Bedrock(), [COHERE], REGION)
    assert found.outcome == "indeterminate"


def test_the_one_public_offer_is_accepted_on_request(cloud: Cloud) -> None:
    """Its terms are told, and the model is looked at again: the agreement takes some minutes."""
    available(cloud, COHERE, "NOT_AVAILABLE")
    asked = {"modelId": COHERE.model_id, "offerType": "PUBLIC"}
    cloud.answers("bedrock", "list_foundation_model_agreement_offers", OFFERS, **asked)
    made = {"modelId": COHERE.model_id}
    cloud.answers("bedrock", "create_foundation_model_agreement", made, offerToken="token-1", **made)
    available(cloud, COHERE, "PENDING")
    accepted, now = accept_agreements(cloud("bedrock"), [COHERE], REGION)
    assert "https://example.com/terms" in accepted.what
    assert now.outcome == "indeterminate"


@pytest.mark.parametrize("offers", [[], OFFERS["offers"] * 2])
def test_nothing_is_accepted_where_there_is_a_choice_or_none(cloud: Cloud, offers: list[Any]) -> None:
    """A person chooses."""
    available(cloud, COHERE, "NOT_AVAILABLE")
    answer, asked = {"modelId": COHERE.model_id, "offers": offers}, {"modelId": COHERE.model_id, "offerType": "PUBLIC"}
    cloud.answers("bedrock", "list_foundation_model_agreement_offers", answer, **asked)
    (found,) = accept_agreements(cloud("bedrock"), [COHERE], REGION)
    assert found.outcome == "problem"
    assert f"{len(offers)} public offers, nothing was accepted" in found.what


def test_the_form_of_anthropic_is_never_sent(cloud: Cloud) -> None:
    """Without it nothing is accepted, and the reason is said; the stub would refuse any other question."""
    available(cloud, CLAUDE, "NOT_AVAILABLE")
    cloud.fails("bedrock", "get_use_case_for_model_access", "ResourceNotFoundException")
    (found,) = accept_agreements(cloud("bedrock"), [CLAUDE], REGION)
    assert found.outcome == "problem"
    assert "only your company can say that" in found.fix


def test_with_the_form_the_agreement_is_accepted(cloud: Cloud) -> None:
    """Somebody sent it before."""
    available(cloud, CLAUDE, "NOT_AVAILABLE")
    cloud.answers("bedrock", "get_use_case_for_model_access", {"formData": b"{}"})
    asked = {"modelId": CLAUDE.model_id, "offerType": "PUBLIC"}
    cloud.answers("bedrock", "list_foundation_model_agreement_offers", OFFERS, **asked)
    made = {"modelId": CLAUDE.model_id}
    cloud.answers("bedrock", "create_foundation_model_agreement", made, offerToken="token-1", **made)
    available(cloud, CLAUDE)
    assert [one.outcome for one in accept_agreements(cloud("bedrock"), [CLAUDE], REGION)] == ["ok", "ok"]


def test_a_refusal_is_undecided_and_the_next_model_is_asked(cloud: Cloud) -> None:
    """With AWS's words."""
    cloud.fails("bedrock", "get_foundation_model_availability", "AccessDeniedException", "not allowed")
    available(cloud, NOVA)
    first, second = examine_agreements(cloud("bedrock"), [COHERE, NOVA], REGION)
    assert (first.outcome, second.outcome) == ("indeterminate", "ok")
    assert "not allowed" in first.what
