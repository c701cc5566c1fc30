"""Whether the account may use the models that a platform approves, and accepting agreements where that is asked for.

An agreement is a contract between a company and a vendor, so nothing is accepted unless a person says so in the
command, and only for approved models. The form in which Anthropic asks what its models are for is a statement that a
company makes in its own words: it is never sent from here.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html (2026-11)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from llmlz.doctor.finding import ApiError, Finding, code, ok, problem, refused, undecided

KNOWN = {
    "region": ("AVAILABLE", "NOT_AVAILABLE"),
    "permission": ("AUTHORIZED", "NOT_AUTHORIZED"),
    "agreement": ("AVAILABLE", "PENDING", "NOT_AVAILABLE", "ERROR"),
    "entitlement": ("AVAILABLE", "NOT_AVAILABLE"),
}
"""What Bedrock says about each, as published; whatever else it says decides nothing.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html (2026-11)
"""
NOT_ACCEPTED = "nobody accepted the agreement for {}"
FORM_VENDOR = "Anthropic"
FORM = (
    "Anthropic asks what its models are for before anybody may call them, and only your company can say that: open a"
    " model of Anthropic in the model catalogue of the Bedrock console and submit the form, in the management account if"
    " the whole organization is to have it"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedModel:
    """A model that a platform approves."""

    alias: str
    """Its name in the catalogue."""

    model_id: str
    """Its name at Bedrock."""

    vendor: str
    """Who licenses it."""

    agreement: bool
    """Whether somebody must accept an agreement before the first call; without, the first call accepts the terms."""


def examine_agreements(bedrock: Any, models: Iterable[ApprovedModel], region: str) -> tuple[Finding, ...]:
    """A finding for each model; nothing is accepted."""
    return tuple(_examined(bedrock, model, region) for model in models)


def accept_agreements(bedrock: Any, models: Iterable[ApprovedModel], region: str) -> tuple[Finding, ...]:
    """The same, and the one public agreement of each model that lacks it is accepted first."""
    return tuple(_accepted(bedrock, list(models), region))


def _examined(bedrock: Any, model: ApprovedModel, region: str) -> Finding:
    name = f"agreement:{model.alias}"
    try:
        found = bedrock.get_foundation_model_availability(modelId=model.model_id)
    except ApiError as error:
        return refused(name, error, region, "bedrock:GetFoundationModelAvailability")
    return _judged(name, model, region, found)


def _judged(name: str, model: ApprovedModel, region: str, found: dict[str, Any]) -> Finding:
    """The first of the answers that stands in the way, if any does."""
    return next(_obstacles(name, model, region, found), ok(name, f"{model.model_id} can be used", region))


def _obstacles(name: str, model: ApprovedModel, region: str, found: dict[str, Any]) -> Iterator[Finding]:
    """In the order in which people can do something: region, permission, agreement, entitlement."""
    called, agreement = model.model_id, found.get("agreementAvailability") or {}
    status, told = agreement.get("status"), agreement.get("errorMessage", "")
    said = {
        "region": found.get("regionAvailability"),
        "permission": found.get("authorizationStatus"),
        "agreement": status,
        "entitlement": found.get("entitlementAvailability"),
    }
    if said["region"] == "NOT_AVAILABLE":
        yield problem(name, f"{called} is not offered in {region}", region, "take it out of the approved models")
    if said["permission"] == "NOT_AUTHORIZED":
        fix = "ask who owns the organization's policies; in the console the model shows why"
        yield problem(name, f"the account may not use {called}", region, fix)
    if odd := [f"{what} {answer}" for what, answer in said.items() if answer not in KNOWN[what]]:
        fix = "look at it in the model catalogue of the Bedrock console"
        yield undecided(name, f"of {called} Bedrock says what is not known here: {', '.join(odd)}", region, fix)
    if status == "PENDING":
        yield undecided(name, f"the agreement for {called} is being processed", region, "ask again in minutes")
    if status == "ERROR":
        yield problem(name, f"the agreement for {called} failed: {told}", region, "see it in AWS Marketplace")
    if status == "NOT_AVAILABLE" and model.agreement:
        form = f"{FORM}; then " if model.vendor == FORM_VENDOR else ""
        fix = f"{form}read its terms, and run this again with --accept-agreements"
        yield problem(name, NOT_ACCEPTED.format(called), region, fix)
    if status == "NOT_AVAILABLE":
        yield ok(name, f"{called} needs no agreement: the first call accepts its terms", region)
    if said["entitlement"] == "NOT_AVAILABLE":
        fix = "see its subscription in AWS Marketplace"
        yield problem(name, f"the account has no entitlement to {called}", region, fix)


def _accepted(bedrock: Any, models: list[ApprovedModel], region: str) -> Iterator[Finding]:
    for model in models:
        found = _examined(bedrock, model, region)
        if found.what == NOT_ACCEPTED.format(model.model_id):
            yield from _accept(bedrock, model, region)
        else:
            yield found


def _accept(bedrock: Any, model: ApprovedModel, region: str) -> Iterator[Finding]:
    name = f"agreement:{model.alias}"
    try:
        if model.vendor == FORM_VENDOR and not _has_form(bedrock):
            yield problem(
                name, f"{model.model_id}: the form of Anthropic is not there, nothing was accepted", region, FORM
            )
            return
        offers = bedrock.list_foundation_model_agreement_offers(modelId=model.model_id, offerType="PUBLIC")["offers"]
        if len(offers) != 1:
            yield problem(
                name,
                f"{model.model_id} has {len(offers)} public offers, nothing was accepted",
                region,
                "choose one in the model catalogue of the Bedrock console",
            )
            return
        bedrock.create_foundation_model_agreement(modelId=model.model_id, offerToken=offers[0]["offerToken"])
    except ApiError as error:
        yield refused(
            name,
            error,
            region,
            "bedrock:ListFoundationModelAgreementOffers, bedrock:CreateFoundationModelAgreement and"
            " aws-marketplace:Subscribe",
        )
        return
    terms = offers[0].get("termDetails", {}).get("legalTerm", {}).get("url", "no address given")
    yield ok(f"accepted:{model.alias}", f"the agreement for {model.model_id} was accepted; its terms: {terms}", region)
    yield _examined(bedrock, model, region)


def _has_form(bedrock: Any) -> bool:
    try:
        return bool(bedrock.get_use_case_for_model_access()["formData"])
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return False
        raise
