"""The ways out of the subnets: route tables, NAT gateways, the way to a hub, and routes."""

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


def hub_attachment(
    name: str,
    args: NetworkArgs,
    *,
    vpc: aws.ec2.Vpc,
    private: Mapping[str, aws.ec2.Subnet],
    child: pulumi.ResourceOptions,
) -> aws.ec2transitgateway.VpcAttachment | None:
    """The way to the hub, with a foot in every zone; none without a hub.

    Which route tables of the hub it belongs to is left to the hub, whose owner alone can say so:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html (2026-11)
    """
    if args.transit_gateway_id is None:
        return None
    return aws.ec2transitgateway.VpcAttachment(
        f"{name}-hub",
        subnet_ids=[private[zone].id for zone in args.zones],
        tags={"Name": f"{args.name_prefix}-hub"},
        transit_gateway_id=args.transit_gateway_id,
        vpc_id=vpc.id,
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
    """Zone letter to the way out of the subnets of one kind. Its name is the same through NAT and through a hub, so that
    a change from one to the other turns the route around and takes nothing away.
    """
    return {
        zone: aws.ec2.Route(
            f"{name}-{kind}-{zone}-egress",
            route_table_id=tables[zone].id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nats[nat_zone(zone, args.nat_zones)].id if nats else None,
            transit_gateway_id=args.transit_gateway_id,
            opts=child,
        )
        for zone in args.zones
    }


def nat_zone(zone: str, nat_zones: Sequence[str]) -> str:
    """The zone whose NAT gateway ``zone`` uses: its own if it has one, else the first."""
    return zone if zone in nat_zones else nat_zones[0]
