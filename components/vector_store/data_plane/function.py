"""The function that runs the steps: its code, its role and its log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, document

HANDLER = Path(__file__).with_name("handler.py")
RUNTIME = "python3.13"
TIMEOUT_SECONDS = 120
"""A paused database may take half of it to resume."""

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
class DataPlaneArgs:
    """What the function is made of."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of its role."""

    cluster: aws.rds.Cluster
    """The cluster with its managed administrator secret."""

    database: str
    """The database in which the steps run."""

    kms_key_arn: pulumi.Input[str]
    """Key of the secret, the log group and the function's environment."""

    name: str
    """Physical name of the function and its role."""

    region: str
    """Where all of this is."""

    retention_days: pulumi.Input[int]
    """How long the log is kept."""

    writer: aws.rds.ClusterInstance
    """The instance that takes the calls."""


def data_plane(name: str, args: DataPlaneArgs, child: pulumi.ResourceOptions) -> aws.lambda_.Function:
    """Make the function, last of all: once it exists, its role may do the work and the database takes calls."""
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
        description="Runs steps inside the vector database.",
        assume_role_policy=json.dumps(TRUST),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    secret_arn = args.cluster.master_user_secrets[0].secret_arn
    policy = aws.iam.RolePolicy(
        f"{name}-role-policy",
        role=role.name,
        policy=pulumi.Output.all(
            cluster_arn=args.cluster.arn, secret_arn=secret_arn, key_arn=args.kms_key_arn, log_arn=log.arn
        ).apply(lambda arns: json.dumps(document(data_plane_statements(arns, args.region)))),
        opts=child,
    )
    return aws.lambda_.Function(
        name,
        name=physical,
        description="Steps inside the vector database: extension, schema and role per team.",
        architectures=["arm64"],
        code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(HANDLER))}),
        environment={
            "variables": {"CLUSTER_ARN": args.cluster.arn, "DATABASE": args.database, "SECRET_ARN": secret_arn}
        },
        handler="handler.handle",
        kms_key_arn=args.kms_key_arn,
        logging_config={"log_format": "JSON", "log_group": log.name},
        memory_size=256,
        role=role.arn,
        runtime=RUNTIME,
        timeout=TIMEOUT_SECONDS,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy, args.writer])),
    )


def data_plane_statements(arns: Mapping[str, str], region: str) -> list[Statement]:
    """SQL on one cluster with one secret, and lines in one log group."""
    through_secret = {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}}
    transaction = [f"rds-data:{verb}Transaction" for verb in ("Begin", "Commit", "Rollback")]
    return [
        allow("RunStatements", ["rds-data:ExecuteStatement", *transaction], [arns["cluster_arn"]]),
        allow("SignInAsAdministrator", ["secretsmanager:GetSecretValue"], [arns["secret_arn"]]),
        allow("DecryptTheSecret", ["kms:Decrypt"], [arns["key_arn"]], through_secret),
        allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{arns['log_arn']}:*"]),
    ]
