"""Agents, and the roles they act as."""

from collections.abc import Mapping

from policies.pack._grants import ROLE
from policies.pack._places import in_account
from policies.pack._relations import name_in, names, sources
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, text

ROLES: Mapping[str, str] = {
    "aws:bedrock/agentAgent:AgentAgent": "agentResourceRoleArn",
    "aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime": "roleArn",
    "aws:bedrock/agentcoreHarness:AgentcoreHarness": "executionRoleArn",
}
"""Type of an agent to the input that names its role."""


def sharing(agent: Resource, context: Context) -> list[Resource]:
    """Other agents of the same account with the same role."""
    mine = _role_name(agent)
    others = (other for other, _ in in_account(context, *ROLES) if other.urn != agent.urn)
    return [other for other in others if _same(agent, other) or _role_name(other) == mine]


def role_of(agent: Resource, context: Context) -> tuple[Resource, Context]:
    """The role of an agent, with its stack; raises ``UnreadableError`` where no known stack makes it."""
    name = name_in(_role_name(agent))
    for role, there in in_account(context, ROLE):
        if names(agent, ROLES[agent.type], role, "name"):
            return role, there
    raise UnreadableError(f"the role {name} is in no known stack, so nobody can tell what it may call")


def _same(one: Resource, other: Resource) -> bool:
    mine, theirs = ({urn for urn in sources(a, ROLES[a.type]) if f"{ROLE}::" in urn} for a in (one, other))
    return bool(mine & theirs)


def _role_name(agent: Resource) -> str:
    role = text(agent.inputs, ROLES[agent.type])
    if role is None:
        raise UnreadableError(f"{ROLES[agent.type]} of {agent.name} is not set")
    return role
