"""The ways out of the subnets: route tables, NAT gateways and routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pulumi
import pulumi_aws as aws

from components.network.args import ROUTED_PER_ZONE, NetworkArgs

ANYWHERE = "0.0.0.0/0"

Tables: TypeAlias = "Mapping[str, aws.ec2.RouteTable]"
"""Zone letter to route table; zones may share one."""


def route_tables(name: str, kind: str, args: NetworkArgs, vpc: aws.ec2.Vpc, child: pulumi.ResourceOptions) -> Tables:
    """The tables of one kind: one per zone, or one for all."""

    def table(*role: str) -> aws.ec2.RouteTable:
        logical, physical = "-".join([name, *role, "routes"]), "-".join([args.name_prefix, *role])
        return aws.ec2.RouteTable(logical, vpc_id=vpc.id, tags={"Name": physical}, opts=child)

    if kind in ROUTED_PER_ZONE:
        return {zone: table(kind, zone) for zone in args.zones}
    return dict.fromkeys(args.zones, table(kind))


def nat_gateways(
    name: str, args: NetworkArgs, public: Mapping[str, aws.ec2.Subnet], behind: pulumi.ResourceOptions
) -> dict[str, aws.ec2.NatGateway]:
    """Zone letter to NAT gateway, each with an address that stays its own."""
    nats: dict[str, aws.ec2.NatGateway] = {}
    for zone in args.nat_zones:
        tags = {"Name": f"{args.name_prefix}-nat-{zone}"}
        address = aws.ec2.Eip(f"{name}-nat-{zone}-address", domain="vpc", tags=tags, opts=behind)
        nats[zone] = aws.ec2.NatGateway(
            f"{name}-nat-{zone}", allocation_id=address.id, subnet_id=public[zone].id, tags=tags, opts=behind
        )
    return nats


def internet_route(
    name: str, table: aws.ec2.RouteTable, gateway: aws.ec2.InternetGateway, child: pulumi.ResourceOptions
) -> aws.ec2.Route:
    """The way out of the public subnets."""
    return aws.ec2.Route(
        f"{name}-public-internet",
        route_table_id=table.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=child,
    )


def egress_routes(
    name: str,
    kind: str,
    args: NetworkArgs,
    *,
    tables: Tables,
    nats: Mapping[str, aws.ec2.NatGateway],
    child: pulumi.ResourceOptions,
) -> dict[str, aws.ec2.Route]:
    """Zone letter to the way out of the subnets of one kind."""
    return {
        zone: aws.ec2.Route(
            f"{name}-{kind}-{zone}-egress",
            route_table_id=tables[zone].id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nats[nat_zone(zone, args.nat_zones)].id,
            opts=child,
        )
        for zone in args.zones
    }


def nat_zone(zone: str, nat_zones: Sequence[str]) -> str:
    """The zone whose NAT gateway ``zone`` uses: its own if it has one, else the first."""
    return zone if zone in nat_zones else nat_zones[0]
