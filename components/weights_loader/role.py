"""What the loader may do in AWS, as pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi

from components._policy import Statement, allow

PREFIX = "weights"
"""As the store spells it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Staging:
    """A prefix in S3 where somebody lays files down for the loader."""

    bucket_arn: pulumi.Input[str]
    """The bucket; its own policy must let the loader's role in."""

    prefix: str
    """Folders below which the entries lie, without slashes at the ends; empty for the whole bucket."""

    kms_key_arn: pulumi.Input[str] | None = None
    """Key of the objects there; none if they have the service's own."""


def store_statements(bucket_arn: str, kms_key_arn: str, entries: Iterable[str]) -> list[Statement]:
    """Read and write below the entries that are loaded, and list nothing else; nothing is ever deleted.

    An upload in parts decrypts what it has sent so far:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html (2026-11)
    """
    below = [f"{PREFIX}/{entry}/*" for entry in sorted(entries)]
    objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
    return [
        allow("ListEntries", ["s3:ListBucket"], [bucket_arn], {"StringLike": {"s3:prefix": below}}),
        allow("StoreEntries", objects, [f"{bucket_arn}/{each}" for each in below]),
        allow("UseTheStoresKey", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn]),
    ]


def staging_statements(bucket_arn: str, prefix: str, kms_key_arn: str | None) -> list[Statement]:
    """Read what was laid down, and see what else lies there."""
    below = f"{prefix}/*" if prefix else "*"
    listed = {"StringLike": {"s3:prefix": [below]}}
    statements = [
        allow("ListStaging", ["s3:ListBucket"], [bucket_arn], listed),
        allow("ReadStaging", ["s3:GetObject"], [f"{bucket_arn}/{below}"]),
    ]
    return [*statements, allow("DecryptStaging", ["kms:Decrypt"], [kms_key_arn])] if kms_key_arn else statements
