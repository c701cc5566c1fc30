"""What APIs said, before anything is counted or judged."""

from dataclasses import dataclass
from datetime import datetime

from llmlz.inventory.model import Capacity, Finding, Model


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeFacts:
    """What EC2 says of an instance type."""

    accelerator: str
    """Name of the GPU or of the Neuron device."""

    gpus: int
    """Accelerators; never zero, types without any are left out."""

    vcpus: int
    """What service quotas count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """A running instance whose type has accelerators."""

    id: str
    """``i-`` and digits."""

    type: str
    """Such as ``g6.xlarge``."""

    capacity: Capacity
    """How it was bought."""

    reservation: str
    """Id of the capacity reservation it runs in; empty without one."""

    cluster: str
    """The EKS cluster in its tags; empty where they name none."""

    team: str
    """The team in its tags; empty where they name none."""

    launched: datetime
    """When it was started."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawReservation:
    """A capacity reservation as one account sees it."""

    id: str
    """``cr-`` and digits."""

    block: bool
    """Whether it is a capacity block."""

    instance_type: str
    """What can be launched in it."""

    count: int
    """Instances."""

    available: int
    """Instances that can still be launched."""

    owner: str
    """The account that pays."""

    team: str
    """The team in its tags; empty where they name none."""

    contact: str
    """The owner in its tags, a mail address; empty where they name none."""

    state: str
    """As EC2 says."""

    start: datetime | None
    """When it began or begins."""

    end: datetime | None
    """When it ends; ``None`` for one without an end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A node of a cluster that has accelerators, or should have them."""

    name: str
    """As the cluster calls it."""

    instance: str
    """Id of the EC2 instance; empty where the node names none."""

    region: str
    """From its labels; empty without one."""

    type: str
    """Instance type, from its labels; empty without one."""

    pool: str
    """The pool, or else the node group, in its labels; empty without one."""

    accelerator: str
    """Name of the GPU in its labels; empty without one."""

    capacity: Capacity
    """How it was bought, from its labels."""

    gpus: int
    """Whole accelerators that pods can ask for: its allocatable ones."""

    divided: bool
    """Whether it offers parts of accelerators (MIG, time slices), which this inventory does not count."""

    created: datetime
    """When it joined."""

    quiet_since: datetime | None
    """The last time a pod came or went, where the autoscaler keeps it; ``None`` elsewhere."""

    state: str
    """``ready``, ``cordoned`` or ``not ready``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pod:
    """A pod that asks for accelerators."""

    name: str
    """As its namespace calls it."""

    namespace: str
    """Where it runs."""

    node: str
    """The node it is bound to; empty while it waits for one."""

    gpus: int
    """Whole accelerators that the scheduler reserves for it."""

    parts: bool
    """Whether it asks for parts of an accelerator, or by a resource claim: then nobody here can count it."""

    ended: datetime | None
    """When its last container ended, for a pod that is over; ``None`` for one that still holds what it asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Namespace:
    """A namespace, whose it is and what it may use."""

    name: str
    """As the cluster calls it."""

    team: str
    """The team in its labels; empty where they name none."""

    pools: frozenset[str]
    """Pools that its labels let it use; empty where they name none."""

    quota: int | None
    """Accelerators that all its pods together may ask for; ``None`` where nothing limits them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """A pool of nodes with accelerators: a Karpenter NodePool or a managed node group."""

    name: str
    """As its nodes are labelled."""

    limit: int | None
    """Accelerators that it may grow to; ``None`` where nothing limits it."""

    types: tuple[str, ...]
    """Instance types it may launch; empty where it does not list them."""

    capacities: frozenset[Capacity]
    """Ways in which it may buy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterFacts:
    """One cluster."""

    name: str
    """As EKS, or the kubeconfig, calls it."""

    nodes: tuple[Node, ...]
    """Those with accelerators."""

    pods: tuple[Pod, ...]
    """Those that ask for accelerators."""

    namespaces: tuple[Namespace, ...]
    """All of them."""

    pools: tuple[Pool, ...]
    """NodePools with accelerators."""

    findings: tuple[Finding, ...] = ()
    """What could not be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceFacts:
    """One account in one region; without both, a cluster that was read by a kubeconfig."""

    account: str
    """Twelve digits, or empty."""

    region: str
    """AWS region, or empty."""

    instances: tuple[Instance, ...] | None = ()
    """With accelerators; ``None`` where EC2 did not say."""

    reservations: tuple[RawReservation, ...] | None = ()
    """Of instance types with accelerators, also those that others share; ``None`` where EC2 did not say."""

    types: tuple[tuple[str, TypeFacts], ...] = ()
    """Instance types that have accelerators."""

    vcpu_quotas: tuple[tuple[str, float], ...] | None = ()
    """Name of an EC2 quota to its value; ``None`` where Service Quotas did not say."""

    groups: tuple[tuple[str, Pool], ...] = ()
    """Cluster and managed node group with accelerators."""

    clusters: tuple[ClusterFacts, ...] = ()
    """Clusters that answered."""

    models: tuple[Model, ...] = ()
    """What Bedrock has."""

    findings: tuple[Finding, ...] = ()
    """What could not be read."""
