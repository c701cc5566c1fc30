"""A copy of a bucket in another account: the role that S3 takes for it, and the rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._policy import Statement, allow, document, service_trust


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicaTarget:
    """Where the copies go: a bucket with object lock and versions in another account, which lets the role in."""

    account_id: str
    """Twelve digits: the owner of the copies."""

    bucket_arn: str
    """The bucket; S3 looks for it when the rule is made."""

    key_alias: str
    """Alias of the key of the copies, such as ``alias/llmlz-organization-log-vault``."""

    region: str
    """Where the bucket and the key are."""


def replicated(
    name: str,
    *,
    account_id: str,
    boundary_arn: pulumi.Input[str],
    bucket: aws.s3.Bucket,
    kms_key_arn: pulumi.Input[str],
    partition: str,
    role_name: str,
    source_region: str,
    target: ReplicaTarget,
    parent: pulumi.Resource,
) -> None:
    """Copy every new object of ``bucket``. What was there before is not copied, and deletions never are.

    The key of the copies is named by its alias, which is known before anything is deployed:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_EncryptionConfiguration.html (2026-11).
    """
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name,
        assume_role_policy=json.dumps(service_trust(["s3.amazonaws.com"], account_id)),
        permissions_boundary=boundary_arn,
        opts=child,
    )
    copies = aws.iam.RolePolicy(
        f"{name}-role-copies",
        role=role.name,
        policy=pulumi.Output.all(bucket.arn, kms_key_arn).apply(
            lambda made: json.dumps(document(copy_statements(made[0], made[1], source_region, partition, target)))
        ),
        opts=child,
    )
    aws.s3.BucketReplicationConfig(
        name,
        bucket=bucket.id,
        role=role.arn,
        rules=[
            {
                "id": "everything",
                "priority": 1,
                "status": "Enabled",
                "filter": {"prefix": ""},
                "delete_marker_replication": {"status": "Disabled"},
                "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
                "destination": {
                    "account": target.account_id,
                    "access_control_translation": {"owner": "Destination"},
                    "bucket": target.bucket_arn,
                    "encryption_configuration": {
                        "replica_kms_key_id": _key(partition, target, target.key_alias),
                    },
                },
            }
        ],
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[copies]),
    )


def copy_statements(
    bucket_arn: str, kms_key_arn: str, source_region: str, partition: str, target: ReplicaTarget
) -> Sequence[Statement]:
    """Read versions with their locks here, write copies there; nothing can be deleted on either side.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html and
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html (2026-11)
    """
    here = {"StringEquals": {"kms:ViaService": f"s3.{source_region}.amazonaws.com"}}
    there = {
        "StringEquals": {"kms:ViaService": f"s3.{target.region}.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": target.key_alias},
    }
    versions = [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
    ]
    return [
        allow("ReadTheRule", ["s3:GetReplicationConfiguration", "s3:ListBucket"], [bucket_arn]),
        allow("ReadVersions", versions, [f"{bucket_arn}/*"]),
        allow("WriteCopies", ["s3:ReplicateObject", "s3:ReplicateTags"], [f"{target.bucket_arn}/*"]),
        allow("DecryptHere", ["kms:Decrypt"], [kms_key_arn], here),
        allow("EncryptThere", ["kms:Encrypt", "kms:GenerateDataKey"], [_key(partition, target, "key/*")], there),
    ]


def _key(partition: str, target: ReplicaTarget, name: str) -> str:
    return f"arn:{partition}:kms:{target.region}:{target.account_id}:{name}"
