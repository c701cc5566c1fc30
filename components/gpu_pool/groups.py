"""A pool as managed node groups: one for each thing that is bought, as a group buys one thing only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components._pool_placement import taints
from components.gpu_pool.description import Capacity, Pool, Reservation
from components.gpu_pool.flavours import NodeGroup
from components.gpu_pool.objects import DATA, ROOT, labels

IMAGES: Mapping[tuple[str, bool, str], str] = {
    ("al2023", False, "amd64"): "AL2023_x86_64_STANDARD",
    ("al2023", False, "arm64"): "AL2023_ARM_64_STANDARD",
    ("al2023", True, "amd64"): "AL2023_x86_64_NVIDIA",
    ("bottlerocket", False, "amd64"): "BOTTLEROCKET_x86_64",
    ("bottlerocket", False, "arm64"): "BOTTLEROCKET_ARM_64",
    ("bottlerocket", True, "amd64"): "BOTTLEROCKET_x86_64_NVIDIA",
}
"""System, whether there are GPUs, and architecture to the image: the values of
https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html (2026-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one of the groups of a pool buys."""

    capacity: Capacity
    """How."""

    name: str
    """Identity among the groups of the pool."""

    nodes: int
    """Most machines."""

    reservation: Reservation | None = None
    """What it is bought from; the open market if left out."""


def shares(pool: Pool, flavour: NodeGroup) -> list[Share]:
    """The groups in the order of preference: reservations whole, and what is left evenly among the other kinds.

    Raises ``ValueError`` where machines are fewer than groups, or where nobody says how many there may be.
    """
    most = pool.max_gpus // pool.gpus_per_node if pool.max_gpus else flavour.most_nodes
    if not most:
        raise ValueError(f"pool {pool.name!r}: expected most_nodes, as a pool without GPUs has no limit of them")
    found = [
        Share(capacity="reserved", name=f"reserved-{one.name}", nodes=one.count, reservation=one)
        for one in pool.reservations
    ]
    others = [kind for kind in pool.capacity if kind != "reserved"]
    left = most - sum(share.nodes for share in found)
    if left < len(others):
        raise ValueError(
            f"pool {pool.name!r}: expected a node for each of {', '.join(pool.capacity)}, got {most} in all"
        )
    for index, kind in enumerate(others):
        nodes = left // len(others) + (1 if index < left % len(others) else 0)
        found.append(Share(capacity=kind, name=kind, nodes=nodes))
    return found


def template(
    pool: Pool, flavour: NodeGroup, share: Share, disk_key_arn: pulumi.Input[str] | None, tags: Mapping[str, str]
) -> dict[str, Any]:
    """Arguments of the launch template: encrypted disks, credentials that no pod reaches, the reservation."""
    disks = {DATA: pool.volume_gib, ROOT: 4} if flavour.image == "bottlerocket" else {ROOT: pool.volume_gib}
    found: dict[str, Any] = {
        "description": f"Nodes of the pool {pool.name}",
        "metadata_options": {"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
        "block_device_mappings": [
            {"device_name": device, "ebs": _volume(size, disk_key_arn)} for device, size in sorted(disks.items())
        ],
        "vpc_security_group_ids": list(flavour.security_group_ids),
        "update_default_version": True,
    }
    if tags:
        kinds = ("instance", "volume")
        found["tag_specifications"] = [{"resource_type": kind, "tags": dict(tags)} for kind in kinds]
    held = share.reservation
    if held is None:
        # the reservations of others are not ours to use up
        return {**found, "capacity_reservation_specification": {"capacity_reservation_preference": "none"}}
    target = {"capacity_reservation_target": {"capacity_reservation_id": held.id}}
    found["capacity_reservation_specification"] = target
    if held.block:
        # https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html (2026-11)
        found |= {"instance_market_options": {"market_type": "capacity-block"}, "instance_type": held.instance_type}
    return found


def group(pool: Pool, flavour: NodeGroup, share: Share) -> dict[str, Any]:
    """Arguments of the node group without its launch template."""
    held = share.reservation
    found: dict[str, Any] = {
        "ami_type": image(pool, flavour),
        "capacity_type": _capacity_type(share),
        "cluster_name": flavour.cluster_name,
        "labels": labels(pool),
        "node_repair_config": {"enabled": True},
        "node_role_arn": flavour.role_arn,
        "scaling_config": {"desired_size": 0, "max_size": share.nodes, "min_size": 0},
        "subnet_ids": _subnets(pool, flavour, held),
        "taints": [
            {**taint, "effect": "NO_SCHEDULE"}
            for taint in taints(pool.name, gpus=pool.max_gpus > 0, closed=pool.closed)
        ],
        "update_config": {"max_unavailable": 1},
    }
    if held is None:
        found["instance_types"] = list(pool.instance_types)
    elif not held.block:  # that of a block stands in the launch template, and EKS takes it in one place only
        found["instance_types"] = [held.instance_type]
    return found


def image(pool: Pool, flavour: NodeGroup) -> str:
    """Image of the nodes; raises ``ValueError`` where AWS makes none."""
    key = (flavour.image, pool.max_gpus > 0, pool.architecture)
    if key not in IMAGES:
        raise ValueError(
            f"pool {pool.name!r}: expected amd64, as AWS has no image with drivers for {pool.architecture}"
        )
    return IMAGES[key]


def _capacity_type(share: Share) -> str:
    if share.reservation is not None and share.reservation.block:
        return "CAPACITY_BLOCK"
    return "SPOT" if share.capacity == "spot" else "ON_DEMAND"  # a reservation is on-demand that is paid for


def _subnets(pool: Pool, flavour: NodeGroup, held: Reservation | None) -> list[pulumi.Input[str]]:
    wanted = [held.zone] if held else list(pool.zones or flavour.subnet_ids)
    missing = [zone for zone in wanted if zone not in flavour.subnet_ids]
    if missing:
        raise ValueError(f"pool {pool.name!r}: expected subnets in {', '.join(missing)}")
    return [flavour.subnet_ids[zone] for zone in wanted]


def _volume(size_gib: int, disk_key_arn: pulumi.Input[str] | None) -> dict[str, Any]:
    """Encrypted; with a customer key, EC2 Auto Scaling must be able to make grants for it.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html (2026-11)
    """
    volume: dict[str, Any] = {
        "delete_on_termination": "true",
        "encrypted": "true",
        "volume_size": size_gib,
        "volume_type": "gp3",
    }
    return volume if disk_key_arn is None else {**volume, "kms_key_id": disk_key_arn}
