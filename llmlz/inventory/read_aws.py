"""Instances, reservations, instance types and quotas of one account in one region."""

from collections.abc import Iterable
from typing import Any

from llmlz.inventory.asking import Questions, tags_of, team_of
from llmlz.inventory.facts import Instance, RawReservation, TypeFacts
from llmlz.inventory.model import Capacity

TYPES_A_CALL = 100
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html (2026-11)"""

RUNNING = {"Name": "instance-state-name", "Values": ["pending", "running"]}

HOLDS_NOTHING = ("cancelled", "failed", "payment-failed", "unsupported")
"""States of a reservation that has no capacity and costs nothing.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CapacityReservation.html (2026-11)
"""

CLUSTER_TAGS = ("aws:eks:cluster-name", "eks:cluster-name", "eks:eks-cluster-name")
"""Set by managed node groups, and the last by Auto Mode and Karpenter.

https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html,
https://karpenter.sh/docs/upgrading/upgrade-guide/ (2026-11)
"""

OWNED = "kubernetes.io/cluster/"
"""Start of the tag that nodes which join by themselves carry; the name of the cluster follows."""

CONTACTS = ("llmlz:owner", "owner")
"""Tags with an owner: of a reservation of the landing zone, and of everything that it makes."""

LIFECYCLES: dict[str, Capacity] = {"spot": "spot", "capacity-block": "block"}
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html (2026-11)"""

QUOTAS = ("G and VT", "P", "Trn", "Inf")
"""Families of accelerators for which EC2 has quotas, counted in vCPUs; a name is that of an instance type's start."""


def read_instances(ask: Questions) -> list[Any] | None:
    """Every instance that runs or starts, as EC2 tells it; ``None`` where it does not.

    Nodes of EKS Auto Mode are managed resources, which an account may have hidden from who does not ask for them:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ManagedResourceVisibilitySettings.html (2026-11).
    """
    path = "Reservations[].Instances[]"
    return ask.all("ec2", "describe_instances", path, Filters=[RUNNING], IncludeManagedResources=True)


def read_reservations(ask: Questions) -> list[Any] | None:
    """Every reservation that the account has or may use, as EC2 tells it; ``None`` where it does not."""
    found = ask.all("ec2", "describe_capacity_reservations", "CapacityReservations")
    return None if found is None else [one for one in found if one["State"] not in HOLDS_NOTHING]


def read_types(ask: Questions, names: Iterable[str]) -> dict[str, TypeFacts] | None:
    """Those of the types that have accelerators; ``None`` where EC2 does not say of some."""
    wanted = sorted(set(names))
    found: dict[str, TypeFacts] = {}
    for start in range(0, len(wanted), TYPES_A_CALL):
        part = wanted[start : start + TYPES_A_CALL]
        answer = ask.all("ec2", "describe_instance_types", "InstanceTypes", InstanceTypes=part)
        if answer is None:
            return None
        found |= {one["InstanceType"]: facts for one in answer if (facts := _type(one))}
    return found


def _type(told: Any) -> TypeFacts | None:
    gpus = told.get("GpuInfo", {}).get("Gpus", ())
    devices = gpus or told.get("NeuronInfo", {}).get("NeuronDevices", ())
    if not devices:
        return None
    return TypeFacts(
        accelerator=" and ".join(sorted({str(one.get("Name", "")) for one in devices})),
        gpus=sum(int(one.get("Count", 0)) for one in devices),
        vcpus=int(told.get("VCpuInfo", {}).get("DefaultVCpus", 0)),
    )


def instance_of(told: Any) -> Instance:
    """One instance as a value."""
    tags = tags_of(told.get("Tags", []))
    reservation = str(told.get("CapacityReservationId", ""))
    bought = LIFECYCLES.get(told.get("InstanceLifecycle", ""), "reserved" if reservation else "on-demand")
    named = [tags[name] for name in CLUSTER_TAGS if name in tags]
    owned = [name.removeprefix(OWNED) for name in tags if name.startswith(OWNED)]
    return Instance(
        id=told["InstanceId"],
        type=told["InstanceType"],
        capacity=bought,
        reservation=reservation,
        cluster=next(iter([*named, *owned]), ""),
        team=team_of(tags),
        launched=told["LaunchTime"],
    )


def reservation_of(told: Any) -> RawReservation:
    """One reservation as a value."""
    tags = tags_of(told.get("Tags", []))
    return RawReservation(
        id=told["CapacityReservationId"],
        block=told.get("ReservationType") == "capacity-block",
        instance_type=told["InstanceType"],
        count=int(told.get("TotalInstanceCount", 0)),
        available=int(told.get("AvailableInstanceCount", 0)),
        owner=str(told.get("OwnerId", "")),
        team=team_of(tags),
        contact=next((tags[name] for name in CONTACTS if tags.get(name)), ""),
        state=told["State"],
        start=told.get("StartDate") or told.get("CreateDate"),
        end=told.get("EndDate"),
    )


def read_vcpu_quotas(ask: Questions) -> tuple[tuple[str, float], ...] | None:
    """Quotas of EC2 that limit accelerators, by name; ``None`` where Service Quotas does not say."""
    found = ask.all("service-quotas", "list_service_quotas", "Quotas", ServiceCode="ec2")
    if found is None:
        return None
    wanted = {name for family in QUOTAS for name in quota_names(family)}
    return tuple(sorted((one["QuotaName"], float(one["Value"])) for one in found if one["QuotaName"] in wanted))


def quota_names(family: str) -> tuple[str, str]:
    """Names of the quotas of a family: on demand, and spot.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html and
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html (2026-11)
    """
    return f"Running On-Demand {family} instances", f"All {family} Spot Instance Requests"


def family_of(instance_type: str) -> str | None:
    """The family whose quota counts an instance type; ``None`` for one without accelerators."""
    start = instance_type.partition(".")[0]
    for family in QUOTAS:
        for letters in family.split(" and "):
            if start.startswith(letters.lower()) and start[len(letters) : len(letters) + 1].isdigit():
                return family
    return None


def has_accelerators(instance_type: str) -> bool:
    """Whether the name of a type says that it has GPUs or Neuron devices; VT instances have neither, for video alone."""
    return family_of(instance_type) is not None and not instance_type.startswith("vt")
