"""The description of a pool of nodes: one, whatever buys the machines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

Purpose = Literal["serving", "training", "batch", "general"]
Capacity = Literal["reserved", "spot", "on-demand"]

PREFERENCE: Sequence[Capacity] = ("reserved", "spot", "on-demand")
"""Karpenter takes what is reserved before spot, and spot before on-demand, whatever the order in the pool:
https://karpenter.sh/docs/concepts/nodepools/#capacity-type (2026-11). Another order cannot be had."""

POOL_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 20
INSTANCE_TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
RESERVED_LABELS = ("kubernetes.io", "k8s.io", "karpenter.sh", "amazonaws.com", "k8s.aws", "llmlz.io")
"""Ends of label domains that Kubernetes, Karpenter, EKS and this project keep to themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Disruption:
    """When nodes go: how long an idle one stays, how many may go at once, and how long its pods have to leave."""

    idle_minutes: int
    """An empty node is given back after so many minutes, 1 to 60."""

    policy: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"]
    """Whether pods are moved together to empty a node, or only nodes go that are empty by themselves."""

    drain_minutes: int
    """Longest time that pods get to end when their node goes."""

    most_at_once: str = field(default="1")
    """Nodes that may go at the same time, as a number or a share such as ``10%``; one if left out."""

    undisturbed: bool = field(default=False)
    """Only empty and expired nodes go; a newer image waits until then. Newer images are rolled out if left out."""


PROFILES: Mapping[Purpose, Disruption] = {
    # a model that is loaded is worth a wait: the next request comes
    "serving": Disruption(idle_minutes=20, policy="WhenEmpty", drain_minutes=15),
    # a run that is moved begins at its last checkpoint
    "training": Disruption(idle_minutes=15, policy="WhenEmpty", drain_minutes=240, undisturbed=True),
    "batch": Disruption(idle_minutes=5, policy="WhenEmpty", drain_minutes=60, most_at_once="100%", undisturbed=True),
    "general": Disruption(idle_minutes=5, policy="WhenEmptyOrUnderutilized", drain_minutes=15, most_at_once="10%"),
}
"""What a purpose means where the description names no other disruption."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """Machines that are paid for already: an on-demand reservation or a capacity block."""

    id: pulumi.Input[str]
    """Such as ``cr-0123456789abcdef0``."""

    instance_type: str
    """What is reserved."""

    count: int
    """Machines in it."""

    name: str
    """Identity among the pool's reservations."""

    zone: str
    """Availability zone of the machines, such as ``eu-central-1a``."""

    block: bool = field(default=False)
    """Whether it is a capacity block, whose machines AWS ends with it; an on-demand reservation if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """Nodes for one purpose. Raises ``ValueError`` for what no flavour can hold to."""

    capacity: Sequence[Capacity]
    """What is bought, in this order of preference; ``reserved`` exactly with ``reservations``."""

    instance_types: Sequence[str]
    """Every machine that may be bought, by its type: the only demand on hardware that all flavours understand alike."""

    max_cpus: int
    """Most virtual processors of all nodes together."""

    max_gpus: int
    """Most GPUs of all nodes together; 0 for a general pool, and only there."""

    max_memory_gib: int
    """Most memory of all nodes together, in GiB."""

    name: str
    """Identity of the pool, and what pods select."""

    purpose: Purpose
    """What runs here."""

    architecture: Literal["amd64", "arm64"] = field(default="amd64")
    """Of the processors; amd64 if left out."""

    disruption: Disruption | None = field(default=None)
    """When nodes go; what is usual for the purpose if left out."""

    expire_after_hours: int = field(default=336)
    """A node is replaced when it is so old, at most 504 hours; two weeks if left out."""

    gpus_per_node: int = field(default=1)
    """Most GPUs that one of the machines has."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Further labels of the nodes; none if left out."""

    reservations: Sequence[Reservation] = field(default=())
    """Machines that are paid for already; none if left out."""

    team: str | None = field(default=None)
    """The team that has the pool to itself; shared by all if left out."""

    volume_gib: int = field(default=200)
    """Disk of a node for images and scratch, in GiB; 200 if left out."""

    zones: Sequence[str] = field(default=())
    """Availability zones, such as ``eu-central-1a``; all that the subnets are in if left out."""

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        for wrong in _wrong(self):
            raise ValueError(f"pool {self.name!r}: {wrong}")

    @property
    def closed(self) -> bool:
        """Whether only pods that name the pool come in; the nodes of a shared general pool take any pod."""
        return self.max_gpus > 0 or self.team is not None

    @property
    def profile(self) -> Disruption:
        """When nodes go: as described, or as usual for the purpose."""
        return self.disruption or PROFILES[self.purpose]


def _wrong(pool: Pool) -> list[str]:
    profile, hours = pool.profile, pool.expire_after_hours
    domains = [key.partition("/")[0] for key in pool.labels if "/" in key]
    rules = {
        f"a name of lower-case words, {LONGEST_NAME} characters at most": POOL_NAME.fullmatch(pool.name) is not None
        and len(pool.name) <= LONGEST_NAME,
        "instance types such as g6.xlarge, each once": _distinct(pool.instance_types)
        and all(INSTANCE_TYPE.fullmatch(one) for one in pool.instance_types),
        f"capacity in the order {', '.join(PREFERENCE)}, each once": bool(pool.capacity)
        and list(pool.capacity) == [kind for kind in PREFERENCE if kind in pool.capacity],
        "reservations with the capacity reserved, and only with it": bool(pool.reservations)
        == ("reserved" in pool.capacity),
        "reservations of its own instance types, each under a name of its own": _distinct(
            [one.name for one in pool.reservations], empty=True
        )
        and all(one.instance_type in pool.instance_types and one.count > 0 for one in pool.reservations),
        "reservations in its own zones": all(not pool.zones or one.zone in pool.zones for one in pool.reservations),
        "GPUs, unless it is general": (pool.max_gpus > 0) == (pool.purpose != "general"),
        "a limit for GPUs that is a multiple of what a node has": pool.gpus_per_node > 0
        and pool.max_gpus % pool.gpus_per_node == 0
        and pool.max_gpus >= 0,
        "limits for processors and memory": pool.max_cpus > 0 and pool.max_memory_gib > 0,
        "nodes that expire within 504 hours": 0 < hours <= 504,  # noqa: PLR2004  # Auto Mode replaces them then anyway
        "idle nodes that go within the hour": 0 < profile.idle_minutes <= 60,  # noqa: PLR2004  # GPU-03
        "nodes that may go at all": profile.most_at_once.rstrip("%").isdecimal()
        and int(profile.most_at_once.rstrip("%")) > 0,
        "a disk of 20 GiB or more": pool.volume_gib >= 20,  # noqa: PLR2004  # images of model servers have 10
        f"labels outside {', '.join(RESERVED_LABELS)}": not any(
            domain == end or domain.endswith(f".{end}") for domain in domains for end in RESERVED_LABELS
        ),
    }
    return [f"expected {rule}" for rule, holds in rules.items() if not holds]


def _distinct(found: Sequence[str], *, empty: bool = False) -> bool:
    return len(set(found)) == len(found) and (empty or bool(found))
