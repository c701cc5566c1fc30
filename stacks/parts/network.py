"""The network of a platform: made here, or one that exists already."""

import pulumi

from components.model_access import ModelAccess
from components.network import Network, NetworkArgs, NetworkPlaces
from components.network.endpoint_policy import model_calls, policy_text
from stacks.access_list import foundation_models, unguarded_models
from stacks.consistency import MODELS
from stacks.kinds import PlatformStack


def network_places(stack: PlatformStack, models: ModelAccess, opts: pulumi.ResourceOptions) -> NetworkPlaces:
    """Where things can be placed, whoever made the network; our own endpoint lets only approved calls through."""
    wish = stack.settings.network
    if wish.existing:
        return NetworkPlaces(
            vpc_id=wish.existing.vpc_id,
            subnet_ids={kind: dict(zones) for kind, zones in wish.existing.subnet_ids.items()},
            subnet_cidrs={kind: dict(zones) for kind, zones in wish.existing.subnet_cidrs.items()},
            endpoint_ids=dict(wish.existing.endpoint_ids),
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
            account_id=stack.account,
            egress_kinds=wish.new.egress_kinds,
            endpoint_policies={MODELS: _approved_calls(stack, models)}
            if MODELS in wish.new.interface_endpoints
            else {},
            interface_endpoints=wish.new.interface_endpoints,
            nat_zones=wish.new.nat_zones,
            partition=stack.partition,
        ),
        opts,
    )
    return network.places


def _approved_calls(stack: PlatformStack, models: ModelAccess) -> pulumi.Output[str]:
    return pulumi.Output.all(models.guardrail_arn, models.guardrail_versions).apply(
        lambda made: policy_text(
            model_calls(
                account_id=stack.account,
                partition=stack.partition,
                foundation_models=foundation_models(stack),
                guardrail_arn=made[0],
                guardrail_versions=made[1],
                unguarded_models=unguarded_models(stack),
            )
        )
    )
