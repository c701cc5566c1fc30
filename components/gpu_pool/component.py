"""A pool of nodes in one of four flavours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.apiextensions import CustomResource

from components._naming import physical_name
from components.gpu_pool.description import Pool
from components.gpu_pool.flavours import AutoMode, Flavour, Karpenter, Kwok, NodeGroup
from components.gpu_pool.groups import Share, group, shares, template
from components.gpu_pool.objects import CLASSES, POOL_API, auto_class, ec2_class, kwok_class, node_pool


@dataclass(frozen=True, kw_only=True, slots=True)
class GpuPoolArgs:
    """What a pool is made of."""

    flavour: Flavour
    """Who buys the machines."""

    pool: Pool
    """What is bought, and for whom."""

    disk_key_arn: pulumi.Input[str] | None = field(default=None)
    """Key of the nodes' disks; the key that AWS manages if left out."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the machines and their disks; none if left out."""


class GpuPool(pulumi.ComponentResource):
    """Nodes that are bought when pods ask for them, up to a limit, and given back when nothing runs there."""

    pool: pulumi.Output[str]
    """Name of the pool, ready when its nodes can be bought."""

    def __init__(self, name: str, args: GpuPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the pool with the providers that ``opts`` brings: AWS for node groups, Kubernetes for the others."""
        super().__init__("llmlz:index:GpuPool", name, {}, opts)

        flavour = args.flavour
        if isinstance(flavour, NodeGroup):
            made = [self._group(name, args, flavour, share) for share in shares(args.pool, flavour)]
        else:
            made = [self._objects(name, args, flavour)]

        self.pool = pulumi.Output.all(*made).apply(lambda _: args.pool.name)
        self.register_outputs({"pool": self.pool})

    def _objects(self, name: str, args: GpuPoolArgs, flavour: AutoMode | Karpenter | Kwok) -> pulumi.Output[Any]:
        api, kind = CLASSES[type(flavour)]
        metadata = {"name": args.pool.name}
        machines = CustomResource(
            f"{name}-class",
            api_version=api,
            kind=kind,
            metadata=metadata,
            spec=_class_of(args, flavour),
            opts=pulumi.ResourceOptions(parent=self),
        )
        bought = CustomResource(
            f"{name}-nodes",
            api_version=POOL_API,
            kind="NodePool",
            metadata=metadata,
            spec=node_pool(args.pool, flavour),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[machines]),
        )
        return pulumi.Output.from_input(bought.id)

    def _group(self, name: str, args: GpuPoolArgs, flavour: NodeGroup, share: Share) -> pulumi.Output[Any]:
        full = physical_name("node-group", flavour.name_prefix, args.pool.name, share.name)
        machine = aws.ec2.LaunchTemplate(
            f"{name}-{share.name}-machine",
            name=full,
            opts=pulumi.ResourceOptions(parent=self),
            **template(args.pool, flavour, share, args.disk_key_arn, args.tags),
        )
        nodes = aws.eks.NodeGroup(
            f"{name}-{share.name}-nodes",
            node_group_name=full,
            launch_template={"id": machine.id, "version": machine.latest_version.apply(str)},
            # How many run is decided while the pool lives, and no deployment takes nodes away. The old nodes hold the
            # reservation and the limit, so there is no room for new ones beside them.
            opts=pulumi.ResourceOptions(
                parent=self, delete_before_replace=True, ignore_changes=["scalingConfig.desiredSize"]
            ),
            **group(args.pool, flavour, share),
        )
        return pulumi.Output.from_input(nodes.id)


def _class_of(args: GpuPoolArgs, flavour: AutoMode | Karpenter | Kwok) -> dict[str, Any]:
    match flavour:
        case AutoMode():
            return auto_class(args.pool, flavour, args.disk_key_arn, args.tags)
        case Karpenter():
            return ec2_class(args.pool, flavour, args.disk_key_arn, args.tags)
        case Kwok():
            return kwok_class(flavour)
