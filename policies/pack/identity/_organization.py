"""Which statements bind which unit: the policies of an organization, by the targets that they are attached to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from policies.pack._documents import Statement, parse
from policies.pack._grammar import Kind
from policies.pack._organization import ATTACHMENT, POLICY, kind_of, place, upwards
from policies.pack._relations import targets
from policies.pack._rule import Context, Result, indeterminate, together, violated
from policies.pack._values import text

AWS_OWN = ("p-FullAWSAccess", "p-RCPFullAWSAccess")
"""What AWS attaches everywhere; it allows everything and denies nothing:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_attach.html (2026-11)"""


@dataclass(slots=True)
class Target:
    """A root, a unit or an account with policies of one type."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Ids of attached policies that this stack does not make."""


def each_target(
    context: Context, policy_type: str, kind: Kind, lacks: Callable[[list[Statement]], Iterable[str]]
) -> Result:
    """Every target that carries policies of this type lacks nothing, and there is one.

    Which tier a unit has is not in a stack's resources, so a unit without any such policy is not blamed.
    """
    found = _targets(context, policy_type, kind)
    carrying = {key: target for key, target in found.items() if target.statements}
    if carrying:
        above = {key: [p for p in upwards(key, carrying, context) if p in carrying] for key in carrying}
        higher = {each for key, places in above.items() for each in places if each != key}
        # what binds the lowest is all there is, wherever it is attached
        lowest = [key for key in carrying if key not in higher] or carrying
        return together(
            _judged(carrying[key], list(lacks([s for p in above[key] for s in carrying[p].statements])))
            for key in lowest
        )
    unknown = [policy_id for target in found.values() for policy_id in target.unknown]
    if unknown:
        return indeterminate(
            f"{', '.join(unknown)} is attached and not made here; of type {policy_type} nothing else is"
        )
    return violated(f"no policy of type {policy_type} is attached to anything")


def _judged(target: Target, lacking: list[str]) -> Result:
    if lacking and target.unknown:
        said = f"{target.name}: {', '.join(target.unknown)} is not made here, the others lack {'; '.join(lacking)}"
        return indeterminate(said)
    return together(violated(f"{target.name}: {each}") for each in lacking)


def _targets(context: Context, policy_type: str, kind: Kind) -> Mapping[str, Target]:
    """Target, by URN or by id, to what it carries of this type."""
    found: dict[str, Target] = {}
    for attachment in context.of_type(ATTACHMENT):
        key = place(attachment, "targetId", context)
        target = found.setdefault(key, Target(key.rpartition("::")[2] if key.startswith("urn:") else key))
        made = targets(attachment, "policyId", context, POLICY)
        if not made:
            policy_id = text(attachment.inputs, "policyId") or attachment.name
            if policy_id not in AWS_OWN:
                target.unknown.append(policy_id)
        for policy in made[:1]:
            if kind_of(policy) == policy_type:
                target.statements += parse(policy.inputs.get("content"), kind, f"content of {policy.name}")
    return found
