"""Room in the account for what a graph adds."""

import re
from typing import Any

import boto3
import pytest

from llmlz.doctor.finding import Finding
from llmlz.doctor.quota_table import Quota, need, quotas
from llmlz.doctor.quotas import examine_quotas
from llmlz.graph.model import Graph, Reference, Resource
from tests.doctor.stubs import ACCOUNT, REGION, Cloud
from tests.generated import recorded

VPC, ROLE, NAT, SUBNET = (
    "aws:ec2/vpc:Vpc",
    "aws:iam/role:Role",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/subnet:Subnet",
)
PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"


def resource(token: str, name: str, *references: tuple[str, str], **inputs: Any) -> Resource:
    """One resource, with references from an input to another resource."""
    urn = f"urn:pulumi:dev::llmlz::{token}::{name}"
    made = tuple(Reference(at=at, to=to, output="id") for at, to in references)
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, references=made)


def graph(*resources: Resource) -> Graph:
    """A graph of these."""
    return Graph(project="llmlz", stack="dev", resources=resources, account=ACCOUNT, region=REGION)


def quota(id_: str) -> Quota:
    """One row of the table."""
    return next(row for row in quotas() if row.id == id_)


def says(cloud: Cloud, id_: str, value: float, name: str) -> None:
    """Service Quotas answers for one row."""
    row = quota(id_)
    answer = {"Quota": {"Value": value, "QuotaName": name, "QuotaCode": row.code}}
    cloud.answers("service-quotas", "get_service_quota", answer, ServiceCode=row.service, QuotaCode=row.code)


def vpcs(cloud: Cloud, *pages: int) -> None:
    """EC2 answers with so many VPCs a page."""
    for number, count in enumerate(pages, start=1):
        more = {"NextToken": f"page-{number}"} if number < len(pages) else {}
        asked = {"NextToken": f"page-{number - 1}"} if number > 1 else {}
        cloud.answers("ec2", "describe_vpcs", {"Vpcs": [{"VpcId": f"vpc-{n}"} for n in range(count)], **more}, **asked)


def only(found: tuple[Finding, ...]) -> Finding:
    """The one finding."""
    (finding,) = found
    return finding


@pytest.mark.parametrize(("there", "outcome"), [(4, "ok"), (5, "problem")])
def test_what_is_there_and_what_comes_must_fit(cloud: Cloud, there: int, outcome: str) -> None:
    """One more VPC fits beside four of five, and not beside five; all pages count."""
    vpcs(cloud, 3, there - 3)
    says(cloud, "vpcs", 5, "VPCs per Region")
    found = only(examine_quotas(cloud, graph(resource(VPC, "vpc")), None))
    assert (found.id, found.outcome) == ("quota:vpcs", outcome)
    assert f"{there} there and 1 to come, of 5" in found.what
    assert ("--desired-value 6;" in found.fix) == (outcome == "problem")


def test_what_the_stack_has_already_is_not_counted_twice(cloud: Cloud) -> None:
    """The fifth of five VPCs is its own."""
    vpcs(cloud, 5)
    says(cloud, "vpcs", 5, "VPCs per Region")
    deployed = graph(resource(VPC, "vpc"))
    found = only(examine_quotas(cloud, deployed, deployed))
    assert found.outcome == "ok"
    assert "5 there and 0 to come" in found.what


ASKED: dict[str, tuple[str, str, str, dict[str, Any], dict[str, Any]]] = {
    "nat-gateways": (
        "ec2",
        "describe_nat_gateways",
        "NatGateways",
        {"NatGatewayId": "nat-1"},
        {"Filter": [{"Name": "state", "Values": ["pending", "available", "deleting"]}]},
    ),
    "interface-endpoints": (
        "ec2",
        "describe_vpc_endpoints",
        "VpcEndpoints",
        {"VpcEndpointId": "vpce-1"},
        {"Filters": [{"Name": "vpc-endpoint-type", "Values": ["Interface", "GatewayLoadBalancer"]}]},
    ),
    "keys": ("kms", "list_keys", "Keys", {"KeyId": "k"}, {"Limit": 1000}),
}
NAMES = {
    "nat-gateways": "NAT gateways per Availability Zone",
    "interface-endpoints": "Interface VPC endpoints per VPC",
    "keys": "Customer Master Keys (CMKs)",
}


