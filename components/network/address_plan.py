"""Which addresses each subnet of a network gets: arithmetic only.

A subnet can neither move nor grow, so the plan is made once for the largest network that anybody will ask for. The
block is cut into four: one place per zone, of which three are used. Half of a place is for ``private``, a quarter for
``model``; ``public`` and ``data`` are small, and what is left of the last quarter is for kinds that come later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

LARGEST_PREFIX, SMALLEST_PREFIX, RECOMMENDED_PREFIX = 16, 20, 16
"""AWS takes a VPC of /16 to /28 and a subnet of /28 or larger; /20 is where the small kinds reach /28:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (2026-11)"""

ZONE_BITS = 2
"""Four places: three zones, and one that stays free."""

PLACES = "abcd"
"""Zone letter to place, in this order. The letter is ours: any zone of a Region may be called ``a``."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of subnet gets of the place of its zone."""

    bits: int
    """How much longer the subnet's prefix is than the network's."""

    position: int
    """Which subnet of that size it is, counted from the start of the place."""


SHARES: Mapping[str, Share] = {
    "public": Share(bits=8, position=48),
    "private": Share(bits=3, position=0),
    "data": Share(bits=8, position=49),
    "model": Share(bits=4, position=2),
}
"""Kind to share. A row that changes replaces every subnet of that kind; new kinds get free positions."""

KINDS = tuple(SHARES)


def address_plan(cidr: str, zones: Iterable[str]) -> dict[str, dict[str, str]]:
    """Kind to zone letter to CIDR block.

    Raises ``ValueError`` when ``cidr`` is no IPv4 network between /16 and /20, or a zone letter has no place.
    """
    network = _network(cidr)
    return {kind: {zone: _subnet(network, zone, share) for zone in zones} for kind, share in SHARES.items()}


def _network(cidr: str) -> IPv4Network:
    try:
        network = IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(f"cidr {cidr!r} is not an IPv4 network: {error}") from error
    if network.prefixlen > SMALLEST_PREFIX:
        raise ValueError(
            f"cidr {cidr} holds {network.num_addresses} addresses, the plan needs"
            f" {2 ** (32 - SMALLEST_PREFIX)} (/{SMALLEST_PREFIX}); /{RECOMMENDED_PREFIX} is recommended"
        )
    if network.prefixlen < LARGEST_PREFIX:
        raise ValueError(f"cidr {cidr} is larger than /{LARGEST_PREFIX}, the largest network AWS accepts")
    return network


def _subnet(network: IPv4Network, zone: str, share: Share) -> str:
    if len(zone) != 1 or zone not in PLACES:
        raise ValueError(f"zone {zone!r} has no place in the plan: call the zones {', '.join(PLACES)}")
    place = PLACES.index(zone) * 2 ** (32 - network.prefixlen - ZONE_BITS)
    prefix = network.prefixlen + share.bits
    start = network.network_address + place + share.position * 2 ** (32 - prefix)
    return f"{start}/{prefix}"
