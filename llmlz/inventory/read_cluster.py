"""One cluster by its API: nodes with accelerators, the pods that hold them, quotas of namespaces, limits of pools."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from llmlz.inventory.connection import ClusterError, Lists, NotServedError
from llmlz.inventory.facts import ClusterFacts, Namespace, Node, Pod, Pool
from llmlz.inventory.model import Capacity, Finding
from llmlz.inventory.pods import DIVIDED, WHOLE, claims, ended, parts, whole, whole_of

Thing = Mapping[str, Any]

POOL, TEAM, MAY_USE = "llmlz.io/pool", "llmlz.io/team", "pool.llmlz.io/"
"""Labels of the landing zone: of nodes, of namespaces, and the start of those that let a namespace use a pool."""

POOLS = (POOL, "karpenter.sh/nodepool", "eks.amazonaws.com/nodegroup")
TYPE, REGION = "node.kubernetes.io/instance-type", "topology.kubernetes.io/region"
ACCELERATORS = ("eks.amazonaws.com/instance-gpu-name", "karpenter.k8s.aws/instance-gpu-name", "nvidia.com/gpu.product")
COUNTS = ("eks.amazonaws.com/instance-gpu-count", "karpenter.k8s.aws/instance-gpu-count")
TAINT = "nvidia.com/gpu"

BOUGHT: Mapping[str, Capacity] = {
    "on-demand": "on-demand",
    "spot": "spot",
    "reserved": "reserved",
    "ON_DEMAND": "on-demand",
    "SPOT": "spot",
    "CAPACITY_BLOCK": "block",
}
"""Values of ``karpenter.sh/capacity-type`` and of ``eks.amazonaws.com/capacityType``.

https://karpenter.sh/docs/concepts/nodepools/ and https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
(2026-11)
"""


def read_cluster(name: str, lists: Lists) -> ClusterFacts:
    """What the cluster says; raises ``ClusterError`` where nodes, pods, namespaces or quotas cannot be read.

    Without pools, or without NodeClaims, the rest still counts: a kind that the cluster does not know is an empty list,
    and one that it refuses to list is a finding.
    """
    findings: list[Finding] = []

    def perhaps(path: str) -> list[Thing]:
        try:
            return lists(path)
        except NotServedError:
            return []
        except ClusterError as error:
            findings.append(_unread(name, error))
            return []

    try:
        claims_of = perhaps("/apis/karpenter.sh/v1/nodeclaims")
        quiet = {str(at(one, "status", "nodeName")): at(one, "status", "lastPodEventTime") for one in claims_of}
        nodes = [_node(one, quiet) for one in lists("/api/v1/nodes") if _accelerated(one)]
        pods = [_pod(one) for one in lists("/api/v1/pods") if _asks(one)]
        quotas = lists("/api/v1/resourcequotas")
        namespaces = [_namespace(one, quotas) for one in lists("/api/v1/namespaces")]
        pools = [pool for one in perhaps("/apis/karpenter.sh/v1/nodepools") if (pool := _pool(one)) is not None]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ClusterError(f"an object has not the shape of its kind: {type(error).__name__} {error}") from None
    return ClusterFacts(
        name=name,
        nodes=tuple(sorted(nodes, key=lambda one: one.name)),
        pods=tuple(sorted(pods, key=lambda one: (one.namespace, one.name))),
        namespaces=tuple(sorted(namespaces, key=lambda one: one.name)),
        pools=tuple(sorted(pools, key=lambda one: one.name)),
        findings=tuple(findings),
    )


def at(one: Any, *path: str) -> Any:
    """What lies there, or ``None``."""
    for key in path:
        one = (one or {}).get(key)
    return one


def moment(text: Any) -> datetime | None:
    """A time of Kubernetes; ``None`` for none."""
    return datetime.fromisoformat(str(text)) if text else None


def _labels(one: Thing) -> Mapping[str, str]:
    return at(one, "metadata", "labels") or {}


def _first(labels: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((labels[name] for name in names if labels.get(name)), "")


def _accelerated(node: Thing) -> bool:
    """Has accelerators, or its labels or taints say that it should."""
    offered = {**(at(node, "status", "capacity") or {}), **(at(node, "status", "allocatable") or {})}
    if any(name in WHOLE or name.startswith(DIVIDED) for name in offered):
        return True
    taints = {taint.get("key") for taint in at(node, "spec", "taints") or ()}
    return TAINT in taints or _first(_labels(node), COUNTS) not in ("", "0")


def _node(node: Thing, quiet: Mapping[str, Any]) -> Node:
    labels, name = _labels(node), str(node["metadata"]["name"])
    offered = at(node, "status", "allocatable") or {}
    bought = labels.get("karpenter.sh/capacity-type") or labels.get("eks.amazonaws.com/capacityType", "")
    created = moment(node["metadata"]["creationTimestamp"])
    if created is None:
        raise ValueError(f"node {name} has no creationTimestamp")
    return Node(
        name=name,
        instance=_instance(str(at(node, "spec", "providerID") or "")),
        region=labels.get(REGION, ""),
        type=labels.get(TYPE, ""),
        pool=_first(labels, POOLS),
        accelerator=_first(labels, ACCELERATORS),
        capacity=BOUGHT.get(bought, "unknown"),
        gpus=whole_of(offered),
        divided=any(name.startswith(DIVIDED) and whole(value) for name, value in offered.items()),
        created=created,
        quiet_since=moment(quiet.get(name)),
        state=_state(node),
    )


def _instance(provider: str) -> str:
    """``aws:///eu-central-1a/i-0123`` names an instance; other providers name none of EC2."""
    last = provider.rpartition("/")[2]
    return last if provider.startswith("aws://") and last.startswith("i-") else ""


