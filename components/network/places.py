"""What others need to know of a network, whether it was made here or existed before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.network.address_plan import KINDS


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPlaces:
    """Where things can be placed.

    ``Network.places`` gives one; a company with a network of its own writes one with its ids. Raises ``ValueError``
    when a kind of subnet is missing, or the kinds do not cover the same zones.
    """

    subnet_cidrs: Mapping[str, Mapping[str, str]]
    """Kind to zone letter to CIDR block."""

    subnet_ids: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """Kind (``public``, ``private``, ``data``, ``model``) to zone letter to subnet id."""

    vpc_id: pulumi.Input[str]
    """The VPC of all these subnets."""

    endpoint_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """AWS service, such as ``bedrock-runtime``, to its interface endpoint; none if left out."""

    def __post_init__(self) -> None:
        """Refuse a network that later tiers cannot use."""
        for what, table in (("subnet_ids", self.subnet_ids), ("subnet_cidrs", self.subnet_cidrs)):
            if set(table) != set(KINDS):
                raise ValueError(f"{what} has the kinds {sorted(table)}, expected {sorted(KINDS)}")
            zones = {kind: sorted(places) for kind, places in table.items()}
            if len({tuple(letters) for letters in zones.values()}) != 1:
                raise ValueError(f"{what} covers different zones: {zones}")
        if sorted(self.subnet_ids["data"]) != sorted(self.subnet_cidrs["data"]):
            raise ValueError("subnet_ids and subnet_cidrs cover different zones")
