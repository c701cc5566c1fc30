"""The fixed cost of a stack: arithmetic, regions, and what has no price."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.cost.fixed import Cost, fixed_cost, require_priced
from llmlz.cost.prices import load
from llmlz.errors import ChecksFailedError
from llmlz.graph.model import Graph, Reference, Resource
from llmlz.graph.record import record

DISK = {"spec": {"resources": {"requests": {"storage": "50Gi"}}}}
"""A claim of fifty GiB for each pod of a set."""


def resource(token: str, name: str, references: Sequence[Reference] = (), **inputs: Any) -> Resource:
    """One resource of the stack ``dev``."""
    urn = f"urn:pulumi:dev::llmlz::{token}::{name}"
    refs = tuple(references)
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, references=refs)


def cost_of(*resources: Resource, region: str = "eu-central-1") -> Cost:
    """Cost with the price file of this release."""
    return fixed_cost(Graph(project="llmlz", stack="dev", resources=resources, region=region), load())


def months(cost: Cost) -> dict[str, Decimal]:
    """What is billed to USD a month."""
    return {line.what: line.month for line in cost.lines}


def test_an_hourly_price_runs_730_hours() -> None:
    """One NAT gateway and its address in Frankfurt: 0.052 and 0.005 USD an hour."""
    cost = cost_of(resource("aws:ec2/natGateway:NatGateway", "nat"), resource("aws:ec2/eip:Eip", "nat"))
    assert months(cost) == {"NAT gateway": Decimal("37.960"), "public IPv4 address": Decimal("3.650")}
    assert (cost.total, cost.outcome) == (Decimal("41.610"), "priced")
    line = cost.lines[0]
    assert (line.quantity, line.unit, line.unit_price) == (Decimal(1), "hour", Decimal("0.052"))
    assert line.source == "https://aws.amazon.com/vpc/pricing/"


def test_a_monthly_price_counts_once() -> None:
    """Keys, secrets with a replica, dashboards."""
    cost = cost_of(
        resource("aws:kms/key:Key", "data"),
        resource("aws:kms/key:Key", "logs"),
        resource("aws:secretsmanager/secret:Secret", "token", replicas=[{"region": "eu-west-1"}]),
        resource("aws:cloudwatch/dashboard:Dashboard", "main"),
    )
    assert [line.month for line in cost.lines] == [Decimal(1), Decimal(1), Decimal("0.80"), Decimal(3)]
    assert cost.total == Decimal("5.80")


def test_regions_have_their_own_prices() -> None:
    """A resource's own region comes before that of its stack."""
    nat = "aws:ec2/natGateway:NatGateway"
    assert cost_of(resource(nat, "nat"), region="us-east-1").total == Decimal("32.850")
    assert cost_of(resource(nat, "nat", region="eu-west-1"), region="us-east-1").total == Decimal("35.040")


def test_a_provider_moves_its_resources_to_its_region() -> None:
    """Resources on a provider of a second region are priced there."""

    def program() -> None:
        provider = aws.Provider("second", region="us-west-2")
        aws.ec2.NatGateway("nat", subnet_id="subnet-1", opts=pulumi.ResourceOptions(provider=provider))

    graph = record(program, project="llmlz", stack_name="dev", account="111122223333", region="eu-central-1")
    assert fixed_cost(graph, load()).total == Decimal("32.850")


def test_a_region_without_a_price_is_indeterminate() -> None:
    """A missing region is not free, and the message names the ones there are."""
    cost = cost_of(resource("aws:kms/key:Key", "data"), region="eu-north-1")
    assert (cost.outcome, cost.lines, cost.total) == ("indeterminate", (), Decimal(0))
    assert cost.unpriced[0].why == (
        "customer key: no price for region 'eu-north-1', there are eu-central-1, eu-west-1, us-east-1, us-west-2"
    )


