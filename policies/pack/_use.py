"""Which resources and grants mean that models are called in the account of a stack."""

from collections.abc import Sequence

from policies.pack._documents import Statement
from policies.pack._organization import BEDROCK, of_kind
from policies.pack._relations import sources
from policies.pack._rule import Context, Resource

GUARDRAIL = "aws:bedrock/guardrail:Guardrail"
INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorised as these two
(docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html, 2026-11)."""


def calls_models(statement: Statement) -> bool:
    """The statement speaks about calls of models."""
    return any(statement.covers(action) for action in INVOKE)


def of_models(subjects: Sequence[Resource], context: Context) -> tuple[Resource, ...]:
    """``subjects`` without the guardrails that an organization hands on: nobody calls a model beside those."""
    return tuple(s for s in subjects if not handed_on(s, context))


def handed_on(resource: Resource, context: Context) -> bool:
    """The resource is a guardrail that a Bedrock policy of this stack applies to members of the organization."""
    return resource.type == GUARDRAIL and any(
        resource.urn in sources(policy, "content") for policy in of_kind(context, BEDROCK)
    )