def two_zones() -> Graph:
    """Two NAT gateways in one zone, and one in another."""
    subnets = [resource(SUBNET, zone, availabilityZone=f"{REGION}{zone}") for zone in "ab"]
    gateways = [resource(NAT, f"nat-{n}", ("subnetId", subnets[0].urn)) for n in range(2)]
    return graph(*subnets, *gateways, resource(NAT, "other", ("subnetId", subnets[1].urn)))


def planned_for(id_: str) -> Graph:
    """A graph that needs two of it."""
    if id_ == "nat-gateways":
        return two_zones()
    token, inputs = quota(id_).type, dict(quota(id_).only)
    return graph(*(resource(token, f"{id_}-{n}", **inputs) for n in range(2)))


def counted(cloud: Cloud, id_: str, there: int, limit: float) -> None:
    """AWS lists so many in the whole region, and Service Quotas says the limit."""
    service, operation, field, one, asked = ASKED[id_]
    cloud.answers(service, operation, {field: [one] * there}, **asked)
    says(cloud, id_, limit, NAMES[id_])


@pytest.mark.parametrize("id_", ASKED)
@pytest.mark.parametrize(
    ("there", "limit", "outcome"), [(3, 5, "ok"), (4, 5, "indeterminate"), (9, 5, "indeterminate"), (0, 1, "problem")]
)
def test_a_count_of_more_than_the_quota_is_a_bound(
    cloud: Cloud, id_: str, *, there: int, limit: float, outcome: str
) -> None:
    """Two are needed where most are: what fits beside all that was counted fits; else nobody knows, but for the need."""
    counted(cloud, id_, there, limit)
    found = only(examine_quotas(cloud, planned_for(id_), None))
    assert (found.id, found.outcome) == (f"quota:{id_}", outcome)
    assert ("counted twice" in found.fix) == (outcome == "indeterminate")


def test_of_a_bound_the_own_ones_of_all_zones_are_taken_away(cloud: Cloud) -> None:
    """Three of the six are the stack's own, in two zones: beside three others its two fit, and beside four they do not."""
    assert need(quota("nat-gateways"), two_zones()) == 2
    for there, outcome in ((6, "ok"), (7, "indeterminate")):
        counted(cloud, "nat-gateways", there, 5)
        assert only(examine_quotas(cloud, two_zones(), two_zones())).outcome == outcome


def test_what_a_deployment_takes_away_still_counts(cloud: Cloud) -> None:
    """Deletions come last: a stack that goes from two to one in a zone has two for a while."""
    smaller = graph(*(r for r in two_zones().resources if r.name != "nat-1"))
    counted(cloud, "nat-gateways", 7, 5)
    assert only(examine_quotas(cloud, smaller, two_zones())).outcome == "indeterminate"


def test_all_pages_of_keys_count(cloud: Cloud) -> None:
    """KMS gives them in parts."""
    keys = {"Keys": [{"KeyId": "k"}] * 2}
    cloud.answers("kms", "list_keys", {**keys, "Truncated": True, "NextMarker": "more"}, Limit=1000)
    cloud.answers("kms", "list_keys", {**keys, "Truncated": False}, Limit=1000, Marker="more")
    says(cloud, "keys", 100, NAMES["keys"])
    found = only(examine_quotas(cloud, planned_for("keys"), None))
    assert "2 needed of 100, and at most 4 of others" in found.what


