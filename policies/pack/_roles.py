"""One role of a stack: what is tied to it, and what its policies allow."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.pack._documents import Statement
from policies.pack._grants import POLICY, ROLE, attached_arns, statements
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mapping, text, texts

INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
SHARED = "aws:iam/policyAttachment:PolicyAttachment"
TIES = {ATTACHMENT: ("role", "policyArn"), EXCLUSIVE: ("roleName", "policyArns"), SHARED: ("roles", "policyArn")}
"""Type that gives a role managed policies to the inputs that name the role and the policies."""


@dataclass(frozen=True, slots=True)
class Grants:
    """What a role may do, its boundary left aside."""

    allows: tuple[Statement, ...]
    """Every Allow of its own policies, inline or managed by this stack."""

    aws: tuple[str, ...]
    """Names of AWS's own policies that it has."""


def grants(role: Resource, context: Context) -> Grants:
    """Raises ``UnreadableError`` where a policy of the role is not known here."""
    found = [*statements(role), *(s for each in tied(role, context, INLINE, "role") for s in statements(each))]
    aws: list[str] = []
    for holder, at in (
        (role, "managedPolicyArns"),
        *((each, arns) for token, (named, arns) in TIES.items() for each in tied(role, context, token, named)),
    ):
        arns = attached_arns(holder)
        ours = [arn for arn in arns if ":iam::aws:" not in arn]
        policies = _policies(holder, at, ours, context)
        if len(policies) < len(ours):
            raise UnreadableError(f"{', '.join(ours)} of {role.name}: what it allows is not known here")
        found += [s for policy in policies for s in statements(policy)]
        aws += [last(arn) for arn in arns if ":iam::aws:" in arn]
    return Grants(tuple(s for s in found if s.allows), tuple(aws))


def tied(role: Resource, context: Context, token: str, at: str) -> tuple[Resource, ...]:
    """Resources of type ``token`` whose input ``at``, a text or a list, names the role: by reference, name or ARN.

    ``at`` may be a path such as ``computeConfig.nodeRoleArn``.
    """
    return tuple(each for each in context.of_type(token) if _names(each, at, role, context))


def last(arn: str) -> str:
    """Name in an ARN, its path left out; a plain name is its own."""
    return arn.rpartition("/")[2]


def _names(resource: Resource, at: str, role: Resource, context: Context) -> bool:
    referenced = {r.to for r in resource.references if r.at == at or r.at.startswith(f"{at}[")}
    if role.urn in referenced:
        return True
    if any((other := context.by_urn(urn)) is not None and other.type == ROLE for urn in referenced):
        return False
    *parents, key = at.split(".")
    inputs = resource.inputs
    for parent in parents:
        inputs = mapping(inputs, parent) or {}
    one = inputs.get(key)
    named = texts(inputs, key) if isinstance(one, list | tuple) else filter(None, [text(inputs, key)])
    return text(role.inputs, "name") in {last(value) for value in named}


def _policies(holder: Resource, at: str, arns: list[str], context: Context) -> list[Resource]:
    referenced = {r.to for r in holder.references if r.at == at or r.at.startswith(f"{at}[")}
    names = {last(arn) for arn in arns}
    return list(_known(referenced, names, context))


def _known(urns: set[str], names: set[str], context: Context) -> Iterator[Resource]:
    for policy in context.of_type(POLICY):
        if policy.urn in urns or text(policy.inputs, "name") in names:
            yield policy