def test_a_type_without_a_row_is_indeterminate() -> None:
    """What nobody has priced fails, with its token; free types are rows too, and bill nothing."""
    cost = cost_of(resource("aws:quantum/oracle:Oracle", "main"), resource("aws:iam/role:Role", "app"))
    assert [(item.token, item.why) for item in cost.unpriced] == [("aws:quantum/oracle:Oracle", "no row for this type")]
    with pytest.raises(
        ChecksFailedError, match=r"indeterminate, 1 prices are missing\n  urn:pulumi:dev::llmlz::aws:quantum"
    ):
        require_priced(cost)
    require_priced(cost_of(resource("aws:iam/role:Role", "app")))


def test_endpoints_are_billed_by_zone() -> None:
    """Three subnets are three zones, wherever they are joined; a gateway endpoint is free."""
    token = "aws:ec2/vpcEndpoint:VpcEndpoint"
    runtime = resource(token, "runtime", vpcEndpointType="Interface", subnetIds=["a", "b"])
    joined = resource(
        "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
        "c",
        [Reference(at="vpcEndpointId", to=runtime.urn, output="id")],
    )
    assert cost_of(runtime, joined).total == Decimal("26.280")
    gateways = cost_of(resource(token, "s3", vpcEndpointType="Gateway"), resource(token, "default"))
    assert (gateways.outcome, gateways.total) == ("priced", Decimal(0))
    assert cost_of(resource(token, "none", vpcEndpointType="Interface")).outcome == "indeterminate"
    assert cost_of(resource(token, "lb", vpcEndpointType="GatewayLoadBalancer")).outcome == "indeterminate"


