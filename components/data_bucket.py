"""Where teams keep documents, test data and evaluation sets: one bucket, one prefix per team.

Owns: the bucket, and the rule how a team's prefix is spelled.
Does not own: which role reads which prefix (``TeamSpace``).
"""

from dataclasses import dataclass

import pulumi

from components._bucket import BucketShape, private_bucket
from components._naming import physical_name


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
            ),
            parent=self,
        )

        self.bucket_arn = bucket.arn
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"bucket_arn": self.bucket_arn, "bucket_name": self.bucket_name})
