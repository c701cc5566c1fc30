"""What the settings of a network must agree on: its zones, endpoints and hub, and the addresses of other platforms."""

import ipaddress
from collections.abc import Iterator, Sequence

from stacks.kinds import ENDPOINTS, PlatformStack
from stacks.problems import Problem
from stacks.settings.network import KINDS, NewNetwork, OwnNetwork
from stacks.stack_file import AT

MODELS = "bedrock-runtime"
"""AWS service that models are called through."""


def network_problems(stack: PlatformStack) -> list[Problem]:
    """A platform's network against its region, its tier, and itself."""
    network = stack.settings.network
    if network.existing:
        return _existing(stack, network.existing)
    return [*_new(stack, network.new)] if network.new else []


def _existing(stack: PlatformStack, existing: OwnNetwork) -> list[Problem]:
    """One problem for all endpoints that are missing, whoever demands them."""
    lock = stack.tier_data.locks.get(ENDPOINTS)  # an existing network must have them too
    demanded = list(lock.with_items or ()) if lock else []
    why = f"tier {stack.tier} demands them, because {lock.reason}" if lock and demanded else ""
    if stack.settings.invoke_from == "endpoints" and MODELS not in demanded:
        demanded.append(MODELS)
        why = why or "models are called through it alone, as invoke_from says"
    missing = [service for service in demanded if service not in existing.endpoint_ids]
    if not missing:
        return []
    return [
        Problem(
            file=stack.file,
            path=f"{AT}.network.existing.endpoint_ids",
            value=", ".join(existing.endpoint_ids),
            expected=f"endpoints for {', '.join(demanded)}: {why}; {', '.join(missing)} missing",
            fix=f"make an interface endpoint in {existing.vpc_id} for each, and add service and id here",
        )
    ]


def _new(stack: PlatformStack, new: NewNetwork) -> Iterator[Problem]:
    if stack.settings.invoke_from == "endpoints" and MODELS not in new.interface_endpoints:
        yield Problem(
            file=stack.file,
            path=f"{AT}.invoke_from",
            value="endpoints",
            expected=f"anywhere, or a network with an endpoint for {MODELS}",
            fix=f"add {MODELS} to network.new.interface_endpoints",
        )
    yield from _unknown_zones(stack, "nat_zones", new.nat_zones)
    yield from _unknown_zones(stack, "endpoint_zones", new.endpoint_zones)
    if new.hub is None:
        return
    if new.nat_zones:
        yield Problem(
            file=stack.file,
            path=f"{AT}.network.new.hub",
            value=new.hub.transit_gateway_id,
            expected=f"no hub, or no NAT gateways: nat_zones is {_shown(new.nat_zones)}, and there is one way out",
            fix="set nat_zones to [] to go out through the hub, or remove the hub",
        )
    if not new.egress_kinds:
        yield Problem(
            file=stack.file,
            path=f"{AT}.network.new.hub",
            value=new.hub.transit_gateway_id,
            expected="a kind of subnet that goes out through the hub: egress_kinds names none",
            fix="add private to egress_kinds, or remove the hub",
        )
    for index, cidr in enumerate(new.hub.cidrs):
        if _overlap(new.cidr, cidr):
            yield Problem(
                file=stack.file,
                path=f"{AT}.network.new.hub.cidrs[{index}]",
                value=cidr,
                expected=f"addresses that do not overlap with {new.cidr}, the platform's own: no answer would come back",
                fix="choose another network.new.cidr before the first deployment",
            )


def _unknown_zones(stack: PlatformStack, key: str, wished: Sequence[str] | str) -> Iterator[Problem]:
    known = stack.catalogue.regions[stack.region].zones
    for index, zone in enumerate(() if isinstance(wished, str) else wished):
        if zone not in known:
            yield Problem(
                file=stack.file,
                path=f"{AT}.network.new.{key}[{index}]",
                value=zone,
                expected=f"a zone of {stack.region}: {', '.join(sorted(known))}",
                fix="correct the zone",
            )


def address_problems(first: PlatformStack, second: PlatformStack) -> list[Problem]:
    """Two platforms whose addresses overlap: one problem, in the file that can be changed.

    Two networks that exist already are left alone: nobody can move them, and whoever made them knows.
    """
    one, other = first.settings.network, second.settings.network
    if one.existing and other.existing:
        return []
    late, early = (second, first) if other.new else (first, second)
    new = late.settings.network.new
    taken = next((cidr for cidr in _blocks(early) if new and _overlap(new.cidr, cidr)), None)
    if new is None or taken is None:
        return []
    return [
        Problem(
            file=late.file,
            path=f"{AT}.network.new.cidr",
            value=new.cidr,
            expected=f"addresses that do not overlap with {taken} of {early.file}, or nothing can connect them",
            fix="choose another block",
        )
    ]


def _blocks(stack: PlatformStack) -> list[str]:
    network = stack.settings.network
    if network.existing:
        rows = network.existing.subnet_cidrs
        return [cidr for kind in KINDS for _, cidr in sorted(rows[kind].items())]
    return [network.new.cidr] if network.new else []


def _overlap(one: str, other: str) -> bool:
    return ipaddress.IPv4Network(one).overlaps(ipaddress.IPv4Network(other))


def _shown(zones: Sequence[str] | str) -> str:
    return zones if isinstance(zones, str) else f"[{', '.join(zones)}]"
