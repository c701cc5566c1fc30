"""How much of the cluster one namespace may take, in sum and per container. Pure functions."""

from dataclasses import dataclass
from typing import Any

from components._kubernetes import GPU


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """The sum over all pods of a namespace; quantities are texts of Kubernetes, such as ``"16"`` or ``64Gi``."""

    cpu: str
    """Cores that pods may request; their limits may sum up to as much."""

    gpus: int
    """Whole GPUs; 0 for none."""

    memory: str
    """Bytes that pods may request; their limits may sum up to as much."""

    pods: int
    """Most pods at a time."""

    storage: str = "0"
    """Bytes of volumes; none if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PerContainer:
    """What one container gets that says nothing, and the most that it may ask for."""

    cpu: str = "500m"
    """Cores, request and limit, where a container says neither."""

    memory: str = "1Gi"
    """Bytes, request and limit, where a container says neither."""

    most_cpu: str | None = None
    """Cores; only the sum counts if left out."""

    most_memory: str | None = None
    """Bytes; only the sum counts if left out."""


def hard(quota: Quota) -> dict[str, str]:
    """https://kubernetes.io/docs/concepts/policy/resource-quotas/ (2026-11)."""
    return {
        "count/services": "50",
        "limits.cpu": quota.cpu,
        "limits.memory": quota.memory,
        "pods": str(quota.pods),
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        f"requests.{GPU}": str(quota.gpus),
        "requests.storage": quota.storage,
        "services.loadbalancers": "0",  # teams are called through the gateway
        "services.nodeports": "0",
    }


def limits(each: PerContainer) -> list[dict[str, Any]]:
    """https://kubernetes.io/docs/concepts/policy/limit-range/ (2026-11)."""
    same = {"cpu": each.cpu, "memory": each.memory}
    found = {"cpu": each.most_cpu, "memory": each.most_memory}
    most = {name: value for name, value in found.items() if value is not None}
    return [{"type": "Container", "default": same, "defaultRequest": same, **({"max": most} if most else {})}]
