"""What a network promises."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.network import KINDS, Network, NetworkArgs, NetworkPlaces
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record

ZONES = {"a": "eu-central-1a", "b": "eu-central-1b", "c": "eu-central-1c"}


def recorded(**changes: Any) -> Graph:
    """The graph of one network called ``net``."""
    args: dict[str, Any] = {"cidr": "10.20.0.0/16", "name_prefix": "llmlz", "region": "eu-central-1", "zones": ZONES}

    def program() -> None:
        Network("net", NetworkArgs(**{**args, **changes}))

    return run(program)


def run(program: Callable[[], None]) -> Graph:
    """Record ``program``."""
    return record(
        program,
        project="llmlz",
        stack_name="platform",
        account="111122223333",
        region="eu-central-1",
    )


def target(graph: Graph, resource: Resource, at: str) -> str:
    """Logical name of the resource that an input points to."""
    (to,) = [reference.to for reference in resource.references if reference.at == at and reference.output]
    return graph.by_urn[to].name


def counts(graph: Graph) -> dict[str, int]:
    """Type to number, for the types that depend on the arguments."""
    types = ("eip:Eip", "natGateway:NatGateway", "route:Route", "vpcEndpoint:VpcEndpoint")
    return {t.partition(":")[2]: len(graph.of_type(f"aws:ec2/{t}")) for t in types}


def test_birth_shape_is_the_same_with_and_without_ways_out() -> None:
    """Three zones, four kinds, a route table per zone where NAT may come: nothing here waits for a later tier."""
    for graph in (recorded(), recorded(nat_zones=["a"], egress_kinds=["private"])):
        subnets = {s.name: s.inputs["availabilityZone"] for s in graph.of_type("aws:ec2/subnet:Subnet")}
        assert subnets == {f"net-{kind}-{zone}": ZONES[zone] for kind in KINDS for zone in ZONES}
        tables = {t.name for t in graph.of_type("aws:ec2/routeTable:RouteTable")}
        assert tables == {
            "net-public-routes",
            "net-data-routes",
            *(f"net-{kind}-{zone}-routes" for kind in ("private", "model") for zone in ZONES),
        }


def test_further_nat_gateways_change_routes_and_replace_nothing() -> None:
    """From one NAT gateway to three: every identity of the smaller network is in the larger one."""
    one = recorded(nat_zones=["a"], egress_kinds=["private", "model"])
    three = recorded(nat_zones=["a", "b", "c"], egress_kinds=["private", "model"])
    assert set(one.by_urn) < set(three.by_urn)
    subnets = [r.urn for r in one.of_type("aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable")]
    assert {urn: one.by_urn[urn].inputs for urn in subnets} == {urn: three.by_urn[urn].inputs for urn in subnets}


def test_zones_without_a_nat_gateway_use_the_first() -> None:
    """One gateway serves three zones; a second one takes over its own zone only."""
    graph = recorded(nat_zones=["b", "c"], egress_kinds=["private"])
    used = {zone: target(graph, graph.named(f"net-private-{zone}-egress"), "natGatewayId") for zone in ZONES}
    assert used == {"a": "net-nat-b", "b": "net-nat-b", "c": "net-nat-c"}
    assert target(graph, graph.named("net-nat-b"), "subnetId") == "net-public-b"


def test_data_and_unlisted_kinds_have_no_way_to_the_internet() -> None:
    """Only public subnets and the kinds in ``egress_kinds`` have a default route."""
    graph = recorded(nat_zones=["a"], egress_kinds=["private"])
    routed = {target(graph, route, "routeTableId") for route in graph.of_type("aws:ec2/route:Route")}
    assert routed == {"net-public-routes", *(f"net-private-{zone}-routes" for zone in ZONES)}


def test_no_nat_gateway_unless_asked_for() -> None:
    """Absence is off: without zones for NAT there is no gateway, no address and one route, whoever may use them."""
    for graph in (recorded(), recorded(egress_kinds=["private", "model"])):
        assert counts(graph) == {"Eip": 0, "NatGateway": 0, "Route": 1, "VpcEndpoint": 1}


HUB = "tgw-0123456789abcdef0"


def test_a_hub_takes_the_place_of_nat_gateways() -> None:
    """One attachment with a foot in every private subnet, and the default route of the listed kinds through it."""
    graph = recorded(transit_gateway_id=HUB, egress_kinds=["private"])
    attachment = graph.named("net-hub")
    assert attachment.inputs["transitGatewayId"] == HUB
    assert [target(graph, attachment, f"subnetIds[{n}]") for n in range(3)] == [f"net-private-{z}" for z in ZONES]
    assert counts(graph) == {"Eip": 0, "NatGateway": 0, "Route": 4, "VpcEndpoint": 1}
    for zone in ZONES:
        route = graph.named(f"net-private-{zone}-egress")
        assert (route.inputs["destinationCidrBlock"], route.inputs["transitGatewayId"]) == ("0.0.0.0/0", HUB)
        assert "natGatewayId" not in route.inputs
        assert attachment.urn in route.options.depends_on


def test_from_nat_to_a_hub_routes_are_turned_and_none_is_lost() -> None:
    """Every route of before is there after, so that the engine changes it before the gateways go."""
    nat = recorded(nat_zones=["a", "b", "c"], egress_kinds=["private"])
    hub = recorded(transit_gateway_id=HUB, egress_kinds=["private"])
    gone = {urn: nat.by_urn[urn].type for urn in set(nat.by_urn) - set(hub.by_urn)}
    assert set(gone.values()) == {"aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"}
    assert [hub.by_urn[urn].name for urn in set(hub.by_urn) - set(nat.by_urn)] == ["net-hub"]


def test_another_zone_for_endpoints_changes_them_in_place() -> None:
    """The same identities; only the list of subnets grows."""
    few = recorded(interface_endpoints=["kms", "sts"], endpoint_zones=["a"])
    all_of_them = recorded(interface_endpoints=["kms", "sts"], endpoint_zones=["a", "b", "c"])
    assert set(few.by_urn) == set(all_of_them.by_urn)
    changed = {
        r.name: [key for key in r.inputs if r.inputs[key] != all_of_them.by_urn[r.urn].inputs[key]]
        for r in few.custom()
        if r.inputs != all_of_them.by_urn[r.urn].inputs
    }
    assert changed == {"net-endpoint-kms": ["subnetIds"], "net-endpoint-sts": ["subnetIds"]}


def test_another_block_is_refused_by_the_engine() -> None:
    """The VPC is protected: whoever changes its addresses is told so, and nothing in it has been deleted by then."""
    graph = recorded(nat_zones=["a"], egress_kinds=["private"], interface_endpoints=["kms"])
    assert [r.name for r in graph.resources if r.options.protect] == ["net-vpc"]


def test_every_subnet_uses_the_table_of_its_kind_and_zone() -> None:
    """A subnet without an association would fall back to the main table."""
    graph = recorded()
    found = {
        target(graph, a, "subnetId"): target(graph, a, "routeTableId")
        for a in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    assert found == {
        **{f"net-{kind}-{zone}": f"net-{kind}-routes" for kind in ("public", "data") for zone in ZONES},
        **{f"net-{kind}-{zone}": f"net-{kind}-{zone}-routes" for kind in ("private", "model") for zone in ZONES},
    }


def test_nothing_gets_a_public_address_by_itself() -> None:
    """Not even in the public subnets, which hold gateways and load balancers."""
    public = {s.inputs["mapPublicIpOnLaunch"] for s in recorded().of_type("aws:ec2/subnet:Subnet")}
    assert public == {False}


def test_the_default_security_group_is_empty() -> None:
    """No rule is declared, so the provider removes the ones that AWS puts there."""
    group = recorded().named("net-default-group")
    assert group.type == "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    assert not {"ingress", "egress"} & set(group.inputs)


def test_names_resolve_inside_the_network() -> None:
    """Private endpoints need both DNS settings."""
    vpc = recorded().named("net-vpc").inputs
    assert (vpc["enableDnsSupport"], vpc["enableDnsHostnames"]) == (True, True)


def test_s3_is_reached_without_nat_from_all_but_the_public_subnets() -> None:
    """The gateway endpoint hangs on the data table and on every private and model table."""
    graph = recorded()
    endpoint = graph.named("net-s3-gateway")
    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-central-1.s3"
    assert {graph.by_urn[r.to].name for r in endpoint.references if r.at.startswith("routeTableIds")} == {
        "net-data-routes",
        *(f"net-{kind}-{zone}-routes" for kind in ("private", "model") for zone in ZONES),
    }


def test_interface_endpoints_stand_where_they_are_asked_for() -> None:
    """Two services in one zone: private DNS, and one group that lets only the network in, on HTTPS."""
    graph = recorded(interface_endpoints=["bedrock-runtime", "ecr.api"], endpoint_zones=["b"])
    endpoint = graph.named("net-endpoint-ecr-api")
    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-central-1.ecr.api"
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert target(graph, endpoint, "subnetIds[0]") == "net-private-b"
    assert len(endpoint.inputs["subnetIds"]) == 1
    rule = graph.named("net-endpoints-https").inputs
    assert (rule["cidrIpv4"], rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == ("10.20.0.0/16", 443, 443, "tcp")
    assert not {"ingress", "egress"} & set(graph.named("net-endpoints").inputs)
    assert not graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_interface_endpoints_take_all_zones_if_none_is_named() -> None:
    """The default is the safe one: the loss of a zone takes no service away."""
    assert len(recorded(interface_endpoints=["logs"]).named("net-endpoint-logs").inputs["subnetIds"]) == len(ZONES)


def test_only_the_component_hangs_from_the_stack() -> None:
    """Every child has the component as its parent, and carries its name."""
    graph = recorded(nat_zones=["a"], egress_kinds=["model"], interface_endpoints=["logs"])
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert {r.parent for r in graph.custom()} == {component.urn}
    assert not [r.name for r in graph.custom() if not r.name.startswith("net-")]


def test_a_subnet_is_ready_when_its_routes_are() -> None:
    """Whatever is placed in a private subnet waits for its association and its way out."""

    def program() -> None:
        args = NetworkArgs(
            cidr="10.20.0.0/16",
            name_prefix="llmlz",
            region="eu-central-1",
            zones=ZONES,
            nat_zones=["a"],
            egress_kinds=["private"],
        )
        network = Network("net", args)
        UsesSubnet("probe", network.places.subnet_ids["private"]["c"])

    graph = run(program)
    waits = {graph.by_urn[r.to].name for r in graph.named("probe").references}
    assert {"net-private-c", "net-private-c-association", "net-private-c-egress"} <= waits


class UsesSubnet(pulumi.CustomResource):
    """Something that is placed in a subnet."""

    pulumi_type = "test:index:UsesSubnet"

    def __init__(self, name: str, subnet_id: pulumi.Input[str]) -> None:
        """Register it."""
        super().__init__(self.pulumi_type, name, {"subnetId": subnet_id})


def test_declared_outputs_are_registered() -> None:
    """The component's annotations and what the engine stores are the same."""
    (component,) = [r for r in recorded().resources if r.kind == "component"]
    assert set(component.outputs) == set(Network.__annotations__)
    assert component.outputs["subnet_cidrs"]["model"]["c"] == "10.20.160.0/20"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"zones": {"a": "eu-central-1a"}}, "names 1 zones"),
        ({"nat_zones": ["d"], "egress_kinds": ["private"]}, r"nat_zones names \['d'\]"),
        ({"endpoint_zones": ["x"]}, r"endpoint_zones names \['x'\]"),
        ({"nat_zones": ["a"], "egress_kinds": ["data"]}, r"egress_kinds names \['data'\]"),
        ({"nat_zones": ["a"]}, "egress_kinds lets no subnet use them"),
        ({"transit_gateway_id": "tgw-1"}, "tgw-1 is the hub, but egress_kinds lets no subnet use it"),
        (
            {"transit_gateway_id": "tgw-1", "nat_zones": ["a"], "egress_kinds": ["private"]},
            r"nat_zones is \['a'\] beside tgw-1: one way out, not two",
        ),
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any], message: str) -> None:
    """A network that would be another than the one asked for is not built."""
    with pytest.raises(ValueError, match=message):
        recorded(**changes)


