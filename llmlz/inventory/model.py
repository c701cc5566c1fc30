"""What an inventory says: plain values, for a table, for JSON and for a page."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Capacity = Literal["on-demand", "spot", "reserved", "block", "unknown"]
"""How an instance was bought; ``reserved`` runs in a capacity reservation, ``block`` in a capacity block."""

FindingKind = Literal["idle", "expiring", "over-committed", "foreign", "no-gpu", "untagged", "unreadable"]
"""What can be wrong; ``unreadable`` is whatever an API refused or answered oddly."""

ModelKind = Literal["profile", "foundation-model", "custom", "imported", "deployment", "provisioned"]
"""What Bedrock calls them; a ``profile`` is an application inference profile, which is one team's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """US dollars an hour, or the reason why nobody can say."""

    usd_per_hour: Decimal | None
    """List price on demand, of everything the row has; discounts and savings plans are not in it."""

    note: str
    """Source and date of the price; without one, the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one team holds of a node."""

    team: str
    """Name of the team; empty where nothing says whose it is."""

    gpus: int
    """Whole accelerators."""

    namespace: str = ""
    """Where its pods run; empty for an instance that is in no cluster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One node or instance with accelerators."""

    account: str
    """Twelve digits; empty for a cluster that was read by a kubeconfig alone."""

    region: str
    """AWS region; empty where the node does not say."""

    cluster: str
    """Name of the cluster; empty for an instance outside of one."""

    pool: str
    """Pool or node group; empty where the node has none."""

    node: str
    """Name of the node; empty for an instance that is none."""

    instance: str
    """Id of the instance; empty where the node names none."""

    instance_type: str
    """Such as ``g6.xlarge``; empty where the node does not say."""

    accelerator: str
    """Name of the GPU, such as ``L4``; empty where nothing says."""

    gpus: int
    """What the node offers to pods, or what the instance has."""

    shares: tuple[Share, ...]
    """Who holds how many, each team and namespace once."""

    known: bool
    """Whether anybody can say who holds it: false for a node of a cluster that could not be read."""

    capacity: Capacity
    """How it was bought."""

    reservation: str
    """Id of the capacity reservation it runs in; empty without one."""

    cost: Cost
    """Of the whole instance."""

    expires: datetime | None
    """When AWS takes it away: known for capacity blocks alone; else ``None``."""

    state: str = "ready"
    """``ready``, ``cordoned`` or ``not ready``, as the cluster says; ``running`` outside of one."""

    @property
    def allocated(self) -> int | None:
        """Accelerators that somebody holds; ``None`` where nobody can say."""
        return sum(share.gpus for share in self.shares) if self.known else None

    @property
    def free(self) -> int | None:
        """Accelerators that nobody holds; ``None`` where nobody can say, and never below zero: see ``over``."""
        return None if self.allocated is None else max(self.gpus - self.allocated, 0)

    @property
    def over(self) -> int:
        """Accelerators that are held and are not there: a device that failed under running pods."""
        return max((self.allocated or 0) - self.gpus, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """Capacity that is paid for, used or not."""

    id: str
    """``cr-`` and digits."""

    kind: Literal["on-demand", "block"]
    """A capacity block is paid in advance, and its instances end with it."""

    account: str
    """The account that was asked."""

    region: str
    """AWS region."""

    instance_type: str
    """What can be launched in it."""

    gpus: int
    """Accelerators of all its instances."""

    count: int
    """Instances."""

    available: int
    """Instances that can still be launched; zero before its start."""

    owner: str
    """The account that pays; twelve digits."""

    team: str
    """The team in its tags; empty where they name none."""

    contact: str
    """The owner in its tags, a mail address; empty where they name none."""

    state: str
    """As EC2 says: ``active``, ``scheduled``, ``expired`` ..."""

    start: datetime | None
    """When it began or begins."""

    end: datetime | None
    """When it ends; ``None`` for one that is kept until it is cancelled."""

    foreign: bool
    """Whether the owner is no account of the estate."""

    cost: Cost
    """Of all its instances, used or not."""

    @property
    def used(self) -> int:
        """Instances that run in it; zero before its start, when EC2 says that none are available."""
        return self.count - self.available if self.state == "active" else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model, or a way to one, that an account has."""

    kind: ModelKind
    """What it is."""

    name: str
    """As people gave it; the model's id for a foundation model."""

    account: str
    """Twelve digits."""

    region: str
    """AWS region."""

    models: tuple[str, ...]
    """Ids of the models behind it, each once."""

    team: str | None
    """The team in its tags; empty where they name none, ``None`` where they could not be read."""

    state: str
    """As Bedrock says; for a foundation model whether its agreement is there."""

    cost: Cost
    """Of having it; calls come on top."""

    expires: datetime | None
    """End of the commitment, or of the life of the first model behind it; ``None`` where there is none."""

    units: int = 0
    """Model units of a provisioned throughput; zero for all others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is not as it should be, or that nobody could look at."""

    kind: FindingKind
    """What it is about."""

    outcome: Literal["problem", "indeterminate"]
    """``indeterminate`` is no pass: nobody knows."""

    what: str
    """In one sentence, with the value."""

    where: str
    """Account, region, and the resource."""

    fix: str
    """What to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """Everything that was found, in a stable order."""

    places: tuple[str, ...]
    """What was asked: ``account region``, and clusters."""

    holdings: tuple[Holding, ...]
    """Nodes and instances."""

    reservations: tuple[Reservation, ...]
    """Each once, as its owner sees it where the owner was asked."""

    models: tuple[Model, ...]
    """Models and profiles."""

    findings: tuple[Finding, ...]
    """What to do something about; empty for an estate in order."""
