"""Karpenter with its kwok provider: the real decisions about nodes, and nodes that are only said to be there.

Owns: the program, and the file of instance types it chooses from.
What it cannot show: capacity that is not there, spot interruption, drift, boot time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmlz.cluster.control_plane import READY_SECONDS, ControlPlane
from llmlz.cluster.daemons import answers, free_ports
from llmlz.cluster.find import find_cluster

NAME = "karpenter-kwok"
TYPES = "instance-types.json"
NODE_CLASS: Mapping[str, str] = {"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass"}
"""What a NodePool points at here, in place of the class of EKS or AWS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceType:
    """One type of instance that Karpenter may choose."""

    name: str
    """As AWS names it, such as ``g6.xlarge``."""

    cpu: int
    gpus: int
    memory_gib: int
    price: float
    """USD an hour on demand; only the order matters here."""

    capacity_types: Sequence[str] = ("on-demand", "spot")
    """Values of ``karpenter.sh/capacity-type``."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """More that a NodePool may ask for, such as ``eks.amazonaws.com/instance-gpu-name``."""

    zones: Sequence[str] = ("eu-central-1a",)


def start_karpenter(plane: ControlPlane, types: Sequence[InstanceType]) -> None:
    """Start Karpenter beside ``plane``; it ends with it. Its definitions must be applied before.

    Raises ``ToolMissingError``, and ``ClusterError`` when it does not come up.
    """
    metrics, health = free_ports(2)
    path = plane.folder / TYPES
    path.write_text(json.dumps([described(one) for one in types]), encoding="utf-8")
    plane.daemons.start(
        NAME,
        [find_cluster() / NAME],
        {
            "KUBECONFIG": str(plane.kubeconfig),
            "DISABLE_LEADER_ELECTION": "true",
            "METRICS_PORT": str(metrics),
            "HEALTH_PROBE_PORT": str(health),
            "INSTANCE_TYPES_FILE_PATH": str(path),
        },
    )
    plane.daemons.wait("Karpenter does not answer", lambda: answers(health), READY_SECONDS)


def adapted(pool: Mapping[str, Any], node_class: str) -> dict[str, Any]:
    """The same NodePool with nothing but its class swapped for the KWOKNodeClass of this name."""
    spec = pool["spec"]
    template = spec["template"]
    inner = {**template["spec"], "nodeClassRef": {**NODE_CLASS, "name": node_class}}
    return {**pool, "spec": {**spec, "template": {**template, "spec": inner}}}


def node_class(name: str) -> dict[str, Any]:
    """The manifest of a KWOKNodeClass; it says nothing else."""
    return {"apiVersion": "karpenter.kwok.sh/v1alpha1", "kind": NODE_CLASS["kind"], "metadata": {"name": name}}


def described(one: InstanceType) -> dict[str, Any]:
    """An instance type in the shape that the provider reads; each key of a requirement becomes a label it knows."""
    resources = {"cpu": str(one.cpu), "memory": f"{one.memory_gib}Gi", "ephemeral-storage": "200Gi", "pods": "110"}
    if one.gpus:
        resources["nvidia.com/gpu"] = str(one.gpus)
    return {
        "name": one.name,
        "architecture": "amd64",
        "operatingSystems": ["linux"],
        "resources": resources,
        "offerings": [
            {
                "Price": one.price * (0.4 if kind == "spot" else 1),
                "Available": True,
                "Requirements": _in(one, kind, zone),
            }
            for kind in one.capacity_types
            for zone in one.zones
        ],
    }


def _in(one: InstanceType, kind: str, zone: str) -> list[dict[str, Any]]:
    wanted = {"karpenter.sh/capacity-type": kind, "topology.kubernetes.io/zone": zone, **one.labels}
    return [{"key": key, "operator": "In", "values": [value]} for key, value in wanted.items()]
