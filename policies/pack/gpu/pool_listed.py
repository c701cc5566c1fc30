"""Accelerators are bought from a list, go when they are idle, and are replaced before they are old."""

import re
from collections.abc import Iterator
from typing import Any

from policies.pack._kubernetes import quantity
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import mappings, part, text, texts
from policies.pack.gpu._pools import (
    CAPACITY,
    FAMILIES,
    NODE_GROUP,
    SIZES,
    TYPE,
    family,
    group_has_gpus,
    instance_types,
    listed,
    may_have_gpus,
    minutes,
    node_spec,
    size,
)

NOBODY = re.compile(r"0+%?")


def decide(resource: Resource, context: Context) -> Result:
    """Instances and capacity of ``needs``; idle nodes go and old nodes are replaced within the times of ``needs``."""
    if resource.type == NODE_GROUP:
        return together(_group(resource, context) if group_has_gpus(resource, context) else [HOLDS])
    if not may_have_gpus(resource):
        return HOLDS
    return together([*_instances(resource, context), *_ends(resource, context)])


def _instances(pool: Resource, context: Context) -> Iterator[Result]:
    needs = context.needs
    types = list(listed(pool, TYPE))
    families = [*listed(pool, *FAMILIES), *(tuple(map(family, values)) for values in types)]
    sizes = [*listed(pool, *SIZES), *(tuple(map(size, values)) for values in types)]
    capacity = list(listed(pool, CAPACITY))
    yield _within("instance families", families, needs["families"])
    yield _within("instance sizes", sizes, needs["sizes"])
    yield _within("capacity types", capacity, needs["capacity"])


def _within(what: str, found: list[tuple[str, ...]], allowed: list[str]) -> Result:
    """Demands for one key narrow each other, so one that is within the list is enough."""
    if not found:
        return violated(f"no requirement names the {what}")
    outside = [sorted(set(values) - set(allowed)) for values in found]
    fewest = sorted(outside, key=len)[0]
    return require(not fewest, f"{what} {', '.join(fewest)} are not in the list")


def _group(group: Resource, context: Context) -> Iterator[Result]:
    types = instance_types(group, context)
    capacity = text(group.inputs, "capacityType") or "ON_DEMAND"
    yield require(bool(types), "no instance type is named")
    for one in types:
        named = family(one) in context.needs["families"] and size(one) in context.needs["sizes"]
        yield require(named, f"{one} is not in the list")
    yield require(capacity in context.needs["group_capacity"], f"capacityType {capacity} is not in the list")


def _ends(pool: Resource, context: Context) -> Iterator[Result]:
    yield _soon("expireAfter", node_spec(pool).get("expireAfter"), context.needs["expire_within"])
    if quantity(part(pool.inputs, "spec"), "replicas") is not None:
        return  # a pool of a fixed size is not consolidated
    disruption = part(pool.inputs, "spec", "disruption")
    policy = text(disruption, "consolidationPolicy")
    yield require(policy in context.needs["policies"], f"consolidationPolicy is {policy!r}")
    yield _soon("consolidateAfter", disruption.get("consolidateAfter"), context.needs["idle_within"])
    for budget in mappings(disruption, "budgets"):
        always = text(budget, "schedule") is None
        stops = not (reasons := texts(budget, "reasons")) or "Empty" in reasons
        frozen = NOBODY.fullmatch(str(budget.get("nodes"))) and always and stops
        yield require(not frozen, "a budget of 0 nodes without a schedule keeps idle nodes for ever")


def _soon(what: str, found: Any, most: str) -> Result:
    if found is None:
        return violated(f"{what} is not set")
    return require(minutes(found) <= minutes(most), f"{what} is {found}, more than {most}")
