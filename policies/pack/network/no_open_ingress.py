"""Nothing from the internet reaches administration and data ports."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, together, violated
from policies.pack._values import mappings, number, text, texts, wider

RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ALL_PROTOCOLS = ("-1", "all")
WITH_PORTS = ("tcp", "udp", "6", "17")
LAST_PORT = 65535


def decide(resource: Resource, context: Context) -> Result:
    """No rule opens a port of ``needs.ports``, or all ports, to a block wider than ``needs.widest`` allows."""
    return together(
        violated(f"{ports} open to {cidr}")
        for rule in _rules(resource)
        if (ports := _opened(rule, context.needs["ports"]))
        for cidr in _blocks(rule)
        if wider(cidr, context.needs["widest"])
    )


def _rules(resource: Resource) -> Iterator[Mapping[str, Any]]:
    if resource.type == INGRESS_RULE or (resource.type == RULE and text(resource.inputs, "type") != "egress"):
        yield resource.inputs
    elif resource.type != RULE:
        yield from mappings(resource.inputs, "ingress")


def _opened(rule: Mapping[str, Any], ports: list[int]) -> str:
    protocol = (text(rule, "protocol") or text(rule, "ipProtocol") or "-1").lower()
    if protocol in ALL_PROTOCOLS:
        return "all ports are"
    if protocol not in WITH_PORTS:
        return ""
    first, last = number(rule, "fromPort"), number(rule, "toPort")
    if first is None or last is None or (first <= 0 and last in (0, LAST_PORT)):
        return "all ports are"
    hit = [str(p) for p in ports if first <= p <= last]
    return f"port {', '.join(hit)} is" if hit else ""


def _blocks(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from texts(rule, "cidrBlocks")
    yield from texts(rule, "ipv6CidrBlocks")
    yield from (cidr for key in ("cidrIpv4", "cidrIpv6") if (cidr := text(rule, key)))
