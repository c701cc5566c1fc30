"""Whom CloudWatch Logs lets write the logs of state machines: one policy for all pipelines of a platform.

Owns: the policy. An account has ten in a Region, so a pipeline has none of its own, and its role need not be able to
make one: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (2026-11).
Does not own: the log groups, which belong to the pipelines.
"""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import allow, document


@dataclass(frozen=True, kw_only=True, slots=True)
class VendedLogsArgs:
    """What the policy is made of."""

    account_id: str
    """Twelve digits; only logs of this account are delivered."""

    name_prefix: str
    """Start of the names of all state machines."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the state machines run."""


class VendedLogs(pulumi.ComponentResource):
    """The policy that lets AWS deliver logs of state machines."""

    policy_name: pulumi.Output[str]
    """Name of the policy."""

    def __init__(self, name: str, args: VendedLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the policy."""
        super().__init__("llmlz:index:VendedLogs", name, {}, opts)
        physical = physical_name("log-policy", args.name_prefix, "vended-logs")
        policy = aws.cloudwatch.LogResourcePolicy(
            f"{name}-policy",
            policy_name=physical,
            policy_document=json.dumps(deliver_runs(args)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.policy_name = policy.id.apply(lambda _: physical)
        self.register_outputs({"policy_name": self.policy_name})


def deliver_runs(args: VendedLogsArgs) -> dict[str, Any]:
    """AWS's delivery of logs writes into groups of state machines of this prefix, for this account and region alone.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html (2026-11)
    """
    logs = f"arn:{args.partition}:logs:{args.region}:{args.account_id}"
    own = {"StringEquals": {"aws:SourceAccount": args.account_id}, "ArnLike": {"aws:SourceArn": f"{logs}:*"}}
    groups = f"{logs}:log-group:/aws/vendedlogs/states/{args.name_prefix}-*:log-stream:*"
    statement = allow("DeliverRuns", ["logs:CreateLogStream", "logs:PutLogEvents"], [groups], own)
    return document([{**statement, "Principal": {"Service": "delivery.logs.amazonaws.com"}}])
