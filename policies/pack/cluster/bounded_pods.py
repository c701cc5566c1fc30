"""One team's pods cannot eat the cluster: each says what it needs, and a namespace has a sum."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._kubernetes import NAMESPACES, belongs, containers, name_of, pod_of, quantity
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import mapping, mappings, part, texts

QUOTAS = ("kubernetes:core/v1:ResourceQuota", "kubernetes:v1:ResourceQuota")
SHORT: Mapping[str, str] = {"requests.cpu": "cpu", "requests.memory": "memory"}
"""Two names for one thing: https://kubernetes.io/docs/concepts/policy/resource-quotas/ (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """A namespace outside ``needs.system`` has a quota for ``needs.most``; a container limits ``needs.limits``."""
    if resource.type not in NAMESPACES:
        return together(_bounded(resource, context))
    return together([] if name_of(resource) in context.needs["system"] else _quotas(resource, context))


def _quotas(space: Resource, context: Context) -> Iterator[Result]:
    # a quota with a scope counts some pods only
    specs = [part(q.inputs, "spec") for q in context.of_type(*QUOTAS) if belongs(q, space)]
    whole = [s for s in specs if not texts(s, "scopes") and not mapping(s, "scopeSelector")]
    hard = [mapping(s, "hard") or {} for s in whole]
    if not hard:
        yield violated("the namespace has no quota that counts every pod")
        return
    for name, most in context.needs["most"].items():
        found = [q for h in hard for key in (name, SHORT.get(name, name)) if (q := quantity(h, key)) is not None]
        cap = quantity({name: most}, name)
        yield require(bool(found), f"no quota counts {name}")
        within = not found or cap is None or min(found) <= cap
        yield require(within, f"the quota for {name} is {min(found, default=0):g}, more than {most}")


def _bounded(resource: Resource, context: Context) -> Iterator[Result]:
    pod = pod_of(resource)
    shared = part(pod, "resources", "limits")
    listed = [(at, c) for at, c in containers(pod) if not at.startswith("ephemeral")]
    yield require(bool(mappings(pod, "containers")), "no container can be seen")
    for at, container in listed:
        own = mapping(container, "resources") or {}
        limits = mapping(own, "limits") or {}
        for name in context.needs["limits"]:
            yield _limited(at, name, limits, shared)
            requested = quantity(mapping(own, "requests") or {}, name)
            # what is left out is taken from the limit
            yield require(requested is None or requested > 0, f"{at} requests {name} 0")


def _limited(at: str, name: str, limits: Mapping[str, Any], shared: Mapping[str, Any]) -> Result:
    found = [q for source in (limits, shared) if (q := quantity(source, name)) is not None]
    # zero means no limit
    return require(bool(found) and all(q > 0 for q in found), f"{at} has no limit for {name}")
