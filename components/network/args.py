"""What a network is made of, and what contradicts itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

EgressKind = Literal["private", "model"]

ZONES = 3
"""From birth: neither a database nor a cluster can be told later to use one more zone."""

ROUTED_PER_ZONE: tuple[EgressKind, ...] = ("private", "model")
"""These kinds have a route table per zone from birth, so that a further NAT gateway changes one route and nothing
else. ``public`` and ``data`` share one table each: the way of the first is the same everywhere, the second has none."""


GATEWAY = "s3"
"""The one service that every network reaches through a gateway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """What a network is made of. Raises ``ValueError`` when the ways out contradict one another."""

    cidr: str
    """IPv4 block of the VPC, between /16 (recommended) and /20."""

    name_prefix: str
    """Start of every physical name."""

    region: str
    """Where the network is; part of the names of AWS services."""

    zones: Mapping[str, str]
    """Zone letter (``a`` to ``d``) to Availability Zone, three of them. The letter is identity and place in the
    address plan; it need not be the letter of the Availability Zone."""

    account_id: str = field(default="")
    """Twelve digits; endpoints without a policy of their own then let only principals of this account through, and
    everybody if left out."""

    egress_kinds: Collection[EgressKind] = field(default=())
    """Kinds of subnet that reach the internet, through NAT gateways or the hub; none if left out. ``data`` never does."""

    endpoint_policies: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """AWS service to the policy of its endpoint, as JSON; ``s3`` is the gateway. A service that is left out gets the one
    that ``account_id`` says."""

    endpoint_zones: Sequence[str] = field(default=())
    """Zone letters in which interface endpoints get an address; all zones if left out. Each costs by the hour."""

    interface_endpoints: Sequence[str] = field(default=())
    """AWS services with a private endpoint, by the end of their name, such as ``bedrock-runtime``; none if left out."""

    nat_zones: Sequence[str] = field(default=())
    """Zone letters with a NAT gateway of their own; the other zones use the first. If left out there is none, and
    no way out either."""

    partition: str = field(default="aws")
    """``aws``, or the name of another AWS partition; part of the ARNs in policies of endpoints."""

    transit_gateway_id: str | None = field(default=None)
    """The hub that takes the kinds in ``egress_kinds`` out, in the place of NAT gateways; no hub if left out. A gateway of
    another account is shared with this one, and takes attachments by itself or has accepted this one before routes are
    made."""

    def __post_init__(self) -> None:
        """Refuse what would silently build another network than was asked for."""
        if len(self.zones) != ZONES:
            raise ValueError(f"zones names {len(self.zones)} zones {sorted(self.zones)}, expected {ZONES}")
        for what, letters in (("nat_zones", self.nat_zones), ("endpoint_zones", self.endpoint_zones)):
            if unknown := sorted(set(letters) - set(self.zones)):
                raise ValueError(f"{what} names {unknown}, which zones does not: {sorted(self.zones)}")
        if unknown := sorted(set(self.egress_kinds) - set(ROUTED_PER_ZONE)):
            raise ValueError(f"egress_kinds names {unknown}, only {sorted(ROUTED_PER_ZONE)} may reach the internet")
        if unknown := sorted(set(self.endpoint_policies) - {GATEWAY, *self.interface_endpoints}):
            raise ValueError(f"endpoint_policies names {unknown}, which have no endpoint here")
        if self.nat_zones and self.transit_gateway_id:
            raise ValueError(
                f"nat_zones is {list(self.nat_zones)} beside {self.transit_gateway_id}: one way out, not two"
            )
        if self.nat_zones and not self.egress_kinds:
            raise ValueError(f"nat_zones is {list(self.nat_zones)}, but egress_kinds lets no subnet use them")
        if self.transit_gateway_id and not self.egress_kinds:
            raise ValueError(f"{self.transit_gateway_id} is the hub, but egress_kinds lets no subnet use it")
