"""What AWS Backup may do, and what nobody may do with a vault: pure functions over plain values.

The roles may do what AWS's own policies for these two services allow, on the resources that are meant and no others:
https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html (2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components._policy import STATE_ALIAS, Statement, allow, deny, document

RESTORED = "awsbackup-restore-test-*"
"""How AWS Backup names what a restore test makes:
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html (2026-11)"""

DELETES: Sequence[str] = (
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteRecoveryPoint",
    "backup:DisassociateRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
)
"""What loses a backup before its time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackedUp:
    """Where everything is, once outputs are known."""

    partition: str
    region: str
    account: str
    vault_arn: str
    vault_key_arn: str
    bucket_arn: str
    bucket_key_arn: str
    database_arn: str | None = None
    database_key_arn: str | None = None
    copy_vault_arn: str | None = None
    copy_key_alias: str | None = None
    copy_key_arn: str | None = None


def vault_policy(break_glass_arn: str | None) -> dict[str, Any]:
    """Nobody deletes a backup, or shortens its life, but the role for emergencies where there is one.

    Backups that have lived their time are deleted by AWS Backup itself. The pattern is that of the documentation:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html (2026-11)
    """
    statement: Statement = {
        "Sid": "BackupsStay",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(DELETES),
        "Resource": "*",
    }
    if break_glass_arn:
        statement["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": [break_glass_arn]}}
    return document([statement])


def backs_up(place: BackedUp) -> dict[str, Any]:
    """Read what is backed up, write to the vault; nothing is changed but the bucket's report of its own changes."""
    events = f"arn:{place.partition}:events:{place.region}:{place.account}:rule/AwsBackupManagedRule*"
    vaults = [arn for arn in (place.vault_arn, place.copy_vault_arn) if arn]
    keys = sorted({arn for arn in (place.vault_key_arn, place.bucket_key_arn, place.database_key_arn) if arn})
    return document(
        [
            allow(
                "FindWhatIsToBeBackedUp", ["cloudwatch:GetMetricData", "events:ListRules", "tag:GetResources"], ["*"]
            ),
            allow("UseVaults", ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"], vaults),
            allow("UseBackups", ["backup:CopyFromBackupVault", "backup:TagResource"], ["*"]),
            allow("ReadBucket", BUCKET, [place.bucket_arn]),
            allow("ReadObjects", OBJECTS, [f"{place.bucket_arn}/*"]),
            allow("HearOfChanges", MANAGED_RULE, [events]),
            *_database(place),
            *_keys("Keys", keys),
            *_copy_key(place),
            _state_stays_unread(),
        ]
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """Where a restore test may make things, once outputs are known."""

    partition: str
    region: str
    account: str
    key_arns: Sequence[str]
    """Keys of the vault, of the bucket, and of the database where there is one."""

    database: bool


def restores(place: Restored) -> dict[str, Any]:
    """Make what a restore test makes, under names that nothing else has; read no store and change none."""
    bucket = f"arn:{place.partition}:s3:::{RESTORED}"
    keys = sorted(set(place.key_arns))
    return document(
        [
            allow("MakeBucket", RESTORED_BUCKET, [bucket]),
            allow("FillBucket", RESTORED_OBJECTS, [f"{bucket}/*"]),
            *(_restored_database(place) if place.database else []),
            *_keys("Keys", keys),
            _state_stays_unread(),
        ]
    )


BUCKET: Sequence[str] = (
    "s3:GetBucketAcl",
    "s3:GetBucketLocation",
    "s3:GetBucketNotification",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetInventoryConfiguration",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:PutBucketNotification",
    "s3:PutInventoryConfiguration",
)
"""AWS Backup turns on the bucket's events for itself, and an inventory where there are many objects:
https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html (2026-11)"""

OBJECTS: Sequence[str] = (
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
)
MANAGED_RULE: Sequence[str] = (
    "events:DeleteRule",
    "events:DescribeRule",
    "events:DisableRule",
    "events:EnableRule",
    "events:ListTargetsByRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
)
RESTORED_BUCKET: Sequence[str] = (
    "s3:CreateBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketVersioning",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketVersioning",
)
RESTORED_OBJECTS: Sequence[str] = (
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionAcl",
)
SNAPSHOTS: Sequence[str] = (
    "rds:AddTagsToResource",
    "rds:CopyDBClusterSnapshot",
    "rds:CreateDBClusterSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBClusters",
    "rds:ListTagsForResource",
)


def _state_stays_unread() -> Statement:
    """What the boundary of code says of every role that carries it; the boundary of the platform does not."""
    return deny(
        "StateStaysUnread", ["kms:*"], ["*"], {"ForAnyValue:StringEquals": {"kms:ResourceAliases": STATE_ALIAS}}
    )


def _database(place: BackedUp) -> list[Statement]:
    """Snapshots of one cluster. AWS Backup deletes its own when their time is over, in the name of this role."""
    if place.database_arn is None:
        return []
    own = f"arn:{place.partition}:rds:*:{place.account}:cluster-snapshot:awsbackup:*"
    return [
        allow("TakeSnapshots", SNAPSHOTS, [place.database_arn, own]),
        allow("DropOwnSnapshots", ["rds:DeleteDBClusterSnapshot"], [own]),
    ]


def _restored_database(place: Restored) -> list[Statement]:
    arn = f"arn:{place.partition}:rds:{place.region}:{place.account}"
    made = f"{arn}:cluster:{RESTORED}"
    from_backup = [made, f"{arn}:cluster-snapshot:awsbackup:*", f"{arn}:subgrp:*", f"{arn}:cluster-pg:*"]
    return [
        allow("FindDatabases", ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots"], ["*"]),
        allow("RestoreDatabase", ["rds:AddTagsToResource", "rds:RestoreDBClusterFromSnapshot"], from_backup),
        allow("DropRestoredDatabase", ["rds:DeleteDBCluster", "rds:ModifyDBCluster"], [made]),
    ]


def _copy_key(place: BackedUp) -> list[Statement]:
    """The key of the vault that takes copies, known by its alias: its id is not known before it exists."""
    if place.copy_vault_arn is None or place.copy_key_alias is None:
        return []
    if place.copy_key_arn is not None:
        return _keys("KeyOfCopies", [place.copy_key_arn])
    elsewhere = f"arn:{place.partition}:kms:{place.copy_vault_arn.split(':')[3]}:{place.account}:key/*"
    named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": place.copy_key_alias}}
    return _keys("KeyOfCopies", [elsewhere], named)


def _keys(sid: str, keys: Sequence[str], only: Mapping[str, Any] | None = None) -> list[Statement]:
    """Use keys, and lend them to AWS services alone; ``only`` is a condition on both."""
    lent = {**(only or {}), "Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        allow(f"Use{sid}", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"], keys, only),
        allow(f"Lend{sid}", ["kms:CreateGrant"], keys, lent),
    ]
