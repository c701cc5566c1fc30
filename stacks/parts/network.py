"""The network of a platform: made here, or one that exists already."""

import pulumi

from components.network import Network, NetworkArgs, NetworkPlaces
from stacks.kinds import PlatformStack


def network_places(stack: PlatformStack, opts: pulumi.ResourceOptions) -> NetworkPlaces:
    """Where things can be placed, whoever made the network."""
    wish = stack.settings.network
    if wish.existing:
        return NetworkPlaces(
            vpc_id=wish.existing.vpc_id,
            subnet_ids={kind: dict(zones) for kind, zones in wish.existing.subnet_ids.items()},
            subnet_cidrs={kind: dict(zones) for kind, zones in wish.existing.subnet_cidrs.items()},
        )
    if wish.new is None:
        raise ValueError("the settings name neither a new nor an existing network")
    network = Network(
        "network",
        NetworkArgs(
            cidr=wish.new.cidr,
            name_prefix=stack.name_prefix,
            region=stack.region,
            zones=stack.catalogue.regions[stack.region].zones,
            egress_kinds=wish.new.egress_kinds,
            interface_endpoints=wish.new.interface_endpoints,
            nat_zones=wish.new.nat_zones,
        ),
        opts,
    )
    return network.places
