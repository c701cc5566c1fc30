"""Where teams keep documents, test data and evaluation sets: one bucket, one prefix per team.

Owns: the bucket, the rule how a team's prefix is spelled, and that no other team gets into it.
Does not own: which role reads which prefix (``TeamSpace``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components._bucket import BucketShape, private_bucket
from components._naming import physical_name
from components._policy import CALLERS_TEAM, PIPELINE, Statement


@dataclass(frozen=True, kw_only=True, slots=True)
class DataBucketArgs:
    """What a data bucket is made of."""

    account_id: str
    """Twelve digits; part of the bucket's name."""

    kms_key_arn: pulumi.Input[str]
    """Key of every object."""

    name_prefix: str
    """Start of the bucket's name."""

    region: str
    """Where the bucket is; part of its name."""

    exempt_role_arns: Sequence[str] = field(default=())
    """ARNs of further roles that reach every object, such as one that takes documents in for all teams; only the
    pipeline does if left out."""

    reader_role_arns: Sequence[str] = field(default=())
    """ARNs of further roles that read every object and write none, such as one that makes backups; none if left out."""


class DataBucket(pulumi.ComponentResource):
    """A private bucket that teams share without seeing each other."""

    bucket_arn: pulumi.Output[str]
    """For the policies of team roles."""

    bucket_name: pulumi.Output[str]
    """Ready when the bucket's policy is, so that nothing is stored before the bucket is closed."""

    def __init__(self, name: str, args: DataBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket."""
        super().__init__("llmlz:index:DataBucket", name, {}, opts)

        bucket, policy = private_bucket(
            f"{name}-bucket",
            BucketShape(
                bucket=physical_name("bucket", args.name_prefix, "data", args.account_id, args.region),
                kms_key_arn=args.kms_key_arn,
                statements=lambda arn: own_prefix(arn, args.account_id, args.exempt_role_arns, args.reader_role_arns),
            ),
            parent=self,
        )

        self.bucket_arn = bucket.arn
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"bucket_arn": self.bucket_arn, "bucket_name": self.bucket_name})


def own_prefix(
    bucket_arn: str, account_id: str, exempt_role_arns: Sequence[str], reader_role_arns: Sequence[str]
) -> list[Statement]:
    """One statement about everything; two where some may read and not write."""
    whole = own_prefix_only(bucket_arn, account_id, exempt_role_arns)
    if not reader_role_arns:
        return [whole]
    read = own_prefix_only(bucket_arn, account_id, [*exempt_role_arns, *reader_role_arns])
    return [
        {**whole, "Action": ["s3:DeleteObject*", "s3:PutObject*"]},
        {**read, "Sid": "OwnPrefixIsRead", "Action": ["s3:GetObject*"]},
    ]


def own_prefix_only(bucket_arn: str, account_id: str, exempt_role_arns: Sequence[str]) -> Statement:
    """Nobody reads, writes or deletes an object but below ``teams/`` and the team in the tag of the role.

    The pipeline lays down what all teams start from.
    """
    pipeline = f"arn:{bucket_arn.split(':')[1]}:iam::{account_id}:role/{PIPELINE}"
    return {
        "Sid": "OwnPrefixOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"],
        "NotResource": f"{bucket_arn}/teams/{CALLERS_TEAM}/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": [pipeline, *exempt_role_arns]}},
    }
