"""The key of a pipeline's logs, where they have one of their own."""

from __future__ import annotations

import json
from typing import Any

import pulumi

from components._key import rotated_key
from components._key_policy import key_statements
from components._policy import document
from components.ingestion.args import IngestionArgs


def own_log_key(name: str, args: IngestionArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """ARN of a rotated key that CloudWatch Logs may use for the two groups of the pipeline."""
    return rotated_key(
        name,
        alias=f"{args.name_prefix}-ingestion-{args.team}",
        description=f"LLM landing zone: logs of {args.team}'s ingestion",
        policy=json.dumps(log_key_policy(args)),
        parent=parent,
    )


def log_key_policy(args: IngestionArgs) -> dict[str, Any]:
    """As every key; CloudWatch Logs encrypts the groups of this pipeline, and nobody uses the key past it.

    Who may read the log needs no right to the key: the service decrypts. It has no ARN, and no account of its own.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11)
    """
    groups = f"arn:{args.partition}:logs:{args.region}:{args.account_id}:log-group:/aws"
    name = f"{args.name_prefix}-ingestion-{args.team}"
    own = [f"{groups}/lambda/{name}", f"{groups}/vendedlogs/states/{name}"]
    return document(
        [
            *key_statements(args.partition, args.account_id, args.break_glass_arn),
            {
                "Sid": "LogGroupsOfThisPipeline",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{args.region}.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": own}},
            },
            {
                "Sid": "NobodyUsesItPastTheService",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
            },
        ]
    )
