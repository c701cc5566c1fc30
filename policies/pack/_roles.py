"""One role of a stack: who may take it, and what its policies allow."""

from collections.abc import Mapping
from dataclasses import dataclass

from policies.pack._documents import Statement, parse
from policies.pack._grants import POLICY, SHARED, attached_arns, statements
from policies.pack._relations import name_in, names, pointing_at, targets
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError

INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
TIES: Mapping[str, tuple[str, str]] = {
    ATTACHMENT: ("role", "policyArn"),
    EXCLUSIVE: ("roleName", "policyArns"),
    SHARED: ("roles", "policyArn"),
}
"""Type that gives a role managed policies to the inputs that name the role and the policies."""


@dataclass(frozen=True, slots=True)
class Grants:
    """What a role may do, its boundary left aside."""

    holders: tuple[Resource, ...]
    """The role itself, for policies inside it, and every policy that it has of this stack."""

    aws: tuple[str, ...]
    """Names of AWS's own policies that it has."""

    @property
    def allows(self) -> tuple[Statement, ...]:
        """Every Allow of the holders; raises ``UnreadableError``."""
        return tuple(s for holder in self.holders for s in statements(holder) if s.allows)


def trust(role: Resource) -> tuple[Statement, ...]:
    """Every Allow of who may take the role; raises ``UnreadableError``."""
    found = parse(role.inputs.get("assumeRolePolicy"), "trust", "assumeRolePolicy")
    return tuple(s for s in found if s.allows)


def grants(role: Resource, context: Context) -> Grants:
    """Raises ``UnreadableError`` where a policy of the role is not known here."""
    holders = [role, *pointing_at(context, role, INLINE, "role", "name")]
    aws: list[str] = []
    for tie, at in (
        (role, "managedPolicyArns"),
        *((e, arns) for token, (to, arns) in TIES.items() for e in pointing_at(context, role, token, to, "name")),
    ):
        policies = [policy for policy in context.of_type(POLICY) if names(tie, at, policy, "name")]
        given = tie.inputs.get(at)
        count = len(given) or 1 if isinstance(given, list | tuple) else 1
        arns = () if len(targets(tie, at, context, POLICY)) >= count else attached_arns(tie)
        ours = [arn for arn in arns if ":iam::aws:" not in arn]
        if len(policies) < len(ours):
            raise UnreadableError(f"{', '.join(ours)} of {role.name}: what it allows is not known here")
        holders += policies
        aws += [name_in(arn) for arn in arns if ":iam::aws:" in arn]
    return Grants(tuple(holders), tuple(aws))
