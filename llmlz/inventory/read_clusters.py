"""EKS clusters of one account in one region, and their managed node groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from llmlz.inventory.asking import Questions
from llmlz.inventory.facts import Pool, TypeFacts
from llmlz.inventory.model import Capacity
from llmlz.inventory.read_aws import read_types

NAME, TAG = "llmlz", "managed-by"
"""A cluster of the landing zone carries both: its name starts with this, or its tag says so."""

BOUGHT: Mapping[str, Capacity] = {"ON_DEMAND": "on-demand", "SPOT": "spot", "CAPACITY_BLOCK": "block"}
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class EksCluster:
    """A cluster that can be asked."""

    name: str
    """As EKS calls it."""

    endpoint: str
    """Address of its API, ``https://`` and a host."""

    authority: str
    """Certificate of who signed the API's, base64 of PEM."""


def read_clusters(ask: Questions, named: Iterable[str] = ()) -> tuple[EksCluster, ...]:
    """Clusters of the landing zone, and those of others that it was ``named``; one that is not told of is a finding."""
    found, ours, listed = [], set(named), ask.all("eks", "list_clusters", "clusters")
    for name in sorted(ours - set(listed or ()) if listed is not None else ()):
        fix = "correct the name in the runtime's stack file, or ask the account that has it"
        ask.unreadable(f"cluster {name} of the estate is not here", fix, name)
    for name in sorted(listed or ()):
        answer = ask.one("eks", "describe_cluster", name=name)
        if answer is None:
            continue
        told = answer["cluster"]
        if name not in ours and not name.startswith(NAME) and told.get("tags", {}).get(TAG) != NAME:
            continue
        endpoint, authority = told.get("endpoint"), told.get("certificateAuthority", {}).get("data")
        if not endpoint or not authority:
            ask.unreadable(
                f"cluster {name} has no address yet: it is {told.get('status', 'of no known status')}",
                "repeat it when the cluster is ACTIVE",
                name,
            )
            continue
        found.append(EksCluster(name=name, endpoint=endpoint, authority=authority))
    return tuple(found)


def read_groups(ask: Questions, cluster: str, types: dict[str, TypeFacts]) -> tuple[Pool, ...]:
    """Managed node groups with accelerators; what is learned of instance types is added to ``types``."""
    found = []
    for name in sorted(ask.all("eks", "list_nodegroups", "nodegroups", clusterName=cluster) or ()):
        answer = ask.one("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name)
        if answer is None:
            continue
        told = answer["nodegroup"]
        listed = tuple(sorted(told.get("instanceTypes", ())))
        if not listed:  # they stand in a launch template
            if "nvidia" in told.get("amiType", "").lower():
                ask.unreadable(
                    f"node group {name} takes its instance types from a launch template",
                    "list instance types in the node group",
                    cluster,
                )
            continue
        types |= read_types(ask, set(listed) - set(types)) or {}
        gpus = [types[one].gpus for one in listed if one in types]
        if gpus:
            most = int(told.get("scalingConfig", {}).get("maxSize", 0))
            bought = BOUGHT.get(told.get("capacityType", ""), "unknown")
            label = told.get("labels", {}).get("llmlz.io/pool", name)
            found.append(Pool(name=label, limit=most * max(gpus), types=listed, capacities=frozenset({bought})))
    return tuple(found)