def test_one_call_can_say_both(cloud: Cloud) -> None:
    """IAM says how many roles there are and may be: Service Quotas, which keeps that in one region, is not asked."""
    cloud.answers("iam", "get_account_summary", {"SummaryMap": {"Roles": 999, "RolesQuota": 1000}})
    found = only(examine_quotas(cloud, graph(resource(ROLE, "a"), resource(ROLE, "b")), None))
    assert found.outcome == "problem"
    assert "999 there and 2 to come, of 1000" in found.what


def test_without_a_value_of_its_own_the_account_has_the_default(cloud: Cloud) -> None:
    """Service Quotas is asked for the default then."""
    cloud.answers("bedrock", "list_inference_profiles", {"inferenceProfileSummaries": []}, typeEquals="APPLICATION")
    cloud.fails("service-quotas", "get_service_quota", "NoSuchResourceException")
    answer = {"Quota": {"Value": 1000.0, "QuotaName": "Inference profiles per account"}}
    asked = {"ServiceCode": "bedrock", "QuotaCode": quota("inference-profiles").code}
    cloud.answers("service-quotas", "get_aws_default_service_quota", answer, **asked)
    assert only(examine_quotas(cloud, graph(resource(PROFILE, "claims-nova")), None)).outcome == "ok"


def test_another_quota_under_the_code_is_undecided(cloud: Cloud) -> None:
    """A code that names something else decides nothing."""
    vpcs(cloud, 0)
    says(cloud, "vpcs", 5000, "Network interfaces per Region")
    found = only(examine_quotas(cloud, graph(resource(VPC, "vpc")), None))
    assert found.outcome == "indeterminate"
    assert "Network interfaces per Region" in found.what


def test_a_missing_permission_leaves_the_others_alone(cloud: Cloud) -> None:
    """The refused one has AWS's words and the permission; the next is answered."""
    cloud.fails("ec2", "describe_vpcs", "UnauthorizedOperation", "You are not authorized")
    cloud.answers("iam", "get_account_summary", {"SummaryMap": {"Roles": 1, "RolesQuota": 1000}})
    first, second = examine_quotas(cloud, graph(resource(VPC, "vpc"), resource(ROLE, "a")), None)
    assert (first.outcome, second.outcome) == ("indeterminate", "ok")
    assert "You are not authorized" in first.what
    assert "ec2:DescribeVpcs" in first.fix


def test_real_stacks_need_what_they_make() -> None:
    """Platforms of every kind have one VPC, and their roles and keys are counted; a team has profiles."""
    for name, planned in recorded(4).items():
        needed = {row.id: need(row, planned) for row in quotas()}
        assert needed["roles"] == len(planned.of_type(ROLE))
        if name.startswith("platform"):
            assert needed["vpcs"] == 1
            assert 1 <= needed["nat-gateways"] + needed["interface-endpoints"] <= 50
            assert needed["keys"] > 0
        if name.startswith("team"):
            assert needed["inference-profiles"] > 0


@pytest.mark.parametrize("row", quotas(), ids=lambda row: row.id)
def test_a_row_asks_what_exists(row: Quota) -> None:
    """Services, methods, and the first step of paths are in boto3's models."""
    session = boto3.Session("test", "test", region_name=REGION)
    assert row.source.startswith("https://docs.aws.amazon.com/")
    assert row.words == tuple(word.lower() for word in row.words)
    assert row.loose or row.per is None
    for call in filter(None, (row.used, row.limit_from)):
        client = session.client(call.service)
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call.operation])
        assert re.split(r"\W", call.field)[0] in model.output_shape.members
        assert set(call.arguments) <= set(model.input_shape.members if model.input_shape else ())


def test_filters_name_what_aws_knows() -> None:
    """A state or a kind that is none would count nothing, and everything would fit."""
    session = boto3.Session("test", "test", region_name=REGION)
    model = session.client("ec2").meta.service_model
    for id_, argument, shape in (
        ("nat-gateways", "Filter", "NatGatewayState"),
        ("interface-endpoints", "Filters", "VpcEndpointType"),
    ):
        (asked,) = quota(id_).used.arguments[argument]
        assert set(asked["Values"]) <= set(model.shape_for(shape).enum)
