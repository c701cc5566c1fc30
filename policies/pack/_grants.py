"""Who gets which identity policy: the documents of one stack, and the principals they are attached to."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._documents import Statement, parse
from policies.pack._relations import targets
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mappings, texts

ROLE, USER, GROUP = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group"
POLICY = "aws:iam/policy:Policy"
INLINE: Mapping[str, str] = {
    "aws:iam/rolePolicy:RolePolicy": "role",
    "aws:iam/userPolicy:UserPolicy": "user",
    "aws:iam/groupPolicy:GroupPolicy": "group",
}
"""Type that holds one document in ``policy`` to the input that names its principal."""

ATTACHMENTS: Mapping[str, str] = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "user",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "group",
}
"""Type that ties ``policyArn`` to a principal, to the input that names the principal."""

SHARED = "aws:iam/policyAttachment:PolicyAttachment"
SHARED_PRINCIPALS = ("roles", "users", "groups")

OTHER_ATTACHMENTS: Mapping[str, str] = {
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": "managedPolicyArns",
    ROLE: "managedPolicyArns",
}
"""Type to the input that lists policy ARNs."""

PERMISSION_SET_POLICY = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
PERMISSION_SET_ATTACHMENT = "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment"


def statements(resource: Resource) -> tuple[Statement, ...]:
    """Every statement that a resource itself holds; raises ``UnreadableError``."""
    return tuple(s for where, raw in _documents(resource) for s in parse(raw, "identity", where))


def attached_arns(resource: Resource) -> tuple[str, ...]:
    """ARNs of managed policies that a resource attaches; raises ``UnreadableError`` for what is no policy's ARN."""
    single = {
        **dict.fromkeys(ATTACHMENTS, "policyArn"),
        SHARED: "policyArn",
        PERMISSION_SET_ATTACHMENT: "managedPolicyArn",
    }
    if resource.type in single:
        found: tuple[Any, ...] = (resource.inputs.get(single[resource.type]),)
    else:
        found = texts(resource.inputs, OTHER_ATTACHMENTS[resource.type]) if resource.type in OTHER_ATTACHMENTS else ()
    for arn in found:
        if not isinstance(arn, str) or not arn.startswith("arn:") or ":policy/" not in arn:
            raise UnreadableError(f"{arn!r} is not the ARN of a policy")
    return found


def is_boundary(resource: Resource, context: Context) -> bool:
    """The policy limits principals and is attached to none, so that it grants nothing."""
    uses = {r.at.partition("[")[0] for o in context.stack.resources for r in o.references if r.to == resource.urn}
    grants = {"policyArn", "policyArns", "managedPolicyArns"}
    return resource.type == POLICY and "permissionsBoundary" in uses and not uses & grants


def groups(resource: Resource, context: Context) -> tuple[tuple[Statement, ...], ...]:
    """For each principal that gets the document of ``resource``: every statement it gets, its boundary's included.

    One group with the resource's own statements where no principal is known.
    """
    principals = _by_principal(context)
    mine = [holders for holders in principals.values() if any(h.urn == resource.urn for h in holders)]
    if not mine:
        return (statements(resource),)
    return tuple(tuple(s for h in holders for s in statements(h)) for holders in mine)


def _documents(resource: Resource) -> Iterator[tuple[str, Any]]:
    if resource.type in INLINE or resource.type == POLICY:
        yield "policy", resource.inputs.get("policy")
    elif resource.type == PERMISSION_SET_POLICY:
        yield "inlinePolicy", resource.inputs.get("inlinePolicy")
    elif resource.type == ROLE:
        for index, inline in enumerate(mappings(resource.inputs, "inlinePolicies")):
            yield f"inlinePolicies[{index}].policy", inline.get("policy")


def _by_principal(context: Context) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in context.stack.resources:
        if resource.type in (ROLE, USER, GROUP):
            found.setdefault(resource.urn, []).append(resource)
            for at in ("permissionsBoundary", "managedPolicyArns"):
                found[resource.urn].extend(targets(resource, at, context, POLICY))
        elif resource.type in INLINE:
            for principal in _named(resource, INLINE[resource.type], context):
                found.setdefault(principal, []).append(resource)
        elif resource.type in ATTACHMENTS:
            for principal in _named(resource, ATTACHMENTS[resource.type], context):
                found.setdefault(principal, []).extend(targets(resource, "policyArn", context, POLICY))
        elif resource.type == SHARED:
            for at in SHARED_PRINCIPALS:
                for principal in _named(resource, at, context):
                    found.setdefault(principal, []).extend(targets(resource, "policyArn", context, POLICY))
    return found


def _named(resource: Resource, at: str, context: Context) -> Iterator[str]:
    """URNs of the principals that the input names; the plain name where the stack does not make the principal."""
    made = targets(resource, at, context, ROLE, USER, GROUP)
    if made:
        yield from (principal.urn for principal in made)
        return
    principals = context.of_type(ROLE, USER, GROUP)
    value = resource.inputs.get(at)
    for name in value if isinstance(value, list | tuple) else [value]:
        urn = next((p.urn for p in principals if isinstance(name, str) and p.inputs.get("name") == name), None)
        yield urn or repr(name)
