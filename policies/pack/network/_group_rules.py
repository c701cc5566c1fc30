"""Rules of security groups, in whichever of the three shapes a program writes them."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from policies.pack._rule import Resource
from policies.pack._values import mappings, number, text, texts

Side = Literal["ingress", "egress"]

EITHER_SIDE = "aws:ec2/securityGroupRule:SecurityGroupRule"
ONE_SIDE: Mapping[Side, str] = {
    "ingress": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "egress": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}
OTHER: Mapping[Side, Side] = {"ingress": "egress", "egress": "ingress"}

ALL_PROTOCOLS = ("-1", "all")
WITH_PORTS = ("tcp", "udp", "6", "17")
LAST_PORT = 65535


def rules(resource: Resource, side: Side) -> Iterator[Mapping[str, Any]]:
    """The rules of one side that a resource makes: its own entries, or itself."""
    if resource.type == ONE_SIDE[side] or (
        resource.type == EITHER_SIDE and text(resource.inputs, "type") != OTHER[side]
    ):
        yield resource.inputs
    elif resource.type != EITHER_SIDE:
        yield from mappings(resource.inputs, side)


def protocol(rule: Mapping[str, Any]) -> str:
    """The protocol in lower case; one that is left out means all."""
    return (text(rule, "protocol") or text(rule, "ipProtocol") or "-1").lower()


def ports(rule: Mapping[str, Any]) -> tuple[float, float] | None:
    """First and last port of a rule for a protocol with ports; ``None`` for all of them."""
    first, last = number(rule, "fromPort"), number(rule, "toPort")
    if first is None or last is None or (first <= 0 and last in (0, LAST_PORT)):
        return None
    return first, last


def blocks(rule: Mapping[str, Any]) -> Iterator[str]:
    """Every block of addresses that a rule names."""
    yield from texts(rule, "cidrBlocks")
    yield from texts(rule, "ipv6CidrBlocks")
    yield from (cidr for key in ("cidrIpv4", "cidrIpv6") if (cidr := text(rule, key)))


def prefix_lists(rule: Mapping[str, Any]) -> Iterator[str]:
    """Every prefix list that a rule names."""
    yield from texts(rule, "prefixListIds")
    if alone := text(rule, "prefixListId"):
        yield alone
