"""Policies of an organization, and what they are attached to."""

from collections.abc import Iterator, Mapping

from policies.pack._rule import Context, Resource
from policies.pack._values import text

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ACCOUNT = "aws:organizations/account:Account"
SERVICE_CONTROL, BEDROCK = "SERVICE_CONTROL_POLICY", "BEDROCK_POLICY"
ROOT = "r-"
"""Start of the id of an organization's root."""


def of_kind(context: Context, kind: str) -> tuple[Resource, ...]:
    """Policies of one kind; a policy that does not say its kind is a service control policy."""
    return tuple(p for p in context.of_type(POLICY) if (text(p.inputs, "type") or SERVICE_CONTROL) == kind)


def attached(context: Context, kind: str) -> Mapping[str, list[Resource]]:
    """Target to the policies of one kind on it: the URN of a target that this stack makes, else its id."""
    policies = {p.urn: p for p in of_kind(context, kind)}
    found: dict[str, list[Resource]] = {}
    for attachment in context.of_type(ATTACHMENT):
        here = [policies[r.to] for r in attachment.references if r.at == "policyId" and r.to in policies]
        if here:
            found.setdefault(_named(attachment, "targetId", context), []).extend(here)
    return found


def upwards(target: str, context: Context) -> Iterator[str]:
    """A target and what stands above it, as far as this stack makes it; every root is above everything."""
    seen: list[str] = []
    while target and target not in seen:
        seen.append(target)
        yield target
        made = context.by_urn(target)
        target = _named(made, "parentId", context) if made else ""
    yield from (each for each in attached(context, SERVICE_CONTROL) if each.startswith(ROOT) and each not in seen)


def serves_the_organization(resource: Resource, context: Context) -> bool:
    """The resource is a guardrail that a Bedrock policy of this stack applies to members."""
    return any(
        reference.to == resource.urn and reference.at == "content"
        for policy in of_kind(context, BEDROCK)
        for reference in policy.references
    )


def _named(resource: Resource, at: str, context: Context) -> str:
    for reference in resource.references:
        made = context.by_urn(reference.to)
        if reference.at == at and made is not None and made.type in (UNIT, ACCOUNT):
            return made.urn
    return text(resource.inputs, at) or ""