def test_a_hub_is_billed_once_and_domains_one_by_one() -> None:
    """However many zones the attachment has; a list that does not say what is in it is indeterminate."""
    hub = resource("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "hub", subnetIds=["a", "b", "c"])
    lists = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"
    cost = cost_of(hub, resource(lists, "aws", domains=["*.amazonaws.com", "*.api.aws"]))
    assert months(cost) == {
        "attachment to a transit gateway": Decimal("43.80"),
        "domains in a list of the DNS firewall": Decimal("0.0010"),
    }
    assert cost_of(resource(lists, "elsewhere")).outcome == "indeterminate"


def database(minimum: Any, instance_class: str = "db.serverless") -> tuple[Resource, Resource]:
    """An Aurora cluster with this minimum capacity and one instance."""
    scaling = {"minCapacity": minimum, "maxCapacity": 4}
    cluster = resource(
        "aws:rds/cluster:Cluster",
        "vectors",
        engine="aurora-postgresql",
        manageMasterUserPassword=True,
        serverlessv2ScalingConfiguration=scaling,
    )
    owner = [Reference(at="clusterIdentifier", to=cluster.urn, output="id")]
    return cluster, resource("aws:rds/clusterInstance:ClusterInstance", "one", owner, instanceClass=instance_class)


COLLECTION, SEARCH_ENDPOINT = (
    "aws:opensearch/serverlessCollection:ServerlessCollection",
    "aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint",
)


@pytest.mark.parametrize(
    ("replicas", "units"), [({}, 2), ({"standbyReplicas": "ENABLED"}, 2), ({"standbyReplicas": "DISABLED"}, 1)]
)
def test_a_collection_never_sleeps(replicas: dict[str, Any], units: int) -> None:
    """Half a unit twice for indexing and twice for search; without standby replicas half of that."""
    cost = cost_of(resource(COLLECTION, "vectors", **replicas), region="us-east-1")
    assert months(cost) == {"OpenSearch compute that never sleeps": units * Decimal("0.24") * 730}


def test_the_endpoint_of_collections_is_billed_by_zone() -> None:
    """Three subnets, three interfaces; without a list nobody knows how many."""
    cost = cost_of(resource(SEARCH_ENDPOINT, "vectors", subnetIds=["a", "b", "c"]))
    assert cost.total == 3 * Decimal("0.012") * 730
    assert cost_of(resource(SEARCH_ENDPOINT, "vectors")).outcome == "indeterminate"


@pytest.mark.parametrize("inputs", [{"standbyReplicas": "SOMETIMES"}, {"collectionGroupName": "shared"}])
def test_a_collection_whose_compute_is_elsewhere_is_indeterminate(inputs: dict[str, Any]) -> None:
    """A group has limits of its own, and another word than AWS has is none."""
    assert cost_of(resource(COLLECTION, "vectors", **inputs)).outcome == "indeterminate"


def test_a_sleeping_database_costs_its_storage_and_secret() -> None:
    """Minimum capacity 0 bills no capacity; RDS makes a secret that no graph shows."""
    assert months(cost_of(*database(0))) == {
        "secret of the master user, made by RDS": Decimal("0.40"),
        "first 10 GB of Aurora storage": Decimal("1.20"),
    }


def test_a_minimum_capacity_is_billed_for_every_instance() -> None:
    """Half a capacity unit at 0.14 USD an hour, for a writer and a reader."""
    cluster, writer = database(0.5)
    reader = resource(writer.type, "two", writer.references, instanceClass="db.serverless")
    cost = cost_of(cluster, writer, reader)
    capacity = [line for line in cost.lines if line.what == "Aurora Serverless v2 minimum capacity"]
    assert [(line.quantity, line.month) for line in capacity] == [(Decimal("0.5"), Decimal("51.100"))] * 2


@pytest.mark.parametrize("broken", [database(None), database(0, "db.r7g.large"), database(0)[1:]])
def test_a_database_that_does_not_say_its_capacity_is_indeterminate(broken: tuple[Resource, ...]) -> None:
    """No minimum, an instance class without a price, and a cluster of another stack."""
    assert cost_of(*broken).outcome == "indeterminate"


@pytest.mark.parametrize(
    ("token", "inputs", "expected"),
    [
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 300}, "0.10"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricQueries": [{"metric": {"period": 60}}] * 3}, "0.30"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 10}, None),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricQueries": [{"expression": "SELECT MAX(x)"}]}, None),
        ("aws:ssm/parameter:Parameter", {}, "0"),
        ("aws:ssm/parameter:Parameter", {"tier": "Advanced"}, "0.05"),
        ("aws:ssm/parameter:Parameter", {"tier": "Intelligent-Tiering"}, None),
        ("aws:dynamodb/table:Table", {"billingMode": "PAY_PER_REQUEST"}, "0"),
        ("aws:dynamodb/table:Table", {}, None),
        ("aws:accessanalyzer/analyzer:Analyzer", {}, "0"),
        ("aws:accessanalyzer/analyzer:Analyzer", {"type": "ACCOUNT_UNUSED_ACCESS"}, None),
        ("aws:budgets/budgetAction:BudgetAction", {}, "3.10"),
        ("kubernetes:apps/v1:StatefulSet", {"spec": {"replicas": 3, "volumeClaimTemplates": [DISK, DISK]}}, "28.56"),
        ("kubernetes:apps/v1:StatefulSet", {"spec": {"volumeClaimTemplates": [DISK]}}, "4.76"),
        ("kubernetes:apps/v1:StatefulSet", {"spec": {"replicas": 3}}, "0"),
        ("kubernetes:apps/v1:StatefulSet", {"spec": {"volumeClaimTemplates": [{"spec": {}}]}}, None),
    ],
)
def test_what_an_input_changes(token: str, inputs: dict[str, Any], expected: str | None) -> None:
    """An option that is billed differently is priced differently, or is indeterminate."""
    cost = cost_of(resource(token, "it", **inputs))
    assert (cost.total if cost.outcome == "priced" else None) == (None if expected is None else Decimal(expected))


def test_components_cost_nothing() -> None:
    """Only what a provider makes is billed, and needs a row."""
    urn = "urn:pulumi:dev::llmlz::llmlz:index:Network::net"
    net = Resource(urn=urn, type="llmlz:index:Network", name="net", kind="component", parent=None, inputs={})
    cost = cost_of(net)
    assert (cost.lines, cost.unpriced) == ((), ())
