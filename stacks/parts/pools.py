"""The node pools of a runtime, and the machines that are reserved for them, from its settings."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.capacity_reservation import CapacityReservation, CapacityReservationArgs
from components.device_plugin import DevicePlugin, DevicePluginArgs
from components.gpu_pool import PROFILES, Disruption, Flavour, GpuPool, GpuPoolArgs, Pool, brings_device_plugin
from components.gpu_pool import Reservation as Held
from stacks.settings.accelerators import Accelerator
from stacks.settings.pools import Pool as PoolSettings
from stacks.settings.pools import Reservation

HOURS_OF_A_DAY = 24


def gpu_pools(
    pools: Mapping[str, PoolSettings],
    reservations: Mapping[str, Reservation],
    flavour: Flavour,
    *,
    accelerators: Mapping[str, Accelerator],
    zones: Mapping[str, str],
    disk_key_arn: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
    tags: Mapping[str, str],
    plugin_image: str | None = None,
) -> dict[str, GpuPool]:
    """Name to pool, each ready when its nodes can be bought; reservations that do not exist yet are made first.

    ``opts`` brings a provider of AWS and one of Kubernetes; ``zones`` are letters to names of availability zones.
    Raises ``ValueError`` where the nodes' image has no device plugin and ``plugin_image`` is left out.
    """
    held = {
        name: pulumi.Output.from_input(wish.id) if wish.id else _reserve(name, wish, zones, opts)
        for name, wish in reservations.items()
    }
    made = {}
    for name, wish in pools.items():
        ids = {one: held[one] for one in wish.reservations}
        pool = described(name, wish, reservations, ids, accelerators=accelerators, zones=zones)
        made[name] = GpuPool(
            f"pool-{name}", GpuPoolArgs(flavour=flavour, pool=pool, disk_key_arn=disk_key_arn, tags=tags), opts
        )
    accelerated = [name for name, wish in pools.items() if wish.max_gpus]
    if accelerated and not brings_device_plugin(flavour):
        if plugin_image is None:
            raise ValueError(
                "nodes whose image has no device plugin need plugin_image, or their GPUs are never offered"
            )
        DevicePlugin("device-plugin", DevicePluginArgs(image=plugin_image, pools=accelerated), opts)
    return made


def described(
    name: str,
    wish: PoolSettings,
    reservations: Mapping[str, Reservation],
    ids: Mapping[str, pulumi.Input[str]],
    *,
    accelerators: Mapping[str, Accelerator],
    zones: Mapping[str, str],
) -> Pool:
    """The description of a pool; ``ids`` are those of the reservations that it names."""
    return Pool(
        name=name,
        purpose=wish.purpose,
        instance_types=wish.instance_types,
        capacity=wish.capacity,
        max_gpus=wish.max_gpus,
        max_cpus=wish.max_cpus,
        max_memory_gib=wish.max_memory_gib,
        architecture=wish.architecture,
        disruption=_disruption(wish),
        expire_after_hours=wish.replace_after_days * HOURS_OF_A_DAY,
        gpus_per_node=max((accelerators[one].gpus for one in wish.instance_types if one in accelerators), default=1),
        reservations=[
            Held(
                id=ids[one],
                instance_type=reservations[one].instance_type,
                count=reservations[one].count,
                name=one,
                zone=zones[reservations[one].zone],
                block=reservations[one].kind == "block",
            )
            for one in wish.reservations
        ],
        team=wish.team,
        volume_gib=wish.volume_gib,
        zones=[zones[letter] for letter in wish.zones],
    )


def _disruption(wish: PoolSettings) -> Disruption:
    usual, own = PROFILES[wish.purpose], wish.disruption
    given = {} if own is None else {key: value for key, value in own.model_dump().items() if value is not None}
    return replace(usual, **given)


def _reserve(
    name: str, wish: Reservation, zones: Mapping[str, str], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    made = CapacityReservation(
        f"reservation-{name}",
        CapacityReservationArgs(
            count=wish.count,
            ends=_moment(wish.end),
            instance_type=wish.instance_type,
            owner=wish.owner,
            starts=_moment(wish.start),
            zone=zones[wish.zone],
        ),
        opts,
    )
    return made.reservation_id


def _moment(day: datetime.date) -> str:
    """Half past eleven UTC, the hour at which capacity blocks change."""
    return f"{day.isoformat()}T11:30:00Z"
