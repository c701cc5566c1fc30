"""Nodes that are only said to be there: kwok keeps them ready and plays the kubelet.

Owns: the program, and the manifest of such a node.
Does not own: which pods land there; the real scheduler decides that. Allocatable GPUs are written straight onto the
node, so a missing device plugin cannot be seen here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.cluster.control_plane import READY_SECONDS, ControlPlane
from llmlz.cluster.daemons import HOST, answers, free_ports
from llmlz.cluster.find import STAGES, find_cluster

NAME = "kwok"
ANNOTATION = "kwok.x-k8s.io/node"
"""Karpenter's kwok provider writes it too."""

LEASE_SECONDS = 40


def start_kwok(plane: ControlPlane) -> None:
    """Start kwok beside ``plane``; it ends with it.

    Raises ``ToolMissingError``, and ``ClusterError`` when it does not come up.
    """
    (port,) = free_ports(1)
    programs = find_cluster()
    plane.daemons.start(
        NAME,
        [
            programs / NAME,
            f"--kubeconfig={plane.kubeconfig}",
            "--manage-all-nodes=false",
            f"--manage-nodes-with-annotation-selector={ANNOTATION}=fake",
            f"--node-ip={HOST}",
            f"--node-port={port}",
            f"--server-address={HOST}:{port}",
            f"--node-lease-duration-seconds={LEASE_SECONDS}",
            *(f"--config={stage}" for stage in sorted((programs / STAGES).iterdir())),
        ],
    )
    plane.daemons.wait("kwok does not answer", lambda: answers(port), READY_SECONDS)


def fake_node(
    name: str,
    *,
    gpus: int = 0,
    cpu: str = "16",
    memory: str = "64Gi",
    labels: Mapping[str, str] | None = None,
    taints: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The manifest of a node with so many GPUs."""
    room = {"cpu": cpu, "memory": memory, "pods": "110", **({"nvidia.com/gpu": str(gpus)} if gpus else {})}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {ANNOTATION: "fake"},
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", **(labels or {})},
        },
        "spec": {"taints": [dict(taint) for taint in taints]},
        "status": {"allocatable": room, "capacity": room},
    }
