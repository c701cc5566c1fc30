"""The network of a platform, made here or existing already, and what is logged and refused in it."""

import pulumi

from components.dns_firewall import DnsFirewall, DnsFirewallArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.model_access import ModelAccess
from components.network import Network, NetworkArgs, NetworkPlaces
from components.network.endpoint_policy import model_calls, policy_text
from stacks.access_list import foundation_models, unguarded_models
from stacks.kinds import PlatformStack
from stacks.network_problems import MODELS
from stacks.settings.network import Zones


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
            endpoint_zones=_letters(stack, wish.new.endpoint_zones),
            endpoint_policies={MODELS: _approved_calls(stack, models)} if MODELS in stack.endpoint_services else {},
            interface_endpoints=stack.endpoint_services,
            nat_zones=_letters(stack, wish.new.nat_zones),
            partition=stack.partition,
            transit_gateway_id=wish.new.hub.transit_gateway_id if wish.new.hub else None,
        ),
        opts,
    )
    return network.places


def _letters(stack: PlatformStack, wished: Zones) -> list[str]:
    """``all`` is every zone that the region has in the catalogue."""
    return list(stack.catalogue.regions[stack.region].zones) if isinstance(wished, str) else list(wished)


def network_operations(
    stack: PlatformStack, vpc_id: pulumi.Input[str], kms_key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """Flow logs and DNS firewall of the network, whoever made it; nothing of what the settings leave out."""
    flow_logs, firewall = stack.settings.flow_logs, stack.settings.dns_firewall
    if flow_logs:
        FlowLogs(
            "flow-logs",
            FlowLogsArgs(
                account_id=stack.account,
                boundary_arn=stack.boundary_arn,
                kms_key_arn=kms_key_arn,
                name_prefix=stack.name_prefix,
                partition=stack.partition,
                region=stack.region,
                retention_days=stack.settings.logs.retention_days,
                traffic=flow_logs.traffic,
                vpc_id=vpc_id,
            ),
            opts,
        )
    if firewall:
        DnsFirewall(
            "dns-firewall",
            DnsFirewallArgs(
                account_id=stack.account,
                allowed_domains=firewall.allowed_domains,
                kms_key_arn=kms_key_arn,
                name_prefix=stack.name_prefix,
                otherwise=firewall.otherwise,
                partition=stack.partition,
                region=stack.region,
                retention_days=stack.settings.logs.retention_days,
                vpc_id=vpc_id,
                fail_open=firewall.fail_open,
            ),
            opts,
        )


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
