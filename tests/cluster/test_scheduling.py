"""Where pods land: the real scheduler over nodes that are only said to be there, and Karpenter that makes them."""

from collections.abc import Iterator
from typing import Any

import pytest

from components._pool_placement import placement
from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.karpenter import InstanceType, start_karpenter
from llmlz.cluster.kwok import fake_node, start_kwok
from tests.cluster.asking import IMAGE, eventually, merged, pod
from tests.cluster.programs import pool_objects
from tests.components.pools import KWOK
from tests.components.pools import pool as pool_of

pytestmark = pytest.mark.ring(4)

GPU = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}
TYPES = [
    InstanceType(name="m7i.2xlarge", cpu=8, gpus=0, memory_gib=32, price=0.4),
    InstanceType(name="g6.xlarge", cpu=4, gpus=1, memory_gib=16, price=0.8),
    InstanceType(name="g6.2xlarge", cpu=8, gpus=1, memory_gib=32, price=1.0),
    InstanceType(name="g6.12xlarge", cpu=48, gpus=4, memory_gib=192, price=4.6),
]


@pytest.fixture(scope="module")
def nodes(plane: ControlPlane) -> Iterator[Client]:
    """Two pools and a node without GPUs."""
    start_kwok(plane)
    pools = [("serving", 2), ("tuning", 8)]
    apply_all(plane.client, [pooled(name, gpus) for name, gpus in pools])
    apply_all(plane.client, [fake_node("plain-1")])
    eventually("the nodes are ready", lambda: all(ready(node) for node in plane.client.list("v1", "Node")))
    yield plane.client
    plane.daemons.check()


def pooled(name: str, gpus: int) -> dict[str, Any]:
    """A node of a pool, with its label and its taints."""
    taints = [GPU, {"key": "llmlz.io/pool", "value": name, "effect": "NoSchedule"}]
    return fake_node(f"{name}-1", gpus=gpus, labels={"llmlz.io/pool": name}, taints=taints)


def ready(node: dict[str, Any]) -> bool:
    """Kwok has played its kubelet."""
    return {"Ready": "True"}.items() <= {
        c["type"]: c["status"] for c in node.get("status", {}).get("conditions", [])
    }.items()


def lands(client: Client, made: dict[str, Any]) -> str:
    """The node that the scheduler chose."""
    metadata = made["metadata"]

    def bound() -> str:
        found = client.get("v1", "Pod", metadata["name"], metadata["namespace"])
        return str(found["spec"].get("nodeName", "")) if found["status"].get("phase") == "Running" else ""

    return eventually(f"{metadata['name']} runs", bound)


def pending(client: Client, made: dict[str, Any]) -> str:
    """What the scheduler says of a pod that it finds no place for."""
    metadata = made["metadata"]

    def said() -> str:
        status = client.get("v1", "Pod", metadata["name"], metadata["namespace"])["status"]
        found = [c for c in status.get("conditions", []) if c.get("reason") == "Unschedulable"]
        return str(found[0]["message"]) if found else ""

    return eventually(f"{metadata['name']} finds no place", said)


def system_pod(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A pod that no guard judges: what the scheduler alone makes of it."""
    container = {"name": "server", "image": IMAGE, "resources": {"limits": {"nvidia.com/gpu": "1"}}}
    metadata = {"name": name, "namespace": "kube-system"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container], **spec}}


def test_a_pod_lands_on_the_pool_that_it_names(nodes: Client) -> None:
    """With GPUs there, and without on the plain node: taints keep it off the pools."""
    gpu, plain = pod("gpu", gpus=2, pool="serving"), pod("plain", "search")
    for made in (gpu, plain):
        nodes.create(made)
    assert lands(nodes, gpu) == "serving-1"
    assert lands(nodes, plain) == "plain-1"
    nodes.delete("v1", "Pod", "gpu", "team-claims")


def test_a_full_pool_is_no_reason_to_take_another(nodes: Client) -> None:
    """The pod waits although the other pool is empty, and the scheduler says why for each node."""
    serving = {
        "nodeSelector": {"llmlz.io/pool": "serving"},
        "tolerations": pod("x", pool="serving")["spec"]["tolerations"],
    }
    first, second = (system_pod(name, serving) for name in ("one", "two"))
    three = merged(first, {"metadata": {"name": "three"}})
    for made in (first, second):
        nodes.create(made)
        assert lands(nodes, made) == "serving-1"
    nodes.create(three)
    assert "1 Insufficient nvidia.com/gpu" in pending(nodes, three)
    for made in (first, second, three):
        nodes.delete("v1", "Pod", made["metadata"]["name"], "kube-system")


def test_without_a_toleration_a_pod_waits_and_the_scheduler_says_why(nodes: Client) -> None:
    """Even where no guard judges: the taints hold by themselves."""
    made = system_pod("lost", {})
    nodes.create(made)
    said = pending(nodes, made)
    assert said.startswith("0/3 nodes are available")
    assert "untolerated taint" in said
    nodes.delete("v1", "Pod", "lost", "kube-system")


def elastic(most: int) -> tuple[dict[str, Any], ...]:
    """A pool of the project with so many GPUs at most, in the flavour of these tests."""
    return pool_objects(pool_of(name="elastic", max_gpus=most), KWOK)


@pytest.fixture(scope="module")
def fleet(plane: ControlPlane, nodes: Client) -> Iterator[Client]:
    """Karpenter with one pool of one GPU."""
    apply_all(nodes, elastic(1))
    start_karpenter(plane, TYPES)
    eventually("the pool is ready", lambda: ready(nodes.get("karpenter.sh/v1", "NodePool", "elastic")))
    yield nodes
    plane.daemons.check()


def test_a_waiting_pod_gets_a_node_and_the_limit_stops_the_next(fleet: Client) -> None:
    """Pending pod, NodeClaim, node with GPUs, bound; the second finds the pool at its limit and no node is bought."""
    first, second = (system_pod(name, dict(placement("elastic"))) for name in ("first", "second"))
    fleet.create(first)
    node = fleet.get("v1", "Node", lands(fleet, first))
    assert node["metadata"]["labels"]["llmlz.io/pool"] == "elastic"
    assert node["metadata"]["labels"]["node.kubernetes.io/instance-type"] == "g6.xlarge", "the cheapest that fits"
    assert {taint["key"] for taint in node["spec"]["taints"]} >= {"nvidia.com/gpu", "llmlz.io/pool"}
    fleet.create(second)
    assert "nvidia.com/gpu" in pending(fleet, second)
    why = eventually("Karpenter says why", lambda: said_of(fleet, "second"))
    assert "exceed limits for nodepool (NodePool=elastic)" in why
    assert len(fleet.list("karpenter.sh/v1", "NodeClaim")) == 1, "the limit is one GPU"
    apply_all(fleet, elastic(2))
    assert lands(fleet, second) != node["metadata"]["name"], "nothing but the limit stood in the way"


def said_of(client: Client, name: str) -> str:
    """Karpenter's words about a pod."""
    events = [e for e in client.list("v1", "Event", "kube-system") if e["involvedObject"]["name"] == name]
    found = [e["message"] for e in events if e.get("reportingComponent") == "karpenter"]
    return "\n".join(found)
