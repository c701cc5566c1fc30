"""Which resources mean that models are called in the account of a stack."""

from collections.abc import Sequence

from policies.pack._rule import Context, Resource

GUARDRAIL = "aws:bedrock/guardrail:Guardrail"
ORGANIZATION_POLICY = "aws:organizations/policy:Policy"


def of_models(subjects: Sequence[Resource], context: Context) -> tuple[Resource, ...]:
    """``subjects`` without the guardrails that an organization hands on: nobody calls a model beside those."""
    handed_on = {reference.to for policy in context.of_type(ORGANIZATION_POLICY) for reference in policy.references}
    return tuple(s for s in subjects if s.type != GUARDRAIL or s.urn not in handed_on)
