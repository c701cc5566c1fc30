"""Settings of node pools and of machines that are reserved for them, as people write them for a runtime."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from stacks.settings.accelerators import INSTANCE_TYPE
from stacks.settings.base import Email, Name, Settings
from stacks.settings.network import Zone

Days = Annotated[int, Field(ge=1, le=21)]
InstanceType = Annotated[str, Field(pattern=INSTANCE_TYPE)]


class Disruption(Settings):
    """When nodes of a pool go; each field left out is what is usual for the pool's purpose."""

    idle_minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    """An empty node is given back after so many minutes."""
    drain_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    """Longest time that pods get to end when their node goes."""
    undisturbed: bool | None = None
    """Whether only empty and expired nodes go, and a newer image waits until then."""


class Pool(Settings):
    """Nodes for one purpose. Its label and its taints are its name; nobody sets them, and no pool is without."""

    purpose: Literal["serving", "training", "batch", "general"]
    """What runs there; it decides when nodes go. Only a ``general`` pool is without GPUs."""
    instance_types: Annotated[list[InstanceType], Field(min_length=1)]
    """Machines that may be bought, all with the same GPU."""
    capacity: Annotated[list[Literal["reserved", "spot", "on-demand"]], Field(min_length=1)]
    """What is bought, most wanted first: ``reserved``, ``spot``, ``on-demand``, in this order."""
    max_gpus: Annotated[int, Field(ge=0)]
    """Most GPUs at any time; 0 for a general pool."""
    max_cpus: Annotated[int, Field(ge=1)]
    """Most virtual processors at any time."""
    max_memory_gib: Annotated[int, Field(ge=1)]
    """Most memory at any time, in GiB."""
    architecture: Literal["amd64", "arm64"] = Field(default="amd64")
    """Of the processors; amd64 if left out."""
    team: Name | None = None
    """The team that has the pool to itself; shared by all if left out."""
    reservations: list[Name] = Field(default=[])
    """Reservations of this runtime that the pool uses first."""
    zones: list[Zone] = Field(default=[])
    """Letters of availability zones; all of the network if left out."""
    disruption: Disruption | None = None
    """When nodes go; as usual for the purpose if left out."""
    replace_after_days: Days = Field(default=14)
    """A node is replaced when it is so old; two weeks if left out."""
    volume_gib: Annotated[int, Field(ge=20, le=16384)] = Field(default=200)
    """Disk of a node for images and scratch, in GiB; 200 if left out."""


class Reservation(Settings):
    """Machines that are paid for, used or not: reserved on demand, or a capacity block that was bought for some days."""

    kind: Literal["on-demand", "block"]
    """``on-demand`` is billed by the hour until its end; ``block`` was paid in advance."""
    id: Annotated[str, Field(pattern=r"^cr-[0-9a-f]{8,17}$")] | None = None
    """The reservation, where it exists already: always for a block. An on-demand one is made if left out."""
    instance_type: InstanceType
    """What is reserved."""
    count: Annotated[int, Field(ge=1)]
    """Machines."""
    zone: Zone
    """Letter of its availability zone."""
    start: datetime.date
    """First day, from 11:30 UTC, the hour at which blocks change."""
    end: datetime.date
    """Last day, until 11:30 UTC."""
    owner: Email
    """Who answers for the money."""