def existing(**changes: Any) -> NetworkPlaces:
    """An existing network, written down by its ids."""
    ids = {kind: {zone: f"subnet-{kind}{zone}" for zone in ZONES} for kind in KINDS}
    cidrs = {kind: dict.fromkeys(ZONES, "10.0.0.0/24") for kind in KINDS}
    return NetworkPlaces(**{"vpc_id": "vpc-1", "subnet_ids": ids, "subnet_cidrs": cidrs, **changes})


def test_an_existing_network_has_the_same_type() -> None:
    """Create or adopt is a value, not a flag."""
    assert existing().subnet_ids["model"]["b"] == "subnet-modelb"


@pytest.mark.parametrize(
    ("subnet_ids", "message"),
    [
        ({"private": {"a": "subnet-1"}}, "has the kinds"),
        ({kind: {"a": "s", **({"b": "s"} if kind == "data" else {})} for kind in KINDS}, "covers different zones"),
        ({kind: {"a": "s"} for kind in KINDS}, "subnet_ids and subnet_cidrs"),
    ],
)
def test_an_existing_network_with_holes_is_refused(subnet_ids: Any, message: str) -> None:
    """A kind or zone that is missing is found before anything is placed."""
    with pytest.raises(ValueError, match=message):
        existing(subnet_ids=subnet_ids)
