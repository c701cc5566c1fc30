"""What is billed of machines that are kept, and of disks that pods claim."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from llmlz.cost.uncounted import UncountedError, number
from llmlz.graph.model import Graph, Resource
from llmlz.graph.pools import group_types

STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
GIB = {"Mi": Decimal(1) / 1024, "Gi": Decimal(1), "Ti": Decimal(1024)}
SIZE = re.compile(r"(\d+)(Mi|Gi|Ti)")
BILLED_APART = {"iops", "iopsPerGB", "throughput"}
"""Parameters of a storage class for more than gp3 has by itself:
https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md (2026-11)."""


def reserved_machines(_graph: Graph, reservation: Resource) -> Decimal:
    """All of a reservation, used or not:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html (2026-11).
    """
    if reservation.inputs.get("tenancy", "default") != "default":
        raise UncountedError("machines for one tenant alone have no price here")
    if reservation.inputs.get("instancePlatform") != "Linux/UNIX":
        raise UncountedError(f"platform {reservation.inputs.get('instancePlatform')} has no price here")
    return number(reservation.inputs.get("instanceCount"), "instanceCount")


def paid_at_once(_graph: Graph, _block: Resource) -> Decimal:
    """A capacity block: nothing a month, and its price stands in an offer that lives for minutes."""
    raise UncountedError("it is paid as a whole when it is bought, at the price of its offer, which no price list has")


def least_nodes(_graph: Graph, group: Resource) -> Decimal:
    """Machines that a node group keeps while nobody needs them."""
    least = number((group.inputs.get("scalingConfig") or {}).get("minSize"), "scalingConfig.minSize")
    bought = group.inputs.get("capacityType", "ON_DEMAND")
    if least and bought != "ON_DEMAND":
        raise UncountedError(f"it keeps {least} machines, and those of capacity type {bought} have no list price")
    return least


def claimed_gib(graph: Graph, stateful: Resource) -> Decimal:
    """GiB of gp3 that the pods claim, each for itself."""
    spec = stateful.inputs.get("spec") or {}
    claims = [claim.get("spec") or {} for claim in spec.get("volumeClaimTemplates") or ()]
    for claim in claims:
        _plain_gp3(graph, claim.get("storageClassName"))
    return number(spec.get("replicas", 1), "spec.replicas") * sum(map(_gib, claims), Decimal(0))


def _gib(claim: Mapping[str, Any]) -> Decimal:
    asked = ((claim.get("resources") or {}).get("requests") or {}).get("storage")
    found = SIZE.fullmatch(str(asked))
    if not found:
        raise UncountedError(f"a claim asks for storage of {asked!r}, expected one such as 100Gi")
    return int(found[1]) * GIB[found[2]]


def _plain_gp3(graph: Graph, name: Any) -> None:
    """A class that the stack makes must be plain gp3; others are taken for it, as nothing shows them."""
    for one in graph.of_type(STORAGE_CLASS):
        parameters = one.inputs.get("parameters") or {}
        if (one.inputs.get("metadata") or {}).get("name") == name and (
            parameters.get("type", "gp3") != "gp3" or BILLED_APART & parameters.keys()
        ):
            raise UncountedError(f"storage class {name} is more than plain gp3, and has no price here")


def _named_type(_graph: Graph, reservation: Resource) -> tuple[str, ...]:
    return tuple(filter(None, [reservation.inputs.get("instanceType")]))


MACHINES: Mapping[str, Callable[[Graph, Resource], tuple[str, ...]]] = {
    "instance-type": _named_type,
    "types-of-group": group_types,
}
"""Rule by the name that the price file uses: which instance types are billed. The dearest counts."""