def _state(node: Thing) -> str:
    conditions = at(node, "status", "conditions") or ()
    if not any(one.get("type") == "Ready" and one.get("status") == "True" for one in conditions):
        return "not ready"
    return "cordoned" if at(node, "spec", "unschedulable") else "ready"


def _asks(pod: Thing) -> bool:
    return bool(claims(pod) or parts(pod))


def _pod(pod: Thing) -> Pod:
    return Pod(
        name=str(pod["metadata"]["name"]),
        namespace=str(pod["metadata"]["namespace"]),
        node=str(at(pod, "spec", "nodeName") or ""),
        gpus=claims(pod),
        parts=parts(pod),
        ended=ended(pod),
    )


def _namespace(namespace: Thing, quotas: list[Thing]) -> Namespace:
    labels, name = _labels(namespace), str(namespace["metadata"]["name"])
    limits = [
        whole_of(at(one, "spec", "hard"), "requests.")
        for one in quotas
        if one["metadata"]["namespace"] == name
        and any(f"requests.{resource}" in (at(one, "spec", "hard") or {}) for resource in WHOLE)
        # a quota with a scope counts some pods only, so it is no limit for all
        and not (at(one, "spec", "scopes") or at(one, "spec", "scopeSelector"))
    ]
    return Namespace(
        name=name,
        team=labels.get(TEAM, ""),
        pools=frozenset(
            label.removeprefix(MAY_USE)
            for label, value in labels.items()
            if label.startswith(MAY_USE) and value == "allowed"
        ),
        quota=min(limits, default=None),
    )


def _pool(pool: Thing) -> Pool | None:
    """A NodePool with accelerators; ``None`` for one that says nothing of them."""
    template = at(pool, "spec", "template") or {}
    limits = at(pool, "spec", "limits") or {}
    limit = whole_of(limits) if any(name in WHOLE for name in limits) else None
    required = {
        one["key"]: one.get("values", ())
        for one in at(template, "spec", "requirements") or ()
        if one.get("operator") == "In"
    }
    taints = {taint.get("key") for taint in at(template, "spec", "taints") or ()}
    if limit is None and TAINT not in taints and POOL not in (at(template, "metadata", "labels") or {}):
        return None
    bought = required.get("karpenter.sh/capacity-type", ("on-demand",))
    return Pool(
        name=(at(template, "metadata", "labels") or {}).get(POOL) or str(pool["metadata"]["name"]),
        limit=limit,
        types=tuple(sorted(required.get(TYPE, ()))),
        capacities=frozenset(BOUGHT.get(one, "unknown") for one in bought),
    )


def _unread(cluster: str, error: Exception) -> Finding:
    return Finding(
        kind="unreadable",
        outcome="indeterminate",
        what=str(error),
        where=cluster,
        fix="let the role list it, by an access entry with AmazonEKSAdminViewPolicy or a role of the cluster",
    )
