"""The function that runs the steps: its code, its role, its log, and its place in the network if it needs one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, document

RUNTIME = "python3.13"
TIMEOUT_SECONDS = 120
"""A paused database may take half of it to resume; a new data access policy may take a minute until it holds."""

TRUST = document(
    [
        {
            "Sid": "LambdaRunsAsThisRole",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
)
"""No condition on the account: Lambda takes only roles of the function's own account, which ``iam:PassRole`` guards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A place in the network."""

    group_id: pulumi.Input[str]
    """Security group of the function's interfaces."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets that have one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataPlaneArgs:
    """What the function is made of."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of its role."""

    code: Path
    """The one file that is deployed, as ``handler.py``."""

    description: str
    """What the steps are."""

    environment: Mapping[str, pulumi.Input[str]]
    """Where the steps run; nothing secret."""

    kms_key_arn: pulumi.Input[str]
    """Key of the log group and the function's environment."""

    name: str
    """Physical name of the function and its role."""

    purpose: str
    """What the role is for."""

    retention_days: pulumi.Input[int]
    """How long the log is kept."""

    statements: pulumi.Input[Sequence[Statement]]
    """What the role may do, besides writing its log."""

    after: Sequence[pulumi.Resource] = field(default=())
    """What must be there before the function; nothing if left out."""

    attached: Attached | None = field(default=None)
    """Its place in the network; none if left out."""


def data_plane(name: str, args: DataPlaneArgs, child: pulumi.ResourceOptions) -> aws.lambda_.Function:
    """Make the function, last of all: once it exists, its role may do the work and the store takes calls."""
    physical = physical_name("function", args.name)
    log = aws.cloudwatch.LogGroup(
        f"{name}-log",
        name=f"/aws/lambda/{physical}",
        kms_key_id=args.kms_key_arn,
        retention_in_days=args.retention_days,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=True)),
    )
    role = aws.iam.Role(
        f"{name}-role",
        name=physical_name("role", args.name),
        description=args.purpose,
        assume_role_policy=json.dumps(TRUST),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-role-policy",
        role=role.name,
        policy=pulumi.Output.all(statements=args.statements, log_arn=log.arn).apply(
            lambda made: json.dumps(document([*made["statements"], own_log(made["log_arn"])]))
        ),
        opts=child,
    )
    attached = args.attached
    return aws.lambda_.Function(
        name,
        name=physical,
        description=args.description,
        architectures=["arm64"],
        code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(args.code))}),
        environment={"variables": dict(args.environment)},
        handler="handler.handle",
        kms_key_arn=args.kms_key_arn,
        logging_config={"log_format": "JSON", "log_group": log.name},
        memory_size=256,
        role=role.arn,
        runtime=RUNTIME,
        timeout=TIMEOUT_SECONDS,
        vpc_config={"security_group_ids": [attached.group_id], "subnet_ids": list(attached.subnet_ids)}
        if attached
        else None,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy, *args.after])),
    )


def own_log(log_arn: str) -> Statement:
    """Lines in one log group."""
    return allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_arn}:*"])
