"""How many accelerators a pod holds, by the rule of the scheduler."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

WHOLE = ("nvidia.com/gpu", "amd.com/gpu", "aws.amazon.com/neuron")
"""Resources that are whole accelerators."""

DIVIDED = ("nvidia.com/mig-", "nvidia.com/gpu.shared")
"""Starts of resources that are parts of one: how many make a whole differs by profile and by setting.

https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-sharing.html (2026-11)
"""

PARTS = (*DIVIDED, "aws.amazon.com/neuroncore")
"""The same, and cores of Neuron, which stand beside the whole devices."""

OVER = ("Succeeded", "Failed")
"""Phases of a pod whose containers have ended for good: the scheduler gives away what it held.

https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase (2026-11)
"""

SUFFIXES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
"""Of whole quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (2026-11)"""

QUANTITY = re.compile(r"([0-9]{1,15})(|k|M|G|Ki|Mi|Gi)")


def whole(quantity: Any) -> int:
    """A quantity of accelerators, which Kubernetes takes in wholes only; raises ``ValueError`` for anything else."""
    found = QUANTITY.fullmatch(str(quantity))
    if found is None:
        raise ValueError(f"{str(quantity)[:40]!r} is no quantity of accelerators")
    return int(found[1]) * SUFFIXES[found[2]]


def whole_of(resources: Mapping[str, Any] | None, start: str = "") -> int:
    """Whole accelerators among resources, whose names may begin with ``start``."""
    return sum(whole((resources or {}).get(start + name, 0)) for name in WHOLE)


def claims(pod: Mapping[str, Any]) -> int:
    """Whole accelerators that the scheduler reserves for a pod.

    The greater of what its containers ask for together, and of what is needed at any moment of its start: each init
    container runs alone, beside those before it that go on running.
    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers (2026-11)
    """
    spec = pod.get("spec") or {}
    beside = most = 0
    for container in spec.get("initContainers") or ():
        if container.get("restartPolicy") == "Always":
            beside += _asked(container)
            most = max(most, beside)
        else:
            most = max(most, beside + _asked(container))
    return max(most, beside + sum(_asked(container) for container in spec.get("containers") or ()))


def parts(pod: Mapping[str, Any]) -> bool:
    """Whether it asks for parts of accelerators, or for devices by a resource claim."""
    spec = pod.get("spec") or {}
    if spec.get("resourceClaims"):
        return True
    named = {
        name
        for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ()))
        for name, value in _requests(container).items()
        if some(value)
    }
    return any(name.startswith(PARTS) for name in named)


def some(quantity: Any) -> bool:
    """Whether a quantity is not nothing."""
    return str(quantity) != "0"


def ended(pod: Mapping[str, Any]) -> datetime | None:
    """When a pod that is over ended; ``None`` for one that still holds what it asked for."""
    status = pod.get("status") or {}
    if status.get("phase") not in OVER:
        return None
    times = [
        container["state"]["terminated"]["finishedAt"]
        for container in status.get("containerStatuses") or ()
        if (container.get("state") or {}).get("terminated", {}).get("finishedAt")
    ]
    if not times:  # evicted before a container ran
        times = [str(pod["metadata"]["creationTimestamp"])]
    return max(datetime.fromisoformat(str(one)) for one in times)


def _asked(container: Mapping[str, Any]) -> int:
    return whole_of(_requests(container))


def _requests(container: Mapping[str, Any]) -> Mapping[str, Any]:
    """What it asks for; of accelerators a limit alone is a request too, and the API writes both."""
    resources = container.get("resources") or {}
    return {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
