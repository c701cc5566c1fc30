"""Where models and data are, nothing leads to the internet: neither a route nor an address.

A subnet without a table of its own follows the main one of its network, and a default subnet gives public addresses
unless told otherwise: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html and
https://docs.aws.amazon.com/vpc/latest/userguide/default-subnet.html (2026-11).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import UnreadableError, flag, mapping, mappings, text, wider

DEFAULT_SUBNET = "aws:ec2/defaultSubnet:DefaultSubnet"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ROUTE = "aws:ec2/route:Route"
OUTSIDE = ("carrierGatewayId", "egressOnlyGatewayId", "natGatewayId")
"""Targets that are on the way to the internet, whatever the destination is."""

INSIDE = ("aws:ec2/vpnGateway:VpnGateway", "aws:ec2/vpcEndpoint:VpcEndpoint")
NO_GATEWAY = re.compile(r"local|vgw-.+|vpce-.+")
DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock")


def decide(resource: Resource, context: Context) -> Result:
    """No public addresses; outside of ``needs.may_leave``, no route to a gateway or to most of all addresses."""
    given = flag(resource.inputs, "mapPublicIpOnLaunch")
    closed = given is False or (given is None and resource.type != DEFAULT_SUBNET)
    addresses = require(closed, "whatever starts here gets a public address")
    kept = _kind(resource, context) not in context.needs["may_leave"] or _has_data(resource, context)
    return together([addresses, *(_ways_out(resource, context) if kept else ())])


def _kind(subnet: Resource, context: Context) -> str | None:
    """The one known kind in the subnet's name; nobody's kind where there is none, or more than one."""
    name = text(mapping(subnet.inputs, "tags") or {}, "Name") or subnet.name
    found = [kind for kind in context.needs["kinds"] if kind in re.split(r"[^a-z0-9]+", name.lower())]
    return found[0] if len(found) == 1 else None


def _has_data(subnet: Resource, context: Context) -> bool:
    """A store of data or a model is placed here, whatever the subnet is called."""
    return any(
        subnet in targets(resource, at, context)
        for token, places in context.needs["placed"].items()
        for resource in context.of_type(token)
        for at in places
    )


def _ways_out(subnet: Resource, context: Context) -> Iterator[Result]:
    if subnet.type == DEFAULT_SUBNET and not _associations(subnet, context):
        yield violated("the default network leads to the internet")
        return
    for table in _tables(subnet, context):
        for where, route in _routes(table, context):
            yield _way_out(where, route, context)


def _tables(subnet: Resource, context: Context) -> Iterator[Resource]:
    """The subnet's own tables, or else those that its network has for such subnets."""
    own = _associations(subnet, context)
    if own:
        for association in own:
            tables = targets(association, "routeTableId", context)
            if not tables:
                raise UnreadableError(f"the route table of {association.name} is not in this stack")
            yield from tables
        return
    networks = targets(subnet, "vpcId", context)
    if not networks:
        raise UnreadableError(f"neither the route table nor the network of {subnet.name} is in this stack")
    yield from networks  # routes may name the main table as an output of the network
    for main in context.of_type(MAIN):
        if any(network in targets(main, "vpcId", context) for network in networks):
            yield from targets(main, "routeTableId", context)
    for table in context.of_type(DEFAULT_TABLE):
        if any(network in targets(table, "defaultRouteTableId", context) for network in networks):
            yield table


def _associations(subnet: Resource, context: Context) -> tuple[Resource, ...]:
    return pointing_at(context, subnet, ASSOCIATION, "subnetId")


def _routes(table: Resource, context: Context) -> Iterator[tuple[tuple[Resource, str], Mapping[str, Any]]]:
    """Routes with the place of each: the resource, and the path to it there."""
    for index, route in enumerate(mappings(table.inputs, "routes")):
        yield (table, f"routes[{index}]."), route
    yield from (((route, ""), route.inputs) for route in pointing_at(context, table, ROUTE, "routeTableId"))


def _way_out(where: tuple[Resource, str], route: Mapping[str, Any], context: Context) -> Result:
    holder, path = where
    for target in OUTSIDE:
        if text(route, target) is not None:
            return violated(f"{holder.name} leads out through {target}")
    gateway = text(route, "gatewayId")
    if gateway is not None and not NO_GATEWAY.fullmatch(gateway):
        made = targets(holder, f"{path}gatewayId", context)
        if not made or any(g.type not in INSIDE for g in made):
            return violated(f"{holder.name} leads out through the gateway {gateway}")
    if text(route, "destinationPrefixListId") is not None and text(route, "vpcEndpointId") is None:
        return indeterminate(f"{holder.name} leads to a list of addresses, which may be all of them")
    wide = [cidr for at in DESTINATIONS if (cidr := text(route, at)) and wider(cidr, context.needs["widest"])]
    return require(not wide, f"{holder.name} leads to {', '.join(wide)}")
