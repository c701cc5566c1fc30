"""Pools of nodes as a graph describes them: objects of Karpenter, and managed node groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from llmlz.graph.model import Graph, Resource

NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GPU = "nvidia.com/gpu"
TYPES, CAPACITIES = "node.kubernetes.io/instance-type", "karpenter.sh/capacity-type"
OF_A_GROUP = {"ON_DEMAND": "on-demand", "SPOT": "spot", "CAPACITY_BLOCK": "reserved"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """What a pool may buy, and how much of it."""

    urn: str
    name: str
    """As people call it: of the object in the cluster, or of the node group."""

    types: tuple[str, ...]
    """Instance types by name; empty where the pool lists none, and may buy what it likes."""

    capacities: frozenset[str]
    """Of ``on-demand``, ``spot`` and ``reserved``; empty where the pool does not say, and may use all."""

    gpus: int | None = None
    """Most GPUs together; ``None`` where there is no limit in GPUs."""

    cpus: int | None = None
    """Most virtual processors together; ``None`` where there is no limit in them."""

    nodes: int | None = None
    """Most machines; ``None`` where there is no limit in machines."""


def pools(graph: Graph) -> tuple[Pool, ...]:
    """Every pool of a graph, in its order."""
    return tuple(_pools(graph))


def group_types(graph: Graph, group: Resource) -> tuple[str, ...]:
    """Instance types of a node group: its own, or the one of its launch template; none where the graph names none."""
    listed = group.inputs.get("instanceTypes")
    if isinstance(listed, list | tuple) and listed:
        return tuple(str(one) for one in listed)
    targets = {reference.to for reference in group.references if reference.at.startswith("launchTemplate")}
    found = [one.inputs.get("instanceType") for one in graph.of_type(LAUNCH_TEMPLATE) if one.urn in targets]
    return tuple(str(one) for one in found if one)


def _pools(graph: Graph) -> Iterator[Pool]:
    for resource in graph.of_type(NODE_POOL, NODE_GROUP):
        if resource.type == NODE_POOL:
            yield _of_karpenter(resource)
        else:
            scaling = resource.inputs.get("scalingConfig") or {}
            yield Pool(
                urn=resource.urn,
                name=str(resource.inputs.get("nodeGroupName") or resource.name),
                types=group_types(graph, resource),
                # the default: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html (2026-11)
                capacities=frozenset([OF_A_GROUP.get(str(resource.inputs.get("capacityType")), "on-demand")]),
                nodes=_whole(scaling.get("maxSize")),
            )


def _of_karpenter(resource: Resource) -> Pool:
    spec = resource.inputs.get("spec") or {}
    limits = spec.get("limits") or {}
    wanted = ((spec.get("template") or {}).get("spec") or {}).get("requirements") or ()
    return Pool(
        urn=resource.urn,
        name=str((resource.inputs.get("metadata") or {}).get("name") or resource.name),
        types=tuple(_values(wanted, TYPES)),
        capacities=frozenset(_values(wanted, CAPACITIES)),
        gpus=_whole(limits.get(GPU)),
        cpus=_whole(limits.get("cpu")),
        nodes=_whole(limits.get("nodes")),
    )


def _values(requirements: Any, key: str) -> Iterator[str]:
    """Values that a requirement lists; what it leaves out with another operator is no list."""
    for one in requirements:
        if one.get("key") == key and one.get("operator") == "In":
            yield from (str(value) for value in one.get("values") or ())


def _whole(value: Any) -> int | None:
    """A whole number, also as text; ``None`` for everything else, such as ``500m``."""
    text = str(value)
    return int(float(text)) if text.isdecimal() or (isinstance(value, float) and value.is_integer()) else None
