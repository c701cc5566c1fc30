"""Secrets without a value: what is in them is made in the cluster, after the deployment."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components.qdrant.access import secret_policy
from components.qdrant.args import QdrantArgs
from components.qdrant.identity import role_arn

RECOVERY_DAYS = 30
"""The longest that Secrets Manager offers."""


def empty_secret(
    name: str, args: QdrantArgs, path: str, reader_arns: Sequence[str], child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """ARN of a secret that only ``reader_arns`` and the job of keys read; ready when that is so."""
    secret = aws.secretsmanager.Secret(
        f"{name}-secret",
        name=physical_name("secret", f"{args.name_prefix}/qdrant/{path}"),
        description="Set by the job of keys in the cluster.",
        kms_key_id=args.kms_key_arn,
        recovery_window_in_days=RECOVERY_DAYS,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=True)),
    )
    policy = aws.secretsmanager.SecretPolicy(
        f"{name}-secret-policy",
        secret_arn=secret.arn,
        block_public_policy=True,
        policy=json.dumps(secret_policy(reader_arns, role_arn(args, "keys"))),
        opts=child,
    )
    return pulumi.Output.all(secret.arn, policy.id).apply(lambda made: str(made[0]))
