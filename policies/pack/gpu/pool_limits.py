"""The bill of a pool has an end: the scheduler stops at a number that somebody chose."""

from collections.abc import Iterator

from policies.pack._kubernetes import quantity
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import part
from policies.pack.gpu._pools import POOL

NODES = "nodes"


def decide(resource: Resource, context: Context) -> Result:
    """Limits for all of ``needs.caps``; alone and with the cluster's other pools not more than these."""
    # a pool with replicas takes a limit of nodes and no other
    # (docs.aws.amazon.com/eks/latest/userguide/auto-static-capacity.html, 2026-11)
    fixed = _fixed(resource)
    caps = {NODES: context.needs["fixed_nodes"]} if fixed else context.needs["caps"]
    pools = [p for p in context.of_type(POOL) if p.provider == resource.provider and _fixed(p) == fixed]
    return together(r for name, cap in caps.items() for r in _capped(resource, pools, name, cap))


def _fixed(pool: Resource) -> bool:
    return quantity(part(pool.inputs, "spec"), "replicas") is not None


def _capped(pool: Resource, pools: list[Resource], name: str, cap: object) -> Iterator[Result]:
    most = quantity({name: cap}, name) or 0.0
    own = quantity(part(pool.inputs, "spec", "limits"), name)
    yield require(own is not None, f"spec.limits has no {name}")
    if own is None:
        return
    yield require(own <= most, f"spec.limits has {name} {_shown(own)}, more than {cap}")
    every = [quantity(part(p.inputs, "spec", "limits"), name) or 0.0 for p in pools]
    # a pool over the cap by itself is not held against the others
    total = sum(limit for limit in every if limit <= most)
    yield require(own > most or total <= most, f"the cluster's pools add up to {name} {_shown(total)}, more than {cap}")


def _shown(value: float) -> str:
    return f"{value:.12g}"
