"""What the policy about logs of state machines promises."""

import json

from components.vended_logs import VendedLogs, VendedLogsArgs, deliver_runs
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
ARGS = VendedLogsArgs(account_id=ACCOUNT, name_prefix="llmlz-test", partition="aws", region=REGION)


def test_only_delivery_for_this_account_writes_into_groups_of_this_prefix() -> None:
    """Nobody else is named, nothing is read, and other log groups are not meant."""
    (statement,) = deliver_runs(ARGS)["Statement"]
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}"
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == [f"{logs}:log-group:/aws/vendedlogs/states/llmlz-test-*:log-stream:*"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"{logs}:*"},
    }


def test_there_is_one_for_all_pipelines() -> None:
    """An account has ten at most."""
    graph = record(
        lambda: (VendedLogs("vended-logs", ARGS), None)[1],
        project="llmlz",
        stack_name="test",
        account=ACCOUNT,
        region=REGION,
    )
    (policy,) = graph.custom()
    assert policy.inputs["policyName"] == "llmlz-test-vended-logs"
    assert json.loads(policy.inputs["policyDocument"]) == deliver_runs(ARGS)
