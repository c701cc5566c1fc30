"""Policies of an organization, what they are attached to, and what stands above it."""

from collections.abc import Iterable, Iterator, Mapping

from policies.pack._relations import targets
from policies.pack._rule import Context, Resource
from policies.pack._values import text

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ACCOUNT = "aws:organizations/account:Account"
SERVICE_CONTROL, BEDROCK = "SERVICE_CONTROL_POLICY", "BEDROCK_POLICY"
ROOT = "r-"
"""Start of the id of an organization's root."""


def kind_of(policy: Resource) -> str:
    """The type of a policy; one that does not say its type is a service control policy."""
    return text(policy.inputs, "type") or SERVICE_CONTROL


def of_kind(context: Context, kind: str) -> tuple[Resource, ...]:
    """Policies of one type."""
    return tuple(p for p in context.of_type(POLICY) if kind_of(p) == kind)


def attached(context: Context, kind: str) -> Mapping[str, list[Resource]]:
    """Place to the policies of one type on it."""
    found: dict[str, list[Resource]] = {}
    for attachment in context.of_type(ATTACHMENT):
        here = [p for p in targets(attachment, "policyId", context, POLICY) if kind_of(p) == kind]
        if here:
            found.setdefault(place(attachment, "targetId", context), []).extend(here)
    return found


def place(resource: Resource, at: str, context: Context) -> str:
    """A unit or an account that an input names: its URN where this stack makes it, else its id."""
    made = targets(resource, at, context, UNIT, ACCOUNT)
    return made[0].urn if made else text(resource.inputs, at) or ""


def upwards(target: str, carrying: Iterable[str], context: Context) -> Iterator[str]:
    """A place and what stands above it, as far as this stack makes it; of ``carrying``, a root is above everything."""
    seen = [target]
    while (made := context.by_urn(target)) and (target := place(made, "parentId", context)) not in ("", *seen):
        seen.append(target)
    yield from seen
    yield from (each for each in carrying if each.startswith(ROOT) and each not in seen)
