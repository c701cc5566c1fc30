"""What breaks into a server finds no open way out."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, indeterminate, together, violated
from policies.pack._values import wider
from policies.pack.network._group_rules import (
    ALL_PROTOCOLS,
    WITH_PORTS,
    blocks,
    ports,
    prefix_lists,
    protocol,
    rules,
)


def decide(resource: Resource, context: Context) -> Result:
    """No rule opens more than ``needs.most_ports`` ports to a block wider than ``needs.widest`` allows.

    A group without ``egress`` lets nothing out: the provider removes the rule that AWS adds by itself
    (pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup, 2026-11).
    """
    return together(result for rule in rules(resource, "egress") for result in _ways_out(rule, context.needs))


def _ways_out(rule: Mapping[str, Any], needs: Mapping[str, Any]) -> Iterator[Result]:
    opened = _opened(rule, needs)
    if not opened:
        return
    for cidr in blocks(rule):
        if wider(cidr, needs["widest"]):
            yield violated(f"{opened} open to {cidr}")
    # a prefix list may hold every address, and AWS's own hold every customer's buckets
    for name in prefix_lists(rule):
        yield indeterminate(f"{opened} open to the prefix list {name}, whose blocks are not seen here")


def _opened(rule: Mapping[str, Any], needs: Mapping[str, Any]) -> str:
    spoken = protocol(rule)
    if spoken in ALL_PROTOCOLS:
        return "all ports are"
    if spoken not in WITH_PORTS:
        return "" if spoken in needs["small"] else f"protocol {spoken} is"
    between = ports(rule)
    if between is None:
        return f"all ports of {spoken} are"
    first, last = between
    # asked this way round, so that what is no number of ports at all counts as open
    few = 0 < first <= last and last - first < needs["most_ports"]
    return "" if few else f"ports {first:g} to {last:g} of {spoken} are"
