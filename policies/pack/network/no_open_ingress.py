"""Nothing from the internet reaches administration and data ports."""

from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, together, violated
from policies.pack._values import wider
from policies.pack.network._group_rules import ALL_PROTOCOLS, WITH_PORTS, blocks, ports, protocol, rules


def decide(resource: Resource, context: Context) -> Result:
    """No rule opens a port of ``needs.ports``, or all ports, to a block wider than ``needs.widest`` allows."""
    return together(
        violated(f"{opened} open to {cidr}")
        for rule in rules(resource, "ingress")
        if (opened := _opened(rule, context.needs["ports"]))
        for cidr in blocks(rule)
        if wider(cidr, context.needs["widest"])
    )


def _opened(rule: Mapping[str, Any], guarded: list[int]) -> str:
    spoken = protocol(rule)
    if spoken in ALL_PROTOCOLS:
        return "all ports are"
    if spoken not in WITH_PORTS:
        return ""
    between = ports(rule)
    if between is None:
        return "all ports are"
    hit = [str(p) for p in guarded if between[0] <= p <= between[1]]
    return f"port {', '.join(hit)} is" if hit else ""
