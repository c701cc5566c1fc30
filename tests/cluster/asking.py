"""Waiting for a cluster, and pods made from a good one."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tests.cluster.programs import REGISTRY

T = TypeVar("T")
WAIT_SECONDS = 60.0
IMAGE = f"{REGISTRY}/server@sha256:{'0' * 64}"


def eventually(what: str, ask: Callable[[], T], seconds: float = WAIT_SECONDS) -> T:
    """What ``ask`` answers as soon as it is true; fails with ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, f"after {seconds:g} s it is still not so that {what}"
        time.sleep(0.1)
    return answer


def pod(name: str, team: str = "claims", *, gpus: int = 0, pool: str = "") -> dict[str, Any]:
    """A pod that every guard admits in the namespace of ``team``."""
    container: dict[str, Any] = {
        "name": "server",
        "image": IMAGE,
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec: dict[str, Any] = {
        "serviceAccountName": "workload",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    if gpus:
        container["resources"] = {"limits": {"nvidia.com/gpu": str(gpus)}}
    if pool:
        spec["nodeSelector"] = {"llmlz.io/pool": pool}
        spec["tolerations"] = [
            {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "llmlz.io/pool", "operator": "Equal", "value": pool, "effect": "NoSchedule"},
        ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": f"team-{team}", "labels": {"llmlz.io/team": team}},
        "spec": spec,
    }


def merged(base: Any, change: Any) -> Any:
    """``change`` laid over ``base``: objects deeply, ``null`` removes, lists element by element."""
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        laid = {key: merged(base.get(key), value) for key, value in change.items() if value is not None}
        return {**{key: value for key, value in base.items() if key not in change}, **laid}
    if isinstance(base, list) and isinstance(change, list) and len(base) >= len(change):
        return [merged(base[i], change[i]) if i < len(change) else base[i] for i in range(len(base))]
    return change


def workload(kind: str, template: Mapping[str, Any]) -> dict[str, Any]:
    """The ``kind`` of workload that makes pods like ``template``."""
    metadata = {"name": template["metadata"]["name"], "namespace": template["metadata"]["namespace"]}
    inner = {"metadata": {"labels": {"app": "x", **template["metadata"].get("labels", {})}}, "spec": template["spec"]}
    job = {"template": {**inner, "spec": {**inner["spec"], "restartPolicy": "Never"}}}
    select = {"selector": {"matchLabels": {"app": "x"}}, "template": inner}
    group, spec = {
        "CronJob": ("batch/v1", {"schedule": "0 4 * * *", "jobTemplate": {"spec": job}}),
        "DaemonSet": ("apps/v1", select),
        "Deployment": ("apps/v1", select),
        "Job": ("batch/v1", job),
        "ReplicaSet": ("apps/v1", select),
        "ReplicationController": ("v1", {"selector": {"app": "x"}, "template": inner}),
        "StatefulSet": ("apps/v1", {**select, "serviceName": "x"}),
    }[kind]
    return {"apiVersion": group, "kind": kind, "metadata": metadata, "spec": spec}


def node_pool(name: str, gpus: int = 1) -> dict[str, Any]:
    """A NodePool of Karpenter as the guards want it."""
    node_class = {"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": "default"}
    taints = [
        {"key": "nvidia.com/gpu", "effect": "NoSchedule"},
        {"key": "llmlz.io/pool", "value": name, "effect": "NoSchedule"},
    ]
    inner = {"nodeClassRef": node_class, "taints": taints, "requirements": [], "expireAfter": "Never"}
    template = {"metadata": {"labels": {"llmlz.io/pool": name}}, "spec": inner}
    spec = {"limits": {"nvidia.com/gpu": str(gpus)}, "template": template}
    return {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": name}, "spec": spec}


def content(found: Mapping[str, Any]) -> dict[str, Any]:
    """An object as somebody wants it: without its status, which controllers write whenever they come to it.

    With each such writing the version of the object rises, so versions tell nothing about who changed what.
    """
    metadata = {
        key: value for key, value in found["metadata"].items() if key not in ("managedFields", "resourceVersion")
    }
    return {**{key: value for key, value in found.items() if key != "status"}, "metadata": metadata}
