"""Settings of the network: a new or an existing one, its ways out, flow logs and the DNS firewall."""

import ipaddress
from collections.abc import Mapping
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from stacks.settings.base import DOMAIN, OneOfTwo, Settings

SMALLEST_VPC = 20
"""Prefix length: twelve subnets of every kind in three zones, with room for the pods of the highest tier."""


SMALLEST_OFFICE = 24
"""Prefix length: more addresses than that are hardly one office's."""


def _private_block(text: str) -> str:
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"a network such as 10.0.0.0/16 ({error})") from None
    if not network.is_private:
        raise ValueError("a private network (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)")
    if not 16 <= network.prefixlen <= SMALLEST_VPC:  # noqa: PLR2004  # 16 is the largest block that a VPC takes
        raise ValueError(
            f"a prefix from /16 to /{SMALLEST_VPC}: /{network.prefixlen} has {network.num_addresses} addresses"
        )
    return text


def _block(text: str) -> str:
    try:
        ipaddress.IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"a network such as 10.0.1.0/24 ({error})") from None
    return text


def _public_block(text: str) -> str:
    network = ipaddress.IPv4Network(_block(text))
    if network.is_private or network.prefixlen < SMALLEST_OFFICE:
        raise ValueError(
            f"addresses on the internet that are one company's: /{SMALLEST_OFFICE} or smaller, none private"
        )
    return text


Cidr = Annotated[str, AfterValidator(_private_block)]
Block = Annotated[str, AfterValidator(_block)]
PublicBlock = Annotated[str, AfterValidator(_public_block)]
Zone = Annotated[str, Field(pattern=r"^[a-z]$")]


def _shape(value: Any) -> str:
    return "word" if isinstance(value, str) else "letters"


Zones = Annotated[Annotated[list[Zone], Tag("letters")] | Annotated[Literal["all"], Tag("word")], Discriminator(_shape)]
"""Zones by their letters, or all that the region has: which letters those are differs from region to region."""

SubnetKind = Literal["public", "private", "data", "model"]
KINDS: tuple[SubnetKind, ...] = ("public", "private", "data", "model")
ZONES = 3


class Hub(Settings):
    """A network of the company that everything goes out through."""

    transit_gateway_id: Annotated[str, Field(pattern=r"^tgw-[0-9a-f]{8,17}$")]
    """Its transit gateway, of this account or shared with it; it takes attachments without a person who accepts them."""
    cidrs: list[Block] = Field(default=[])
    """Addresses behind the hub, which the platform's must not overlap with; not compared if left out."""


class NewNetwork(Settings):
    """A network that the platform makes."""

    cidr: Cidr
    """Addresses of the whole network; it must not overlap with another platform of the estate. For good: another block is
    another network, so the engine refuses to change it."""
    nat_zones: Zones
    """Zones with a NAT gateway of their own, or ``all``; none means no way out but a hub."""
    egress_kinds: list[Literal["private", "model"]]
    """Kinds of subnet that reach the internet, through NAT or a hub. Data subnets never do."""
    interface_endpoints: list[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]]
    """AWS services reached without the internet, such as ``bedrock-runtime``."""
    endpoint_zones: Annotated[Zones, Field(min_length=1)]
    """Zones in which every endpoint has an address, or ``all``; each costs by the hour. One that is added later is an
    address more, and interrupts nothing."""
    hub: Hub | None
    """Go out through this hub, not through NAT gateways."""


class OwnNetwork(Settings):
    """A network that exists already, in the platform's account and region."""

    vpc_id: Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
    """The VPC."""
    subnet_ids: dict[SubnetKind, dict[Zone, Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]]]
    """Kind to zone to subnet: all four kinds in the same three zones."""
    subnet_cidrs: dict[SubnetKind, dict[Zone, Block]]
    """Kind to zone to the subnet's addresses."""
    endpoint_ids: dict[str, Annotated[str, Field(pattern=r"^vpce-[0-9a-f]{8,17}$")]] = Field(default={})
    """AWS service, such as ``bedrock-runtime``, to its endpoint in the network; whoever made it wrote its policy."""

    @model_validator(mode="after")
    def _all_kinds_in_three_zones(self) -> "OwnNetwork":
        tables: list[Mapping[SubnetKind, Mapping[str, str]]] = [self.subnet_ids, self.subnet_cidrs]
        shapes = [{kind: sorted(places) for kind, places in table.items()} for table in tables]
        zones = {tuple(letters) for shape in shapes for letters in shape.values()}
        if any(set(shape) != set(KINDS) for shape in shapes) or len(zones) != 1 or len(zones.pop()) != ZONES:
            raise ValueError("the kinds public, private, data and model, each in the same three zones")
        return self

    @model_validator(mode="after")
    def _apart(self) -> "OwnNetwork":
        blocks = [(f"{kind}.{zone}", cidr) for kind in KINDS for zone, cidr in sorted(self.subnet_cidrs[kind].items())]
        for (here, one), (there, other) in combinations(blocks, 2):
            if ipaddress.IPv4Network(one).overlaps(ipaddress.IPv4Network(other)):
                raise ValueError(f"subnets that do not overlap: {here} is {one} and {there} is {other}")
        return self


class Network(OneOfTwo):
    """Exactly one of a new network and an existing one."""

    new: NewNetwork | None = None
    """Make this network."""
    existing: OwnNetwork | None = None
    """Use this network."""


class FlowLogs(Settings):
    """Who talked to whom in the network, new or existing."""

    traffic: Literal["all", "reject", "accept"]
    """Connections that are written down."""


class DnsFirewall(Settings):
    """Which names the network may look up, new or existing."""

    allowed_domains: Annotated[list[Annotated[str, Field(pattern=DOMAIN)]], Field(max_length=1000)]
    """Domains besides those of AWS, which are always allowed. ``*.example.com`` is everything below ``example.com``, and
    not that name itself."""
    otherwise: Literal["alert", "block"]
    """Every other name: ``alert`` answers and marks it in the log, ``block`` says that it does not exist."""
    fail_open: bool = Field(default=False)
    """Whether names are answered while the firewall does not respond; they are not if left out, as AWS does by default."""
