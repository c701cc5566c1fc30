"""Which statements bind which unit: the policies of an organization, by the targets that they are attached to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from policies.pack._documents import Statement, parse
from policies.pack._grammar import Kind
from policies.pack._rule import Context, Resource, Result, indeterminate, together, violated
from policies.pack._values import text

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
MEMBERS = ("aws:organizations/organizationalUnit:OrganizationalUnit", "aws:organizations/account:Account")
DEFAULT_TYPE = "SERVICE_CONTROL_POLICY"
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
    targets = {key: target for key, target in found.items() if target.statements}
    if targets:
        return together(
            _judged(targets[key], list(lacks(_bound(key, targets, context)))) for key in _lowest(targets, context)
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
        key, name = _place(attachment, "targetId", context)
        target = Target(name)
        policy = _policy(attachment, context)
        if policy is None:
            policy_id = text(attachment.inputs, "policyId") or attachment.name
            if policy_id not in AWS_OWN:
                target.unknown.append(policy_id)
        elif (text(policy.inputs, "type") or DEFAULT_TYPE) == policy_type:
            target.statements += parse(policy.inputs.get("content"), kind, f"content of {policy.name}")
        known = found.setdefault(key, target)
        if known is not target:
            known.statements += target.statements
            known.unknown += target.unknown
    return found


def _lowest(targets: Mapping[str, Target], context: Context) -> Iterable[str]:
    """Targets with none below them: what binds these is all there is, wherever it is attached."""
    above = {place for key in targets for place in _above(key, targets, context)}
    return [key for key in targets if key not in above] or targets


def _bound(key: str, targets: Mapping[str, Target], context: Context) -> list[Statement]:
    """Statements of a target and of what it stands in, as far as this stack makes that."""
    return [s for place in {key, *_above(key, targets, context)} for s in targets[place].statements]


def _above(key: str, targets: Mapping[str, Target], context: Context) -> set[str]:
    """Targets that the target stands in: by its parents, and the root, of which an organization has one."""
    seen = {key}
    place = key
    while (member := context.by_urn(place)) is not None and (
        place := _place(member, "parentId", context)[0]
    ) not in seen:
        seen.add(place)
    return {each for each in targets if each != key and (each in seen or each.startswith("r-"))}


def _place(resource: Resource, at: str, context: Context) -> tuple[str, str]:
    """Key and name of a target: the URN where this stack makes it, else the id."""
    for reference in resource.references:
        made = context.by_urn(reference.to)
        if reference.at == at and made is not None and made.type in MEMBERS:
            return made.urn, made.name
    place = text(resource.inputs, at) or ""
    return place, place


def _policy(attachment: Resource, context: Context) -> Resource | None:
    made = (context.by_urn(r.to) for r in attachment.references if r.at == "policyId")
    return next((policy for policy in made if policy is not None and policy.type == POLICY), None)
