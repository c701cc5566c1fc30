"""A role that AWS Backup acts as."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import service_trust
from components.backup.args import BackupArgs

SERVICE = "backup.amazonaws.com"


def service_role(
    name: str, args: BackupArgs, *, role: str, policy: pulumi.Input[str], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """ARN of the role, ready when its policy is attached."""
    child = pulumi.ResourceOptions(parent=parent)
    made = aws.iam.Role(
        f"{name}-role",
        name=physical_name("role", args.name_prefix, role),
        description="AWS Backup acts as this role, and nobody else.",
        assume_role_policy=json.dumps(service_trust([SERVICE], args.account_id)),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    attached = aws.iam.RolePolicy(f"{name}-role-policy", role=made.name, policy=policy, opts=child)
    return pulumi.Output.all(made.arn, attached.id).apply(lambda got: str(got[0]))
