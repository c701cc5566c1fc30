"""Pools on a real API server: every flavour is taken field by field, and pods get the nodes of the pool that they name."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components._pool_placement import placement
from components.device_plugin import DevicePlugin, DevicePluginArgs
from components.gpu_pool import Flavour, GpuPool, GpuPoolArgs, Pool
from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.karpenter import InstanceType, start_karpenter
from llmlz.cluster.kwok import start_kwok
from llmlz.cluster.manifests import manifests
from tests.cluster.asking import IMAGE, eventually, merged
from tests.cluster.test_scheduling import pending, ready, said_of, system_pod
from tests.components.pools import AUTO, KARPENTER, KWOK, general, pool, trained
from tests.graph.recording import recorded

pytestmark = pytest.mark.ring(4)

KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef"
FLAVOURS: Mapping[str, Flavour] = {"auto": AUTO, "karpenter": KARPENTER, "kwok": KWOK}
WISHED = (pool(zones=["eu-central-1a"]), pool(name="own", team="claims"), trained(), general())
TYPES = [
    InstanceType(name="m7i.xlarge", cpu=4, gpus=0, memory_gib=16, price=0.2),
    InstanceType(name="g6.xlarge", cpu=4, gpus=1, memory_gib=16, price=0.8),
    InstanceType(name="g6.2xlarge", cpu=8, gpus=1, memory_gib=32, price=1.0),
    InstanceType(name="p5.48xlarge", cpu=192, gpus=8, memory_gib=2048, price=55.0),
]


def objects(flavour: Flavour, *wished: Pool) -> tuple[dict[str, Any], ...]:
    """What the component registers, as manifests."""

    def program() -> None:
        opts = pulumi.ResourceOptions(provider=kubernetes.Provider("cluster", kubeconfig="{}"))
        for one in wished:
            tags = {"owner": "ml@example.com"}
            GpuPool(f"pool-{one.name}", GpuPoolArgs(flavour=flavour, pool=one, disk_key_arn=KEY, tags=tags), opts)
        DevicePlugin("device-plugin", DevicePluginArgs(image=IMAGE, pools=[one.name for one in wished]), opts)

    return manifests(recorded(program))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_field_of_every_flavour_is_one_that_the_definitions_have(client: Client, flavour: str) -> None:
    """The server refuses fields that it does not know, and the guards of the cluster let each pool through."""
    made = objects(FLAVOURS[flavour], *WISHED)
    assert len(made) == 2 * len(WISHED) + 1
    for manifest in made:
        kept = client.apply(manifest, dry_run=True)
        assert kept["kind"] == manifest["kind"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_applied_twice_nothing_changes(client: Client, flavour: str) -> None:
    """What the server keeps is what was said, so that a deployment without a change is one."""
    made = [one for one in objects(FLAVOURS[flavour], *WISHED) if one["kind"] != "DaemonSet"]
    # not the version of the resource: the status of a KWOKNodeClass has a default, which counts as a write each time
    versions = [[one["metadata"]["generation"] for one in apply_all(client, made)] for _ in range(2)]
    for manifest in made:
        client.delete(manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"])
    assert versions[0] == versions[1] == [1] * len(made)


def wrong(flavour: Flavour, kind: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """One object of a pool with something changed."""
    (found,) = [one for one in objects(flavour, pool()) if one["kind"] == kind]
    changed: dict[str, Any] = merged(found, {"spec": change})
    return changed


@pytest.mark.parametrize(
    ("flavour", "kind", "change", "says"),
    [
        ("auto", "NodePool", {"disruptions": {}}, "field not declared in schema"),
        ("auto", "NodePool", {"disruption": {"consolidationPolicy": "Never"}}, "consolidationPolicy"),
        ("auto", "NodePool", {"limits": {"nvidia.com/gpu": None}}, "has no limit for GPUs"),
        ("auto", "NodePool", {"template": {"spec": {"taints": None}}}, "takes pods that do not name it"),
        ("auto", "NodeClass", {"networkPolicy": "Deny"}, "networkPolicy"),
        ("auto", "NodeClass", {"kmsKeyID": KEY}, "field not declared in schema"),
        ("karpenter", "EC2NodeClass", {"instanceStorePolicy": "RAID1"}, "instanceStorePolicy"),
        ("karpenter", "EC2NodeClass", {"metadataOptions": {"httpTokens": "never"}}, "httpTokens"),
        ("karpenter", "EC2NodeClass", {"networkPolicy": "DefaultDeny"}, "field not declared in schema"),
    ],
)
def test_the_server_sees_what_these_tests_rest_on(
    client: Client, flavour: str, kind: str, change: Mapping[str, Any], says: str
) -> None:
    """A field that was misspelt, a value that nobody knows, a pool without limit or taint: each is refused."""
    with pytest.raises(RefusedError) as refused:
        client.apply(wrong(FLAVOURS[flavour], kind, change), dry_run=True)
    assert says in refused.value.message


@pytest.fixture(scope="module")
def fleet(plane: ControlPlane) -> Iterator[Client]:
    """Karpenter over three pools of this project, as its component makes them for kwok."""
    start_kwok(plane)
    small = pool(capacity=["on-demand"], max_gpus=1)
    size = {"max_gpus": 8, "gpus_per_node": 8, "max_cpus": 192, "max_memory_gib": 2048}
    large = pool(name="tuning", purpose="training", instance_types=["p5.48xlarge"], **size)
    wished = (small, large, general(capacity=["on-demand"]))
    made = [one for one in objects(KWOK, *wished) if one["kind"] != "DaemonSet"]
    apply_all(plane.client, made)
    start_karpenter(plane, TYPES)
    eventually("the pools are ready", lambda: all(map(ready, plane.client.list("karpenter.sh/v1", "NodePool"))))
    yield plane.client
    plane.daemons.check()


def arrives(client: Client, made: dict[str, Any]) -> dict[str, Any]:
    """The node that a pod came to run on.

    A node is born with a taint that evicts, until Karpenter has seen it. A controller that still sees the taint when the
    scheduler does not any more ends the pod; it is made again, as a Deployment would.
    """
    name = made["metadata"]["name"]

    def running() -> str:
        found = client.find("v1", "Pod", name, "kube-system")
        if found is None:
            client.create(made)
            return ""
        return str(found["spec"].get("nodeName", "")) if found["status"].get("phase") == "Running" else ""

    return client.get("v1", "Node", eventually(f"{name} runs", running))


@pytest.mark.parametrize(("name", "kind"), [("inference", "g6.xlarge"), ("tuning", "p5.48xlarge")])
def test_a_pod_gets_a_node_of_the_pool_that_it_names(fleet: Client, name: str, kind: str) -> None:
    """Karpenter buys a machine of the pool's own types, with its label and both taints, and the pod runs there."""
    node = arrives(fleet, system_pod(f"for-{name}", dict(placement(name))))
    labels = node["metadata"]["labels"]
    assert (labels["llmlz.io/pool"], labels["node.kubernetes.io/instance-type"]) == (name, kind)
    assert {(t["key"], t.get("value", "")) for t in node["spec"]["taints"]} >= {
        ("nvidia.com/gpu", ""),
        ("llmlz.io/pool", name),
    }


def test_a_pod_that_names_none_gets_a_node_without_gpus(fleet: Client) -> None:
    """Pods of the system run on the general pool, whatever else has room."""
    plain = system_pod("plain", {})
    del plain["spec"]["containers"][0]["resources"]
    node = arrives(fleet, plain)
    assert node["metadata"]["labels"]["llmlz.io/pool"] == "general"
    assert node["metadata"]["labels"]["node.kubernetes.io/instance-type"] == "m7i.xlarge"


def test_the_limit_holds_and_no_other_pool_steps_in(fleet: Client) -> None:
    """The second pod waits for the pool that it names, although another pool could buy GPUs."""
    second = system_pod("second", dict(placement("inference")))
    fleet.create(second)
    assert pending(fleet, second)
    assert "exceed limits for nodepool (NodePool=inference)" in eventually(
        "Karpenter says why", lambda: said_of(fleet, "second")
    )
    claims = [one["metadata"]["labels"]["karpenter.sh/nodepool"] for one in fleet.list("karpenter.sh/v1", "NodeClaim")]
    assert sorted(claims) == ["general", "inference", "tuning"]
