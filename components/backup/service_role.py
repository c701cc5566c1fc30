"""A role that AWS Backup acts as."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import service_trust
from components.backup.args import BackupArgs
from components.backup.policy import BackedUp

SERVICE = "backup.amazonaws.com"


def service_role(
    name: str,
    args: BackupArgs,
    vault: aws.backup.Vault,
    *,
    role: str,
    may: Callable[[BackedUp], dict[str, Any]],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """ARN of the role, ready when its policy is attached; ``may`` writes the policy from where everything is."""
    child = pulumi.ResourceOptions(parent=parent)
    made = aws.iam.Role(
        f"{name}-role",
        name=physical_name("role", args.name_prefix, role),
        description="AWS Backup acts as this role, and nobody else.",
        assume_role_policy=json.dumps(service_trust([SERVICE], args.account_id)),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    known: dict[str, pulumi.Input[str]] = {
        "vault_arn": vault.arn,
        "vault_key_arn": args.kms_key_arn,
        "bucket_arn": args.bucket_arn,
        "bucket_key_arn": args.bucket_key_arn,
    }
    if args.database:
        known |= {"database_arn": args.database.cluster_arn, "database_key_arn": args.database.kms_key_arn}
    place = {"partition": args.partition, "region": args.region, "account": args.account_id}
    if args.copy_to:
        place |= {"copy_vault_arn": args.copy_to.vault_arn, "copy_key_alias": args.copy_to.key_alias}
    policy = aws.iam.RolePolicy(
        f"{name}-role-policy",
        role=made.name,
        policy=pulumi.Output.all(**known).apply(lambda got: json.dumps(may(BackedUp(**place, **got)))),
        opts=child,
    )
    return pulumi.Output.all(made.arn, policy.id).apply(lambda got: str(got[0]))
