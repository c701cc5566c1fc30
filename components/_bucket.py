"""What every bucket of the landing zone has from its first day: private, encrypted, versioned, TLS only."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._policy import Statement, document


@dataclass(frozen=True, kw_only=True, slots=True)
class BucketShape:
    """What differs between buckets."""

    bucket: str
    """Physical name, unique in the world."""

    kms_key_arn: pulumi.Input[str]
    """Customer key for everything stored here."""

    expire_days: int | None = None
    """Objects are deleted after this many days; kept for ever if left out."""

    object_lock: bool = False
    """AWS cannot add object lock to a bucket without help from support; no retention is set here."""

    retained: bool = False
    """Bucket and companions stay in the cloud when the program lets go of them."""

    statements: Callable[[str], Sequence[Statement]] = lambda _arn: ()
    """More statements for the bucket policy, from the bucket's ARN."""

    key_statements: Callable[[str, str], Sequence[Statement]] | None = None
    """More statements that name the key, from the bucket's ARN and the key's; none if left out."""


def private_bucket(name: str, shape: BucketShape, parent: pulumi.Resource) -> tuple[aws.s3.Bucket, aws.s3.BucketPolicy]:
    """A protected bucket and its companions, all children of ``parent``; the policy is the last to exist."""
    child = pulumi.ResourceOptions(parent=parent, retain_on_delete=shape.retained)
    bucket = aws.s3.Bucket(
        name,
        bucket=shape.bucket,
        object_lock_enabled=shape.object_lock,
        opts=pulumi.ResourceOptions(parent=parent, protect=True, retain_on_delete=shape.retained),
    )
    aws.s3.BucketVersioning(
        f"{name}-versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": {
                    "sse_algorithm": "aws:kms",
                    "kms_master_key_id": shape.kms_key_arn,
                },
                "bucket_key_enabled": True,
            }
        ],
        opts=child,
    )
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle", bucket=bucket.id, rules=lifecycle(shape.expire_days), opts=child
    )
    closed = aws.s3.BucketPublicAccessBlock(
        f"{name}-closed",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child,
    )
    policy = aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.id,
        policy=_policy_text(bucket, shape),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[closed]),
    )
    return bucket, policy


def _policy_text(bucket: aws.s3.Bucket, shape: BucketShape) -> pulumi.Output[str]:
    """The policy; it waits for the key only where it names it."""
    named = shape.key_statements
    if named is None:
        return bucket.arn.apply(lambda arn: json.dumps(document([tls_only(arn), *shape.statements(arn)])))
    return pulumi.Output.all(bucket.arn, shape.kms_key_arn).apply(
        lambda arns: json.dumps(document([tls_only(arns[0]), *shape.statements(arns[0]), *named(arns[0], arns[1])]))
    )


def lifecycle(expire_days: int | None) -> list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]:
    """Broken uploads go after a week; objects, and their former versions, after ``expire_days`` where that is set."""
    rules: list[aws.s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "abort-broken-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        }
    ]
    if expire_days is not None:
        rules.append(
            {
                "id": "expire",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "expiration": {"days": expire_days},
                "noncurrent_version_expiration": {"noncurrent_days": expire_days},
            }
        )
    return rules


def tls_only(bucket_arn: str) -> Statement:
    """Deny of every call that is not encrypted on its way."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
