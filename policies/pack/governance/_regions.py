"""Where things are: regions of resources, and the region locks of the organization."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.pack._documents import Statement, parse
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, text

POLICY, SERVICE_CONTROL = "aws:organizations/policy:Policy", "SERVICE_CONTROL_POLICY"
REQUESTED = "aws:requestedregion"
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}")
INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")


@dataclass(frozen=True, slots=True)
class Lock:
    """The regions to which one Deny of an organization leaves requests."""

    regions: frozenset[str]
    calls_models: bool
    """The Deny speaks about calls of models."""

    everything: bool
    """The Deny speaks about all actions but a few."""


def region_of(resource: Resource, context: Context) -> str:
    """The resource's own region, its provider's, or the stack's; raises ``UnreadableError``."""
    own = text(resource.inputs, "region")
    if own or resource.provider is None:
        return own or context.stack.region
    provider = context.by_urn(resource.provider)
    if provider is None:
        raise UnreadableError(f"the provider {resource.provider} is not in this stack, so its region is unknown")
    return text(provider.inputs, "region") or ""


def is_service_control(resource: Resource) -> bool:
    """A policy of an organization that limits its accounts; the type that is left out is this one."""
    return resource.type == POLICY and (text(resource.inputs, "type") or SERVICE_CONTROL) == SERVICE_CONTROL


def locking(resource: Resource) -> tuple[Statement, ...]:
    """Statements of a service control policy that speak about regions."""
    found = parse(resource.inputs.get("content"), "identity", f"content of {resource.name}")
    return tuple(s for s in found if any(key == REQUESTED for _, key in s.conditions))


def locks(context: Context) -> Iterator[Lock]:
    """Every region lock of the known stacks that leaves this stack's own region open."""
    for stack in (context.stack, *context.others):
        for resource in stack.resources:
            # most policies speak about something else, and reading one takes time
            if resource.type != POLICY or REQUESTED not in str(resource.inputs.get("content")).lower():
                continue
            for statement in locking(resource) if is_service_control(resource) else ():
                regions = statement.only_condition("StringNotEquals", REQUESTED)
                if not statement.allows and context.stack.region in regions:
                    calls = any(statement.covers(action) for action in INVOKE)
                    yield Lock(frozenset(regions), calls, bool(statement.not_actions) or "*" in statement.actions)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value
