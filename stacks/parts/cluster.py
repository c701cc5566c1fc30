"""The cluster of a runtime, made here or existing already, and the keys of what it stores."""

from collections.abc import Mapping

import pulumi

from components.cluster import Cluster, ClusterArgs, ClusterPlace, NodeAccess
from components.key_ring import KeyRing, KeyRingArgs, logs_use
from stacks.kinds import RuntimeStack
from stacks.outputs import PlatformReference
from stacks.settings.cluster import ClusterKeys, NewCluster, OwnCluster
from stacks.settings.network import SubnetKind

CONTROL_PLANE_SUBNETS: SubnetKind = "private"
"""Kind of subnet in which the control plane has its addresses; it stays that kind, or EKS makes another cluster."""


def cluster_place(stack: RuntimeStack, platform: PlatformReference, opts: pulumi.ResourceOptions) -> ClusterPlace:
    """Where everything of the runtime goes."""
    wish = stack.settings.cluster
    if wish.existing:
        return _existing(stack, wish.existing)
    if wish.new is None:
        raise ValueError("the settings name neither a new nor an existing cluster")
    return _new(stack, wish.new, platform, opts)


def _existing(stack: RuntimeStack, wish: OwnCluster) -> ClusterPlace:
    known = {
        "arn": f"arn:{stack.partition}:eks:{stack.region}:{stack.account}:cluster/{wish.name}",
        "certificate_authority": wish.certificate_authority,
        "disk_key_arn": wish.disk_key,
        "endpoint": wish.endpoint,
        "name": wish.name,
    }
    nodes = {"role_name": wish.node_role, "security_group_id": wish.security_group_id}
    return ClusterPlace(
        **{name: pulumi.Output.from_input(value) for name, value in known.items()},
        nodes=NodeAccess(**{name: pulumi.Output.from_input(value) for name, value in nodes.items()}),
    )


def _new(
    stack: RuntimeStack, wish: NewCluster, platform: PlatformReference, opts: pulumi.ResourceOptions
) -> ClusterPlace:
    """A cluster with its control plane in the platform's private subnets."""
    keys = _keys(stack, wish.keys, opts)
    network = stack.platform.settings.network.existing
    letters = (
        network.subnet_ids[CONTROL_PLANE_SUBNETS] if network else stack.platform.catalogue.regions[stack.region].zones
    )
    subnets = platform.read("subnet_ids")
    made = Cluster(
        "cluster",
        ClusterArgs(
            account_id=stack.account,
            administrator_arns=stack.administrator_arns,
            administrators_group=stack.administrators_group,
            boundary_arn=platform.read("boundary_arn"),
            control_plane_boundary_arn=stack.platform.platform_boundary_arn,
            kms_key_arn=keys["cluster"],
            log_key_arn=keys["logs"],
            log_retention_days=stack.platform.settings.logs.retention_days,
            name_prefix=stack.platform.name_prefix,
            partition=stack.partition,
            public_cidrs=wish.api_from,
            service_cidr=stack.service_cidr,
            subnet_ids=[subnets[CONTROL_PLANE_SUBNETS][zone] for zone in sorted(letters)],
            version=wish.kubernetes_version,
            viewer_arns=wish.viewers,
        ),
        opts,
    )
    return made.place


def _keys(
    stack: RuntimeStack, brought: ClusterKeys | None, opts: pulumi.ResourceOptions
) -> Mapping[str, pulumi.Output[str]]:
    """``cluster`` and ``logs`` to a key: brought along, or made here.

    Logs have a key of the runtime's own: the platform's lives in another stack, where nobody sees what uses it.
    EKS and EC2 use the first one through grants, which the roles that may make them make.
    """
    if brought:
        arns = {"cluster": brought.cluster, "logs": brought.logs}
        return {purpose: pulumi.Output.from_input(arn) for purpose, arn in arns.items()}
    ring = KeyRing(
        "cluster-keys",
        KeyRingArgs(
            account_id=stack.account,
            alias_prefix=f"{stack.platform.name_prefix}-runtime",
            break_glass_arn=stack.platform.break_glass_arn,
            partition=stack.partition,
            uses={"cluster": [], "logs": [logs_use(stack.partition, stack.region, stack.account)]},
        ),
        opts,
    )
    return ring.arns
