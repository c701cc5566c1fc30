"""What a network calls of AWS it reaches without the internet: a service without an endpoint is called without it.

The name of a service leads to its endpoint only with private DNS, and to an interface endpoint only where it has an
address: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html (2026-11). Networks that exist
already are not made here, and their endpoints belong to whoever made them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._places import in_account, region_of
from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import flag, mappings, text, texts

OWNERS = ("com.amazonaws", "cn.com.amazonaws", "eu.amazonaws")
"""How names of AWS services begin, by partition; those of other providers name a service by its id."""

VPC, ENDPOINT = "aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint"
TABLE, ROUTE = "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"
DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock")
EVERYWHERE = ("0.0.0.0/0", "::/0")
IN_SUBNET = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
ON_TABLE = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each network has an endpoint for each of ``needs.services`` that somebody here uses, and a gateway to S3."""
    return together(result for vpc in subjects if vpc.type == VPC for result in _network(vpc, context))


def _network(vpc: Resource, context: Context) -> Iterator[Result]:
    region = region_of(vpc, context)
    resolves = flag(vpc.inputs, "enableDnsHostnames") is True and flag(vpc.inputs, "enableDnsSupport") is not False
    yield require(resolves, f"{vpc.name}: names of services do not lead to endpoints, since DNS is off")
    mine = pointing_at(context, vpc, ENDPOINT, "vpcId")
    used = _used(region, context)
    for service, wish in context.needs["services"].items():
        if "used_by" in wish and not used & set(wish["used_by"]):
            continue
        if "made_as" in wish:
            found = any(texts(r.inputs, "subnetIds") for r in pointing_at(context, vpc, wish["made_as"], "vpcId"))
        else:
            found = any(_serves(e, service, wish["kind"], region, context) for e in mine)
        yield require(found, f"{vpc.name}: {service} has no {wish['kind']} endpoint that works")


def _used(region: str, context: Context) -> set[str]:
    """Types that need a service, of which the account has something in the region."""
    tokens = {token for wish in context.needs["services"].values() for token in wish.get("used_by", ())}
    return {r.type for r, there in in_account(context, *tokens) if region_of(r, there) == region}


def _serves(endpoint: Resource, service: str, kind: str, region: str, context: Context) -> bool:
    inputs: Mapping[str, Any] = endpoint.inputs
    if text(inputs, "serviceName") not in [f"{owner}.{region}.{service}" for owner in OWNERS]:
        return False
    if (text(inputs, "vpcEndpointType") or "Gateway") != kind:
        return False
    if kind == "Gateway":
        return _passed_by_all(endpoint, context)
    placed = texts(inputs, "subnetIds") or pointing_at(context, endpoint, IN_SUBNET, "vpcEndpointId")
    return flag(inputs, "privateDnsEnabled") is True and bool(placed)


def _passed_by_all(gateway: Resource, context: Context) -> bool:
    """Tables have the gateway, among them all that lead to the internet through something private, such as NAT."""
    tables = targets(gateway, "routeTableIds", context)
    for association in pointing_at(context, gateway, ON_TABLE, "vpcEndpointId"):
        tables += targets(association, "routeTableId", context) or (association,)
    network = targets(gateway, "vpcId", context)
    return bool(tables or texts(gateway.inputs, "routeTableIds")) and all(
        table in tables
        for table in context.of_type(TABLE)
        if any(vpc in network for vpc in targets(table, "vpcId", context)) and _leads_out(table, context)
    )


def _leads_out(table: Resource, context: Context) -> bool:
    own = [route.inputs for route in pointing_at(context, table, ROUTE, "routeTableId")]
    return any(
        text(route, "gatewayId") is None and any(text(route, at) in EVERYWHERE for at in DESTINATIONS)
        for route in (*mappings(table.inputs, "routes"), *own)
    )
