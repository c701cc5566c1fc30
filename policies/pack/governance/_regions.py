"""The region locks of the organization."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.pack._documents import Statement, parse
from policies.pack._organization import POLICY, SERVICE_CONTROL, kind_of
from policies.pack._rule import Context, Resource
from policies.pack._use import calls_models

REQUESTED = "aws:requestedregion"
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}")


@dataclass(frozen=True, slots=True)
class Lock:
    """The regions to which one Deny of an organization leaves requests."""

    regions: frozenset[str]
    calls_models: bool
    """The Deny speaks about calls of models."""

    everything: bool
    """The Deny speaks about all actions but a few."""


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
            for statement in locking(resource) if kind_of(resource) == SERVICE_CONTROL else ():
                regions = statement.only_condition("StringNotEquals", REQUESTED)
                if not statement.allows and context.stack.region in regions:
                    everything = bool(statement.not_actions) or "*" in statement.actions
                    yield Lock(frozenset(regions), calls_models(statement), everything)
