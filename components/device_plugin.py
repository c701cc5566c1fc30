"""What tells Kubernetes of the GPUs of a node, where the nodes' image does not.

Owns: the DaemonSet. Once in a cluster: two of them offer every GPU twice.
Does not own: the driver, which is in the image.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components._kubernetes import POOL

NAMESPACE = "kube-system"
"""It writes into a folder of the node, which the namespaces of teams refuse."""

SOCKETS = "/var/lib/kubelet/device-plugins"


@dataclass(frozen=True, kw_only=True, slots=True)
class DevicePluginArgs:
    """What the device plugin is made of."""

    image: str
    """``nvcr.io/nvidia/k8s-device-plugin`` or a copy of it, with its digest."""

    pools: Sequence[str]
    """The pools with GPUs on whose nodes it runs, by name; on no others."""


class DevicePlugin(pulumi.ComponentResource):
    """The device plugin of NVIDIA on every node with GPUs, whatever taints keep others away."""

    daemon_set: pulumi.Output[str]
    """Name of the DaemonSet."""

    def __init__(self, name: str, args: DevicePluginArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the DaemonSet with the Kubernetes provider that ``opts`` brings."""
        super().__init__("llmlz:index:DevicePlugin", name, {}, opts)

        made = kubernetes.apps.v1.DaemonSet(
            f"{name}-daemons",
            metadata={"name": "nvidia-device-plugin", "namespace": NAMESPACE},
            spec=daemons(args.image, args.pools),
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.daemon_set = made.metadata.apply(lambda found: str(found["name"]))
        self.register_outputs({"daemon_set": self.daemon_set})


def daemons(image: pulumi.Input[str], pools: Sequence[str]) -> dict[str, Any]:
    """Specification of the DaemonSet: every taint is tolerated, nothing is privileged but one folder.

    The set-up is that of the plugin's own static manifest:
    https://github.com/NVIDIA/k8s-device-plugin/tree/main/deployments/static (2026-11).
    """
    chosen = {"app.kubernetes.io/name": "nvidia-device-plugin"}
    terms = [{"key": POOL, "operator": "In", "values": sorted(pools)}]
    selected = {"nodeSelectorTerms": [{"matchExpressions": terms}]}
    container = {
        "name": "plugin",
        "image": image,
        "env": [{"name": "FAIL_ON_INIT_ERROR", "value": "false"}],
        "resources": {
            "limits": {"cpu": "100m", "memory": "128Mi"},
            "requests": {"cpu": "50m", "memory": "64Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "sockets", "mountPath": SOCKETS}],
    }
    return {
        "selector": {"matchLabels": chosen},
        "updateStrategy": {"type": "RollingUpdate"},
        "template": {
            "metadata": {"labels": chosen},
            "spec": {
                "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": selected}},
                "automountServiceAccountToken": False,
                "containers": [container],
                # a node without the plugin is never ready, so no taint may keep it away
                "priorityClassName": "system-node-critical",
                "tolerations": [{"operator": "Exists"}],
                "volumes": [{"name": "sockets", "hostPath": {"path": SOCKETS, "type": "DirectoryOrCreate"}}],
            },
        },
    }
