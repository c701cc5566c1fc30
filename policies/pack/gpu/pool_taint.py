"""Only what asks for an accelerator runs on one, and it is clear on which."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import mappings, text
from policies.pack.gpu._pools import (
    GPU,
    NODE_GROUP,
    POOL,
    Requirement,
    group_has_gpus,
    may_have_gpus,
    node_spec,
    requirements,
)

EFFECTS = ("NoSchedule", "NO_SCHEDULE")
"""In Kubernetes, and in the API of EKS."""


def decide(resource: Resource, context: Context) -> Result:
    """A pool that may have GPUs has the taint, and no other pool of its cluster takes the same instances or pods."""
    if resource.type == NODE_GROUP:
        tainted = GPU in _keys(resource.inputs)
        return HOLDS if not group_has_gpus(resource, context) else require(tainted, f"no taint {GPU} with NO_SCHEDULE")
    if not may_have_gpus(resource):
        return HOLDS
    others = (p for p in context.of_type(POOL) if p.urn != resource.urn and p.provider == resource.provider)
    return together(
        [
            require(GPU in _keys(node_spec(resource)), f"no taint {GPU} with NoSchedule"),
            *(
                require(_apart(resource, other), f"{other.name} takes the same pods on the same instances")
                for other in others
                if may_have_gpus(other)
            ),
        ]
    )


def _taints(holder: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and value of what keeps pods away; taints that only start a node are taken off it."""
    for taint in mappings(holder, "taints"):
        if text(taint, "effect") in EFFECTS:
            yield text(taint, "key") or "", text(taint, "value") or ""


def _keys(holder: Mapping[str, Any]) -> set[str]:
    return {key for key, _ in _taints(holder)}


def _apart(one: Resource, two: Resource) -> bool:
    """Each has a taint that the other lacks, or they share no instance."""
    mine, theirs = set(_taints(node_spec(one))), set(_taints(node_spec(two)))
    if mine - theirs and theirs - mine:
        return True
    return any(_disjoint(a, b) for a in requirements(one) for b in requirements(two) if a[0] == b[0])


def _disjoint(one: Requirement, two: Requirement) -> bool:
    (_, first, mine), (_, second, theirs) = one, two
    if first == "In" and second == "In":
        return bool(mine) and bool(theirs) and not set(mine) & set(theirs)
    if {first, second} == {"In", "NotIn"}:
        inside, outside = (mine, theirs) if first == "In" else (theirs, mine)
        return bool(inside) and set(inside) <= set(outside)
    return False
