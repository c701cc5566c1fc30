"""The engine that costs nothing while nothing is stored: a vector bucket of Amazon S3 Vectors.

Owns: the bucket and its policy. Does not own: indexes; each team's stack makes its own (``VectorSpace``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import CALLERS_TEAM, Statement, document

KIND = "s3_vectors"

VECTORS: Sequence[str] = (
    "s3vectors:DeleteVectors",
    "s3vectors:GetVectors",
    "s3vectors:ListVectors",
    "s3vectors:PutVectors",
    "s3vectors:QueryVectors",
)
"""What reads and writes vectors; the pipeline, which makes indexes, needs none of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class S3Vectors:
    """Vectors in S3. There is nothing to choose."""


def s3_vectors(
    name: str,
    *,
    account_id: str,
    kms_key_arn: pulumi.Input[str],
    name_prefix: str,
    parent: pulumi.Resource,
) -> dict[str, pulumi.Output[str]]:
    """Make the bucket; the outputs are ready when its policy is."""
    bucket = aws.s3.VectorsVectorBucket(
        f"{name}-bucket",
        vector_bucket_name=physical_name("vector-bucket", name_prefix, "vectors"),
        # cannot be changed later, by any tier:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html (2026-11)
        encryption_configurations=[{"sse_type": "aws:kms", "kms_key_arn": kms_key_arn}],
        force_destroy=False,
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    policy = aws.s3.VectorsVectorBucketPolicy(
        f"{name}-bucket-policy",
        vector_bucket_arn=bucket.vector_bucket_arn,
        policy=bucket.vector_bucket_arn.apply(
            lambda arn: json.dumps(document([*perimeter(arn, account_id), own_index_only(arn)]))
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    closed = pulumi.Output.all(bucket.vector_bucket_arn, bucket.vector_bucket_name, policy.id)
    return {
        "kms_key_arn": pulumi.Output.from_input(kms_key_arn),
        "vector_bucket_arn": closed.apply(lambda made: str(made[0])),
        "vector_bucket_name": closed.apply(lambda made: str(made[1])),
    }


def perimeter(bucket_arn: str, account_id: str) -> list[Statement]:
    """Nobody from another account, and nothing without TLS, whatever identity policies allow.

    AWS services that act by themselves have no account of their own and are not meant:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11)
    """
    everyone = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3vectors:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
    }
    return [
        {"Sid": "NothingWithoutTls", **everyone, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {
            "Sid": "NobodyFromOutside",
            **everyone,
            "Condition": {
                "StringNotEquals": {"aws:PrincipalAccount": account_id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    ]


def own_index_only(bucket_arn: str) -> Statement:
    """Nobody reaches vectors but those of the index that is called like the team in the tag of the role, and of indexes
    below that name: ``claims``, and ``claims.handbook``. No team has a dot in its name.

    AWS keeps the indexes in order by itself, without any of these actions. Indexes are what such a policy names:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-resource-based-policies.html (2026-11)
    """
    return {
        "Sid": "OwnIndexOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(VECTORS),
        "NotResource": [f"{bucket_arn}/index/{CALLERS_TEAM}", f"{bucket_arn}/index/{CALLERS_TEAM}.*"],
    }
