"""The network of a platform at each tier: its ways out, its endpoints, what is logged and which names it may look up."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.network import KINDS
from llmlz.cli.recording import record_stack
from llmlz.cost.fixed import fixed_cost
from llmlz.cost.prices import load
from llmlz.graph.model import Graph, Resource
from stacks.kinds import PlatformStack
from stacks.settings.network import Network
from stacks.tier import TIERS
from stacks.validate import parse
from tests import generated
from tests.components.asked import allowed, document, role
from tests.stacks.bad_networks import HUB, own

ZONES = ("a", "b", "c")
ANYWHERE = "0.0.0.0/0"
NAT, ENDPOINT = "aws:ec2/natGateway:NatGateway", "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG, ROUTE = "aws:ec2/flowLog:FlowLog", "aws:ec2/route:Route"
RULE = "aws:route53/resolverFirewallRule:ResolverFirewallRule"
ASSOCIATION = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
STATEFUL = ("aws:cloudwatch/logGroup:LogGroup", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet")
STRANGER = "444455556666"


def stack_of(tier: str) -> PlatformStack:
    """The platform of the generated estate at a tier."""
    found = generated.generated(4).stack(generated.platform_of(tier))
    assert isinstance(found, PlatformStack)
    return found


def graph_of(tier: str) -> Graph:
    """Its graph."""
    return generated.recorded(4)[generated.platform_of(tier)]


def recorded(tier: str, **network: Any) -> Graph:
    """The graph of that platform with another network, after the layers."""
    stack = stack_of(tier)
    parsed, problems = parse(Network, network, file="", at="")
    assert problems == []
    return record_stack(replace(stack, settings=stack.settings.model_copy(update={"network": parsed})), {})


def target(graph: Graph, resource: Resource, at: str) -> str:
    """Logical name of the resource that an input points to, or its text."""
    found = [r.to for r in resource.references if r.at == at and r.output]
    return graph.by_urn[found[0]].name if found else str(resource.inputs[at])


def ways_out(graph: Graph) -> dict[str, str]:
    """Subnet to the gateway that its default route leads to; a subnet without one is missing."""
    through = {}
    for route in graph.of_type(ROUTE):
        assert route.inputs["destinationCidrBlock"] == ANYWHERE
        (gateway,) = {"gatewayId", "natGatewayId", "transitGatewayId"} & set(route.inputs)
        through[target(graph, route, "routeTableId")] = target(graph, route, gateway)
    placed = {
        target(graph, a, "subnetId"): target(graph, a, "routeTableId")
        for a in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    assert set(placed) == {f"network-{kind}-{zone}" for kind in KINDS for zone in ZONES}
    return {subnet: through[table] for subnet, table in placed.items() if table in through}


def interface_endpoints(graph: Graph) -> dict[str, Resource]:
    """Interface endpoints by their logical name."""
    return {e.name: e for e in graph.of_type(ENDPOINT) if e.inputs["vpcEndpointType"] == "Interface"}


PUBLIC = {f"network-public-{zone}": "network-gateway" for zone in ZONES}
ONE_NAT = {f"network-{kind}-{zone}": "network-nat-a" for kind in ("private", "model") for zone in ZONES}
OWN_NAT = {f"network-private-{zone}": f"network-nat-{zone}" for zone in ZONES}
WAYS_OUT: Mapping[str, Mapping[str, str]] = {
    "foundation": {**PUBLIC, **ONE_NAT},
    "repeatable": {**PUBLIC, **ONE_NAT},
    "reliable": {**PUBLIC, **OWN_NAT},
    "scaled": PUBLIC,
}


@pytest.mark.parametrize("tier", TIERS)
def test_subnets_go_out_as_the_tier_says(tier: str) -> None:
    """One gateway for two kinds, then one per zone for private subnets alone, then none; data subnets never go out."""
    assert ways_out(graph_of(tier)) == WAYS_OUT[tier]
    assert len(graph_of(tier).of_type(NAT)) == len(set(WAYS_OUT[tier].values()) - {"network-gateway"})


@pytest.mark.parametrize(("tier", "zones"), [("repeatable", "a"), ("reliable", "abc"), ("scaled", "abc")])
def test_every_endpoint_of_the_tier_stands_in_its_zones(tier: str, zones: str) -> None:
    """One zone, where the way out is in one zone as well; then all."""
    graph = graph_of(tier)
    found = interface_endpoints(graph)
    assert len(found) == len(stack_of(tier).settings.network.new.interface_endpoints)  # type: ignore[union-attr]
    for endpoint in found.values():
        subnets = [target(graph, endpoint, f"subnetIds[{n}]") for n in range(len(endpoint.inputs["subnetIds"]))]
        assert subnets == [f"network-private-{zone}" for zone in zones], endpoint.name


@pytest.mark.parametrize("tier", TIERS[1:])
def test_no_endpoint_lets_credentials_of_another_account_through(tier: str) -> None:
    """Interface endpoints and the gateway of S3: each has a policy, and asks whose principal calls."""
    account = stack_of(tier).account
    graph = graph_of(tier)
    assert [e.name for e in graph.of_type(ENDPOINT)]
    for endpoint in graph.of_type(ENDPOINT):
        service = str(endpoint.inputs["serviceName"]).split(".")[3]
        policy = document("endpoint", *json.loads(endpoint.inputs["policy"])["Statement"])
        asked = {"bedrock-runtime": "bedrock:ApplyGuardrail", "s3": "s3:PutObject"}
        (resource,) = [s.resources[0] for s in policy.statements if s.sid in ("ApplyTheGuardrail", "OwnPrincipals")]
        action = asked.get(service, f"{service}:Anything")
        for by, passes in ((account, True), (STRANGER, False)):
            assert allowed(action, resource, by=role("app", by), at_endpoint=policy) is passes, endpoint.name


@pytest.mark.parametrize("tier", TIERS)
def test_flow_logs_come_with_the_second_tier(tier: str) -> None:
    """None at first; then all traffic of the VPC, kept as long as other logs."""
    graph = graph_of(tier)
    found = graph.of_type(FLOW_LOG)
    assert len(found) == (0 if tier == TIERS[0] else 1)
    for log in found:
        assert log.inputs["trafficType"] == "ALL"
        assert "network-vpc" in {graph.by_urn[r.to].name for r in log.references if r.at == "vpcId"}
        kept = graph.named("flow-logs-group").inputs["retentionInDays"]
        assert kept == stack_of(tier).settings.logs.retention_days


@pytest.mark.parametrize("tier", TIERS)
def test_names_are_listed_from_the_third_tier_on(tier: str) -> None:
    """None at first; then a group on the VPC that blocks what is not listed, and refuses while it does not answer."""
    graph = graph_of(tier)
    if TIERS.index(tier) < 2:
        assert not [r for r in graph.custom() if r.type.startswith("aws:route53/resolver")]
        return
    (association,) = graph.of_type(ASSOCIATION)
    assert "network-vpc" in {graph.by_urn[r.to].name for r in association.references if r.at == "vpcId"}
    last = max(graph.of_type(RULE), key=lambda rule: int(rule.inputs["priority"]))
    assert last.inputs["action"] == "BLOCK"
    assert graph.named("dns-firewall-config").inputs["firewallFailOpen"] == "DISABLED"


@pytest.mark.parametrize(("low", "high"), [(low, high) for n, low in enumerate(TIERS) for high in TIERS[n + 1 :]])
def test_moving_up_loses_ways_out_and_nothing_that_holds_anything(low: str, high: str) -> None:
    """Of the network, only gateways, their addresses and routes are ever taken away."""
    parts = ("network-", "flow-logs-", "dns-firewall-")
    before, after = ({r.name: r for r in graph_of(t).custom() if r.name.startswith(parts)} for t in (low, high))
    gone = {before[name].type for name in set(before) - set(after)}
    assert gone <= {NAT, "aws:ec2/eip:Eip", ROUTE}
    assert gone or TIERS.index(high) < 2
    for resource in before.values():
        if resource.type in STATEFUL:
            assert after[resource.name].options.protect == resource.options.protect


def test_a_hub_takes_private_subnets_out() -> None:
    """At the highest tier: one attachment, no gateway, and still no way out for data and models."""
    new = stack_of("scaled").settings.network.new
    assert new is not None
    graph = recorded("scaled", new={**new.model_dump(), "hub": {**HUB, "cidrs": ["192.168.0.0/16"]}})
    hub = HUB["transit_gateway_id"]
    assert ways_out(graph) == {**PUBLIC, **{f"network-private-{zone}": hub for zone in ZONES}}
    assert (len(graph.of_type(ATTACHMENT)), graph.of_type(NAT)) == (1, ())
    cost = fixed_cost(graph, load())
    assert cost.unpriced == ()
    assert cost.total <= stack_of("scaled").tier_data.fixed_cost_ceiling_usd


def test_all_zones_are_those_of_the_region() -> None:
    """Their letters differ: a region without a zone b has its gateways in a, c and d."""
    stack = stack_of("reliable")
    regions = stack.catalogue.regions
    catalogue = stack.catalogue.model_copy(update={"regions": {**regions, stack.region: regions["ap-northeast-1"]}})
    graph = record_stack(replace(stack, catalogue=catalogue), {})
    assert sorted(nat.name for nat in graph.of_type(NAT)) == [f"network-nat-{zone}" for zone in "acd"]


@pytest.mark.parametrize("tier", ["repeatable", "reliable"])
def test_an_existing_network_is_watched_like_a_new_one(tier: str) -> None:
    """Flow logs and, where the tier has one, the firewall are put on the VPC that was named; nothing of it is made."""
    ids = {"bedrock-runtime": "vpce-0123456789abcdef0"}
    graph = recorded(tier, **own(endpoint_ids=ids))
    vpc = own()["existing"]["vpc_id"]
    assert [log.inputs["vpcId"] for log in graph.of_type(FLOW_LOG)] == [vpc]
    assert [a.inputs["vpcId"] for a in graph.of_type(ASSOCIATION)] == ([vpc] if tier == "reliable" else [])
    assert not [r.name for r in graph.resources if r.name.startswith("network")]
