"""The network of one account and Region, in the shape that every tier needs.

Owns: the VPC, twelve subnets, their routes, the ways out and the private ways to AWS services.
Does not own: security groups of workloads, firewalls, flow logs, and what is behind a hub.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.network.address_plan import KINDS, address_plan
from components.network.args import ROUTED_PER_ZONE, NetworkArgs
from components.network.endpoints import interface_endpoints, s3_gateway
from components.network.places import NetworkPlaces
from components.network.routing import egress_routes, hub_attachment, internet_route, nat_gateways, route_tables

BALANCER_TAGS: Mapping[str, Mapping[str, str]] = {
    "public": {"kubernetes.io/role/elb": "1"},
    "private": {"kubernetes.io/role/internal-elb": "1"},
}
"""Where EKS places load balancers: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (2026-11)"""


class Network(pulumi.ComponentResource):
    """Three zones with public, private, data and model subnets each."""

    endpoint_ids: dict[str, pulumi.Output[str]]
    """Service to interface endpoint, for policies that allow only these ways in."""

    route_table_ids: dict[str, dict[str, pulumi.Output[str]]]
    """Kind to zone letter to route table; zones of ``public`` and of ``data`` share one."""

    subnet_cidrs: dict[str, dict[str, str]]
    """Kind to zone letter to CIDR block."""

    subnet_ids: dict[str, dict[str, pulumi.Output[str]]]
    """Kind to zone letter to subnet; ready when the subnet's routes are."""

    vpc_id: pulumi.Output[str]
    """Ready when the default security group is empty, so that nothing lands in an open one."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network; raises ``ValueError`` when the address plan does not fit ``args.cidr``."""
        super().__init__("llmlz:index:Network", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        plan = address_plan(args.cidr, args.zones)

        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": f"{args.name_prefix}-vpc"},
            # Another ``cidr`` would make another VPC, and everything in this one again: the engine refuses to begin.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        closed = aws.ec2.DefaultSecurityGroup(
            f"{name}-default-group", vpc_id=vpc.id, tags={"Name": f"{args.name_prefix}-unused"}, opts=child
        )
        gateway = aws.ec2.InternetGateway(
            f"{name}-gateway", vpc_id=vpc.id, tags={"Name": f"{args.name_prefix}-gateway"}, opts=child
        )
        subnets = {kind: _subnets(name, kind, args=args, cidrs=plan[kind], vpc=vpc, child=child) for kind in KINDS}
        tables = {kind: route_tables(name, kind, args, vpc, child) for kind in KINDS}

        behind = pulumi.ResourceOptions(parent=self, depends_on=[gateway])
        nats = nat_gateways(name, args, subnets["public"], behind)
        shared = {kind: next(iter(tables[kind].values())) for kind in KINDS if kind not in ROUTED_PER_ZONE}
        internet = internet_route(name, shared["public"], gateway, child)
        hub = hub_attachment(name, args, vpc=vpc, private=subnets["private"], child=child)
        with_egress = sorted(args.egress_kinds) if nats or hub else []
        after_hub = pulumi.ResourceOptions(parent=self, depends_on=[hub] if hub else [])
        routes: dict[str, dict[str, aws.ec2.Route]] = {
            "public": dict.fromkeys(args.zones, internet),
            **{
                kind: egress_routes(name, kind, args, tables=tables[kind], nats=nats, child=after_hub)
                for kind in with_egress
            },
        }
        s3_gateway(
            name,
            args,
            vpc=vpc,
            tables=[shared["data"], *(table for kind in ROUTED_PER_ZONE for table in tables[kind].values())],
            child=child,
        )

        self.endpoint_ids = interface_endpoints(name, args, vpc=vpc, subnets=subnets["private"], child=child)
        self.route_table_ids = {kind: {zone: t.id for zone, t in by_zone.items()} for kind, by_zone in tables.items()}
        self.subnet_cidrs = plan
        self.subnet_ids = {
            kind: _ready(
                name, kind, subnets=subnets[kind], tables=tables[kind], routes=routes.get(kind, {}), child=child
            )
            for kind in KINDS
        }
        self.vpc_id = pulumi.Output.all(vpc.id, closed.id).apply(lambda made: str(made[0]))
        self.register_outputs(
            {
                "endpoint_ids": self.endpoint_ids,
                "route_table_ids": self.route_table_ids,
                "subnet_cidrs": self.subnet_cidrs,
                "subnet_ids": self.subnet_ids,
                "vpc_id": self.vpc_id,
            }
        )

    @property
    def places(self) -> NetworkPlaces:
        """What others need of this network; an existing network gives the same type."""
        return NetworkPlaces(
            endpoint_ids=self.endpoint_ids,
            subnet_cidrs=self.subnet_cidrs,
            subnet_ids=self.subnet_ids,
            vpc_id=self.vpc_id,
        )


def _subnets(
    name: str,
    kind: str,
    *,
    args: NetworkArgs,
    cidrs: Mapping[str, str],
    vpc: aws.ec2.Vpc,
    child: pulumi.ResourceOptions,
) -> dict[str, aws.ec2.Subnet]:
    return {
        zone: aws.ec2.Subnet(
            f"{name}-{kind}-{zone}",
            vpc_id=vpc.id,
            availability_zone=args.zones[zone],
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={"Name": f"{args.name_prefix}-{kind}-{zone}", **BALANCER_TAGS.get(kind, {})},
            opts=child,
        )
        for zone, cidr in cidrs.items()
    }


def _ready(
    name: str,
    kind: str,
    *,
    subnets: Mapping[str, aws.ec2.Subnet],
    tables: Mapping[str, aws.ec2.RouteTable],
    routes: Mapping[str, aws.ec2.Route],
    child: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Zone letter to the id of a subnet whose routes are in force."""
    ready: dict[str, pulumi.Output[str]] = {}
    for zone, subnet in subnets.items():
        association = aws.ec2.RouteTableAssociation(
            f"{name}-{kind}-{zone}-association", subnet_id=subnet.id, route_table_id=tables[zone].id, opts=child
        )
        way_out = [routes[zone].id] if zone in routes else []
        ready[zone] = pulumi.Output.all(subnet.id, association.id, *way_out).apply(lambda made: str(made[0]))
    return ready
