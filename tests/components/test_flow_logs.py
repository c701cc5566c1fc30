"""What flow logs promise."""

import json

import pytest

from components.flow_logs import FlowLogs, FlowLogsArgs, Traffic, delivery_trust, write_records
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/llmlz-test/flow-logs"


def recorded(traffic: Traffic = "all") -> Graph:
    """The graph of the flow logs of one VPC."""

    def program() -> None:
        args = FlowLogsArgs(
            account_id=ACCOUNT,
            boundary_arn=BOUNDARY,
            kms_key_arn=KEY,
            name_prefix="llmlz-test",
            partition="aws",
            region=REGION,
            retention_days=180,
            traffic=traffic,
            vpc_id="vpc-0123456789abcdef0",
        )
        FlowLogs("flows", args)

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


@pytest.mark.parametrize(("traffic", "said"), [("all", "ALL"), ("reject", "REJECT"), ("accept", "ACCEPT")])
def test_the_whole_network_is_logged_as_asked(traffic: Traffic, said: str) -> None:
    """One flow log on the VPC, into the log group, within a minute."""
    graph = recorded(traffic)
    log = graph.named("flows-log")
    assert (log.inputs["trafficType"], log.inputs["vpcId"]) == (said, "vpc-0123456789abcdef0")
    assert log.inputs["maxAggregationInterval"] == 60
    assert {r.at: graph.by_urn[r.to].name for r in log.references if r.output} == {
        "iamRoleArn": "flows-role",
        "logDestination": "flows-group",
    }


def test_records_are_kept_encrypted_and_nobody_deletes_them_in_passing() -> None:
    """Key and retention are those that were given; the engine protects the log group, and nothing else here."""
    graph = recorded()
    group = graph.named("flows-group")
    assert group.inputs["name"] == "/llmlz-test/flow-logs"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (KEY, 180)
    assert [r.name for r in graph.resources if r.options.protect] == ["flows-group"]


def test_the_log_group_stays_when_the_traffic_changes() -> None:
    """Another choice is another flow log into the same group: nothing that holds records differs."""
    before, after = recorded("reject"), recorded("all")
    changed = [r.name for r in before.custom() if r.inputs != after.by_urn[r.urn].inputs]
    assert changed == ["flows-log"]


def test_delivery_is_for_flow_logs_of_this_account_and_region() -> None:
    """Another account's flow log cannot have the service take the role, nor can anything else that the service does."""
    (statement,) = delivery_trust("aws", REGION, ACCOUNT)["Statement"]
    assert statement["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }
    assert OTHER not in json.dumps(statement)
    role = recorded().named("flows-role").inputs
    assert json.loads(role["assumeRolePolicy"])["Statement"] == [statement]
    assert role["permissionsBoundary"] == BOUNDARY


def test_the_role_writes_into_one_log_group_and_makes_none() -> None:
    """A deleted group stays deleted and is noticed; it does not come back without its key."""
    write, find = write_records(GROUP)["Statement"]
    assert write["Resource"] == [GROUP, f"{GROUP}:*"]
    assert find["Action"] == ["logs:DescribeLogGroups"]
    assert not [a for s in (write, find) for a in s["Action"] if "CreateLogGroup" in a or "*" in a]


def test_the_flow_log_waits_for_what_the_role_may() -> None:
    """A role that cannot write would leave a flow log that delivers nothing and says so nowhere."""
    graph = recorded()
    assert graph.named("flows-role-writes").urn in graph.named("flows-log").options.depends_on


def test_declared_outputs_are_registered() -> None:
    """Where the records are."""
    (component,) = [r for r in recorded().resources if r.kind == "component"]
    assert set(component.outputs) == set(FlowLogs.__annotations__)
