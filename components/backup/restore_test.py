"""The newest backup of each store is restored beside it, and deleted again by AWS Backup."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.backup.args import BackupArgs
from components.backup.names import RESTORE_ROLE, restore_test_name
from components.backup.policy import Restored, restores
from components.backup.service_role import service_role

LONGEST_WINDOW_DAYS = 365
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html (2026-11)"""

STARTS_WITHIN_HOURS, KEPT_HOURS = 8, 1
"""How long a test may wait for its turn, and how long what it made stays to be looked at."""


def restore_test(
    name: str, args: BackupArgs, vault_arn: pulumi.Input[str], schedule: str, parent: pulumi.Resource
) -> None:
    """Try at ``schedule`` whether the bucket, and the database where there is one, can be restored.

    What is restored is encrypted and placed as the original is:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html (2026-11)
    """
    child = pulumi.ResourceOptions(parent=parent)
    keys = [args.kms_key_arn, args.bucket_key_arn, *([args.database.kms_key_arn] if args.database else [])]
    policy = pulumi.Output.all(*keys).apply(lambda arns: json.dumps(restores(_place(args, arns))))
    role_arn = service_role(f"{name}-restores", args, role=RESTORE_ROLE, policy=policy, parent=parent)
    test = aws.backup.RestoreTestingPlan(
        f"{name}-restore-test",
        name=restore_test_name(args.name_prefix),
        recovery_point_selection={
            "algorithm": "LATEST_WITHIN_WINDOW",
            "include_vaults": [vault_arn],
            "recovery_point_types": ["SNAPSHOT"],
            "selection_window_days": min(args.retention_days, LONGEST_WINDOW_DAYS),
        },
        schedule_expression=schedule,
        start_window_hours=STARTS_WITHIN_HOURS,
        opts=child,
    )

    def select(store: str, kind: str, arn: pulumi.Input[str], as_the_original: dict[str, pulumi.Input[str]]) -> None:
        aws.backup.RestoreTestingSelection(
            f"{name}-restore-test-{store}",
            name=store,
            iam_role_arn=role_arn,
            protected_resource_arns=[arn],
            protected_resource_type=kind,
            restore_metadata_overrides=as_the_original,
            restore_testing_plan_name=test.name,
            validation_window_hours=KEPT_HOURS,
            opts=child,
        )

    select("bucket", "S3", args.bucket_arn, {"encryptionType": "SSE-KMS", "kmsKey": args.bucket_key_arn})
    if args.database:
        select("database", "Aurora", args.database.cluster_arn, {"dbSubnetGroupName": args.database.subnet_group})


def _place(args: BackupArgs, key_arns: list[str]) -> Restored:
    return Restored(
        partition=args.partition,
        region=args.region,
        account=args.account_id,
        key_arns=key_arns,
        database=args.database is not None,
    )
