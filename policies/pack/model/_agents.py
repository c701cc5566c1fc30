"""Agents, the roles they act as, and what these hold."""

from collections.abc import Iterator, Mapping, Sequence

from policies.pack._grants import POLICY, ROLE, SHARED
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, pointing_at, text, texts

ROLES: Mapping[str, str] = {
    "aws:bedrock/agentAgent:AgentAgent": "agentResourceRoleArn",
    "aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime": "roleArn",
    "aws:bedrock/agentcoreHarness:AgentcoreHarness": "executionRoleArn",
}
"""Type of an agent to the input that names its role."""

INLINE, ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def sharing(agent: Resource, context: Context) -> list[Resource]:
    """Other agents of the same account with the same role."""
    mine = _role_name(agent)
    return [
        other
        for stack in (context.stack, *context.others)
        if stack.account == context.stack.account
        for other in stack.resources
        if other.type in ROLES and other.urn != agent.urn and (_same(agent, other) or _role_name(other) == mine)
    ]


def role_of(agent: Resource, context: Context) -> Resource:
    """The role of an agent; raises ``UnreadableError`` where no known stack makes it."""
    urns = [r.to for r in agent.references if r.at == ROLES[agent.type]]
    name = _role_name(agent).rpartition("/")[2]
    for stack in (context.stack, *context.others):
        for role in (r for r in stack.resources if r.type == ROLE):
            own = stack.account == context.stack.account and text(role.inputs, "name") == name
            if role.urn in urns or own:
                return role
    raise UnreadableError(f"the role {name} is in no known stack, so nobody can tell what it may call")


def held_by(role: Resource, context: Context) -> Iterator[Resource]:
    """What grants a role its rights: its own documents, and the policies attached to it; not its boundary.

    Raises ``UnreadableError`` for an attached policy whose text no known stack has.
    """
    yield role
    for stack in (context.stack, *context.others):
        if role not in stack.resources:
            continue
        around = Context(stack=stack, level=context.level)
        yield from pointing_at(around, role, INLINE, "role", "name")
        named = text(role.inputs, "name")
        shared = [
            a
            for a in around.of_type(SHARED)
            if (named in texts(a.inputs, "roles"))
            or any(r.to == role.urn and r.at.startswith("roles") for r in a.references)
        ]
        for attachment in (*pointing_at(around, role, ATTACHMENT, "role", "name"), *shared):
            yield from _attached(attachment, "policyArn", (attachment.inputs.get("policyArn"),), around)
        yield from _attached(role, "managedPolicyArns", texts(role.inputs, "managedPolicyArns"), around)


def _attached(holder: Resource, at: str, arns: Sequence[object], around: Context) -> Iterator[Resource]:
    urns = [r.to for r in holder.references if r.at.partition("[")[0] == at]
    found = [p for p in around.of_type(POLICY) if p.urn in urns]
    if len(found) < len(arns):
        raise UnreadableError(f"{holder.name} attaches {', '.join(map(str, arns))}, whose text is not in the program")
    yield from found


def _same(one: Resource, other: Resource) -> bool:
    mine, theirs = ({r.to for r in a.references if r.at == ROLES[a.type] and f"{ROLE}::" in r.to} for a in (one, other))
    return bool(mine & theirs)


def _role_name(agent: Resource) -> str:
    role = text(agent.inputs, ROLES[agent.type])
    if role is None:
        raise UnreadableError(f"{ROLES[agent.type]} of {agent.name} is not set")
    return role
