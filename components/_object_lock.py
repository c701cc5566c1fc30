"""Default retention of a bucket that was born with object lock: added in place, also years later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectLock:
    """How long new objects are kept from deletion. Objects that were there before keep what they had."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    """``GOVERNANCE``: whoever may ``s3:BypassGovernanceRetention`` can still delete. ``COMPLIANCE``: nobody can, for any
    reason, before the days are over: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (2026-11)."""

    days: int
    """Days from the moment an object is stored."""


def locked(
    name: str, bucket: aws.s3.Bucket, lock: ObjectLock, parent: pulumi.Resource
) -> aws.s3.BucketObjectLockConfiguration:
    """The retention of a bucket; the bucket itself does not change."""
    return aws.s3.BucketObjectLockConfiguration(
        name,
        bucket=bucket.id,
        rule={"default_retention": {"mode": lock.mode, "days": lock.days}},
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
