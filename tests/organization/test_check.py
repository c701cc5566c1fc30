"""Guardrails of a Bedrock policy before it is attached: every mistake that would end all model calls is named."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from components.organization import bedrock_policy
from llmlz.organization.check import check_bedrock
from llmlz.organization.deployed import Clients

MANAGEMENT = "999900001111"


def arn(region: str = "eu-central-1", account: str = MANAGEMENT, name: str = "g7h3k2abcdef") -> str:
    """A guardrail."""
    return f"arn:aws:bedrock:{region}:{account}:guardrail/{name}"


def refusal(code: str) -> ClientError:
    """An answer of AWS that is an error."""
    return ClientError({"Error": {"Code": code, "Message": code}}, "GetGuardrail")


class Bedrock:
    """A region with published guardrails; an answer may be an error."""

    def __init__(
        self, guardrails: Mapping[str, Mapping[str, Any] | Exception], policy: Exception | None = None
    ) -> None:
        self.guardrails, self.policy = guardrails, policy

    def get_guardrail(self, *, guardrailIdentifier: str, guardrailVersion: str) -> Mapping[str, Any]:  # noqa: N803
        """One version of a guardrail."""
        found = self.guardrails.get(f"{guardrailIdentifier}:{guardrailVersion}", refusal("ResourceNotFoundException"))
        if isinstance(found, Exception):
            raise found
        return {"guardrailArn": guardrailIdentifier, "version": guardrailVersion, "status": "READY", **found}

    def get_resource_policy(self, *, resourceArn: str) -> Mapping[str, Any]:  # noqa: N803
        """The policy of a guardrail."""
        if self.policy:
            raise self.policy
        return {"resourcePolicy": "{}"}


def clients(**regions: Bedrock) -> Clients:
    """A client for each region, whose name is written with underscores; none for any other."""

    def make(service: str, region: str | None = None) -> Any:
        assert service == "bedrock"
        return regions[str(region).replace("-", "_")]

    return make


def checked(identifiers: Mapping[str, str], **regions: Bedrock) -> tuple[str, ...]:
    """The mistakes of a policy as the component writes it."""
    document = json.dumps(bedrock_policy(identifiers, []))
    return check_bedrock(document, management_account=MANAGEMENT, client_factory=clients(**regions))


def test_a_right_policy_has_no_mistake() -> None:
    """Two regions, each with its own guardrail, asked in that region."""
    there = {region: f"{arn(region)}:3" for region in ("eu-central-1", "eu-west-1")}
    regions = {region.replace("-", "_"): Bedrock({identifier: {}}) for region, identifier in there.items()}
    assert checked(there, **regions) == ()


@pytest.mark.parametrize(
    ("identifier", "answer", "mistakes"),
    [
        (f"{arn()}:4", {}, [f"{arn()} does not exist, or has no version 4"]),
        (f"{arn()}:DRAFT", {}, [f"{arn()}:DRAFT has version DRAFT, expected the number of a published version"]),
        (arn(), {}, [f"'{arn()}' is not <ARN of a guardrail>:<version>"]),
        ("g7h3k2abcdef:1", {}, ["'g7h3k2abcdef:1' is not <ARN of a guardrail>:<version>"]),
        (
            f"{arn(account='111122223333')}:1",
            {},
            [
                f"{arn(account='111122223333')}:1 belongs to account 111122223333, not to management account {MANAGEMENT}"
            ],
        ),
        (
            f"{arn('eu-west-1', '111122223333')}:DRAFT",
            {},
            [
                f"{arn('eu-west-1', '111122223333')}:DRAFT is in region eu-west-1, where calls in eu-central-1 cannot use it",
                f"{arn('eu-west-1', '111122223333')}:DRAFT belongs to account 111122223333,"
                f" not to management account {MANAGEMENT}",
                f"{arn('eu-west-1', '111122223333')}:DRAFT has version DRAFT, expected the number of a published version",
            ],
        ),
        (f"{arn()}:3", {"status": "CREATING"}, [f"{arn()} version 3 is CREATING, expected READY"]),
        (
            f"{arn()}:3",
            {"automatedReasoningPolicy": {"policies": ["p"]}},
            [f"{arn()} version 3 has an automated reasoning policy, which an organization cannot enforce"],
        ),
        (
            f"{arn()}:3",
            {"version": "DRAFT"},
            [f"{arn()} version 3 was asked for, and {arn()} version DRAFT was found"],
        ),
        (
            f"{arn()}:3",
            refusal("AccessDeniedException"),
            [
                f"{arn()} could not be looked at:"
                " An error occurred (AccessDeniedException) when calling the GetGuardrail operation: AccessDeniedException"
            ],
        ),
        (
            f"{arn()}:3",
            EndpointConnectionError(endpoint_url="https://b"),
            [f'{arn()} could not be looked at: Could not connect to the endpoint URL: "https://b"'],
        ),
    ],
)
def test_each_mistake_is_one_message(identifier: str, answer: Any, mistakes: list[str]) -> None:
    """With the identifier, what is wrong with it and what was expected; what cannot be asked is a mistake."""
    found = checked({"eu-central-1": identifier}, eu_central_1=Bedrock({f"{arn()}:3": answer}))
    assert found == tuple(f"eu-central-1.config_1: {mistake}" for mistake in mistakes)


def test_a_guardrail_that_is_closed_to_members_is_a_mistake() -> None:
    """It exists, and would still make every call of a member fail."""
    closed = Bedrock({f"{arn()}:3": {}}, refusal("ResourceNotFoundException"))
    (said,) = checked({"eu-central-1": f"{arn()}:3"}, eu_central_1=closed)
    assert said.endswith("has no resource policy, and without one no member may apply it")
    hidden = Bedrock({f"{arn()}:3": {}}, refusal("AccessDeniedException"))
    (said,) = checked({"eu-central-1": f"{arn()}:3"}, eu_central_1=hidden)
    assert "the resource policy of" in said
    assert "could not be looked at" in said


@pytest.mark.parametrize(
    "document",
    ["not JSON", "[]", "{}", '{"bedrock":{"guardrail_inference":{"eu-central-1":{"config_1":{"identifier":"x"}}}}}'],
)
def test_what_cannot_be_read_is_a_mistake(document: str) -> None:
    """Another shape may say anything; it is not passed."""
    (said,) = check_bedrock(document, management_account=MANAGEMENT, client_factory=clients())
    assert said.startswith("the policy cannot be read: ")


def test_a_policy_without_guardrails_is_a_mistake() -> None:
    """It would be attached, and enforce nothing."""
    final = {"@@operators_allowed_for_child_policies": ["@@none"]}
    document = {"bedrock": {"guardrail_inference": final}}
    assert check_bedrock(document, management_account=MANAGEMENT, client_factory=clients()) == (
        "the policy names no guardrail",
    )
