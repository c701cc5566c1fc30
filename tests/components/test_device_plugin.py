"""The device plugin reaches every node with GPUs, and has no more rights there than its folder."""

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.device_plugin import SOCKETS, DevicePlugin, DevicePluginArgs, daemons
from components.gpu_pool.objects import node_pool
from llmlz.checks.evaluate import check
from tests.components.pools import AUTO, fits, general, pool, trained
from tests.graph.recording import recorded

IMAGE = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/nvidia/k8s-device-plugin@sha256:" + "0" * 64


@pytest.mark.parametrize("name", ["inference", "training"])
def test_it_tolerates_the_taints_of_every_pool(name: str) -> None:
    """Without it on a node, the node never counts as initialised and is never taken away."""
    one = {"inference": pool(), "training": trained()}[name]
    spec = daemons(IMAGE, ["inference", "training"])["template"]["spec"]
    nodes = node_pool(one, AUTO)["template"]
    assert fits(spec, nodes["metadata"]["labels"], nodes["spec"]["taints"])
    assert fits(spec, {}, [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}])


def test_it_runs_on_pools_with_gpus_alone() -> None:
    """On others it would wait for a GPU for ever; nodes of the general pool are not among the values."""
    spec = daemons(IMAGE, ["training", "inference"])["template"]["spec"]
    (term,) = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "llmlz.io/pool", "operator": "In", "values": ["inference", "training"]}]
    assert general().name not in term["matchExpressions"][0]["values"]


def test_it_holds_one_folder_and_no_token() -> None:
    """Neither privileges nor the API of Kubernetes; the only folder of the node is that of the sockets."""
    spec = daemons(IMAGE, ["inference"])["template"]["spec"]
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert spec["automountServiceAccountToken"] is False
    assert [volume["hostPath"]["path"] for volume in spec["volumes"]] == [SOCKETS]
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_no_control_finds_anything_in_it() -> None:
    """At the highest level, over the recorded graph, with the image named by its digest."""

    def program() -> None:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        opts = pulumi.ResourceOptions(provider=provider)
        DevicePlugin("device-plugin", DevicePluginArgs(image=IMAGE, pools=["inference"]), opts)

    graph = recorded(program)
    (made,) = [one for one in graph.resources if one.kind == "component"]
    assert made.outputs["daemon_set"] == "nvidia-device-plugin"
    assert [f for f in check(graph, 4) if "DaemonSet" in f.urn] == []
