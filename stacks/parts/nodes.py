"""The nodes of a runtime: its pools, in the flavour of whoever starts machines in the cluster."""

from collections.abc import Mapping

import pulumi

from components.cluster import ClusterPlace
from components.gpu_pool import AutoMode, Flavour, GpuPool, Karpenter, NodeGroup
from stacks.kinds import RuntimeStack
from stacks.outputs import PlatformReference
from stacks.parts.pools import gpu_pools
from stacks.providers import tags
from stacks.settings.network import SubnetKind


def nodes(
    stack: RuntimeStack, place: ClusterPlace, platform: PlatformReference, opts: pulumi.ResourceOptions
) -> dict[str, GpuPool]:
    """Name to pool. General nodes stand in private subnets; those with GPUs, where models are, in model subnets."""
    made: dict[str, GpuPool] = {}
    for kind, accelerated in (("private", False), ("model", True)):
        pools = {name: pool for name, pool in stack.settings.pools.items() if bool(pool.max_gpus) == accelerated}
        made |= gpu_pools(
            pools,
            stack.settings.reservations if accelerated else {},
            flavour(stack, place, platform.read("subnet_ids")[kind]),
            accelerators=stack.accelerators,
            zones=stack.platform.catalogue.regions[stack.region].zones,
            disk_key_arn=place.disk_key_arn,
            opts=opts,
            tags=tags(stack),  # machines that Karpenter starts have no tags of a provider
        )
    return made


def flavour(stack: RuntimeStack, place: ClusterPlace, subnet_ids: pulumi.Output[Mapping[str, str]]) -> Flavour:
    """Who starts machines, and what it must know for that; ``subnet_ids`` is zone letter to subnet."""
    letters = _letters(stack, "private")
    groups = [place.nodes.security_group_id]
    listed = [subnet_ids[letter] for letter in letters]
    existing = stack.settings.cluster.existing
    if stack.auto_mode or existing is None:
        return AutoMode(role_name=place.nodes.role_name, security_group_ids=groups, subnet_ids=listed)
    if existing.nodes == "karpenter":
        return Karpenter(
            ami_alias=str(existing.node_image),
            role_name=place.nodes.role_name,
            security_group_ids=groups,
            subnet_ids=listed,
        )
    zones = stack.platform.catalogue.regions[stack.region].zones
    return NodeGroup(
        cluster_name=place.name,
        name_prefix=stack.platform.name_prefix,
        role_arn=place.nodes.role_name.apply(lambda name: f"arn:{stack.partition}:iam::{stack.account}:role/{name}"),
        security_group_ids=groups,
        subnet_ids={zones[letter]: subnet_ids[letter] for letter in letters},
        most_nodes=MOST_GENERAL_NODES,
    )


MOST_GENERAL_NODES = 8
"""Machines of a group without GPUs; a group counts machines, and not their processors."""


def _letters(stack: RuntimeStack, kind: SubnetKind) -> list[str]:
    network = stack.platform.settings.network.existing
    return sorted(network.subnet_ids[kind] if network else stack.platform.catalogue.regions[stack.region].zones)
