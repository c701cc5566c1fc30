"""Who talked to whom in a network: flow logs of one VPC, whoever made the VPC.

Owns: the log group, the role that delivers into it, the flow log.
Does not own: the VPC (``Network``, or one that exists), the key of the log group (``KeyRing``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, document, service_trust

Traffic = Literal["all", "reject", "accept"]

AGGREGATION_SECONDS = 60
"""How long packets of one connection are summed up before a record is written: 60 or 600. From birth, as a flow log does
not change (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html, 2026-11), and the short one, since
interfaces of Nitro instances are never summed up for longer, whatever is asked for:
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html (2026-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowLogsArgs:
    """What flow logs are made of."""

    account_id: str
    """Twelve digits; flow logs are delivered for this account alone."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that delivers."""

    kms_key_arn: pulumi.Input[str]
    """Key of the log group; its policy must let CloudWatch Logs use it."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the VPC is."""

    retention_days: int
    """How long the log group keeps records; CloudWatch accepts certain numbers only."""

    traffic: Traffic
    """Which connections are written down. Another choice makes another flow log into the same log group."""

    vpc_id: pulumi.Input[str]
    """The VPC; it belongs to the account, as nobody else may log a whole VPC."""


class FlowLogs(pulumi.ComponentResource):
    """The flow log of one VPC, in a log group of its own."""

    log_group_name: pulumi.Output[str]
    """Where the records are; ready when they are delivered."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the log group, the role and the flow log."""
        super().__init__("llmlz:index:FlowLogs", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            f"{name}-group",
            name=f"/{args.name_prefix}/flow-logs",
            kms_key_id=args.kms_key_arn,
            retention_in_days=args.retention_days,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name("role", args.name_prefix, "flow-logs"),
            assume_role_policy=json.dumps(delivery_trust(args.partition, args.region, args.account_id)),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        writes = aws.iam.RolePolicy(
            f"{name}-role-writes",
            role=role.name,
            policy=group.arn.apply(lambda arn: json.dumps(write_records(arn))),
            opts=child,
        )
        log = aws.ec2.FlowLog(
            f"{name}-log",
            iam_role_arn=role.arn,
            log_destination=group.arn,
            log_destination_type="cloud-watch-logs",
            max_aggregation_interval=AGGREGATION_SECONDS,
            traffic_type=args.traffic.upper(),
            vpc_id=args.vpc_id,
            tags={"Name": f"{args.name_prefix}-flow-logs"},
            # A role that cannot write yet leaves a flow log in an access error, which nobody sees.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writes]),
        )
        self.log_group_name = pulumi.Output.all(group.name, log.id).apply(lambda made: str(made[0]))
        self.register_outputs({"log_group_name": self.log_group_name})


def delivery_trust(partition: str, region: str, account_id: str) -> dict[str, Any]:
    """Flow logs of this account and region take the role, and none of another account through the same service.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (2026-11)
    """
    trust = service_trust(["vpc-flow-logs.amazonaws.com"], account_id)
    own: Statement = {"ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/*"}}
    (statement,) = trust["Statement"]
    return document([{**statement, "Condition": {**statement["Condition"], **own}}])


def write_records(log_group_arn: str) -> dict[str, Any]:
    """What AWS asks for, on one log group; looking for log groups has no narrower resource.

    ``logs:CreateLogGroup`` is left out: with it, a deleted log group would come back without key and retention.
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (2026-11)
    """
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return document(
        [
            allow("WriteThisLogGroup", write, [log_group_arn, f"{log_group_arn}:*"]),
            allow("FindLogGroups", ["logs:DescribeLogGroups"], ["*"]),
        ]
    )
