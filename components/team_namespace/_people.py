"""What the people of a team do in their namespace: roll out, look, and nothing about rights, quotas or secrets."""

from collections.abc import Sequence
from typing import Any

LOOK = ["get", "list", "watch"]
WORK = [*LOOK, "create", "delete", "patch", "update"]


def rules() -> list[dict[str, Any]]:
    """No wildcard, no secrets, no shell in a pod, no right to give rights.

    Pods are made by workloads alone: a Binding, which passes by the scheduler, is nobody's.
    """
    return [
        _rule("", ["configmaps", "services"], WORK),
        _rule("apps", ["deployments", "statefulsets"], WORK),
        _rule("batch", ["cronjobs", "jobs"], WORK),
        _rule("autoscaling", ["horizontalpodautoscalers"], WORK),
        _rule("policy", ["poddisruptionbudgets"], WORK),
        _rule("", ["persistentvolumeclaims"], WORK),
        _rule("", ["pods"], [*LOOK, "delete"]),
        _rule("apps", ["replicasets"], LOOK),
        _rule("networking.k8s.io", ["networkpolicies"], LOOK),
        _rule("", ["events", "limitranges", "pods/log", "resourcequotas", "serviceaccounts"], LOOK),
    ]


def _rule(group: str, resources: Sequence[str], verbs: Sequence[str]) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)}
