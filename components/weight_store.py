"""The private store of model weights and adapters: one bucket, one prefix per entry and revision.

Owns: the bucket, how a prefix is spelled, and that one role writes, a few read, and neither deletes.
Does not own: these roles (``WeightsLoader`` and whoever serves), and what may be stored (the loader decides that).

A store is read by servers that run what they find. So the policy of the bucket says again what the policies of roles
say, as a Deny: a role that was given too much elsewhere still cannot bring weights in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components._bucket import BucketShape, private_bucket
from components._naming import physical_name
from components._policy import PIPELINE, Statement, allow

LOADER = "weights-loader"
"""End of the name of the role that writes, in every account."""

PREFIX = "weights"
"""Everything lies below it: ``weights/<name>/<revision>/<file>``, with ``provenance.json`` written last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WeightStoreArgs:
    """What a store of weights is made of."""

    account_id: str
    """Twelve digits; part of the bucket's name."""

    kms_key_arn: pulumi.Input[str]
    """Key of every object; an upload that names another one is refused."""

    loader_role_arn: str
    """The role that writes; it need not exist yet."""

    name_prefix: str
    """Start of the bucket's name."""

    region: str
    """Where the bucket is; part of its name."""

    reader_role_arns: Sequence[str] = field(default=())
    """Roles of servers that load weights; they need not exist yet. Nobody but the loader reads if left out."""


class WeightStore(pulumi.ComponentResource):
    """A private bucket of weights that were looked at."""

    bucket_arn: pulumi.Output[str]
    """For the policies of the roles that read and write."""

    bucket_name: pulumi.Output[str]
    """Ready when the bucket's policy is, so that nothing is stored before the bucket is closed."""

    def __init__(self, name: str, args: WeightStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket."""
        super().__init__("llmlz:index:WeightStore", name, {}, opts)
        bucket, policy = private_bucket(
            f"{name}-bucket",
            BucketShape(
                bucket=physical_name("bucket", args.name_prefix, "weights", args.account_id, args.region),
                kms_key_arn=args.kms_key_arn,
                statements=lambda arn: who_may(arn, args),
                key_statements=own_key_only,
            ),
            parent=self,
        )
        self.bucket_arn = bucket.arn
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"bucket_arn": self.bucket_arn, "bucket_name": self.bucket_name})


def loader_role_arn(partition: str, account_id: str, name_prefix: str) -> str:
    """The role that writes, known before it is there."""
    return f"arn:{partition}:iam::{account_id}:role/{physical_name('role', name_prefix, LOADER)}"


def who_may(bucket_arn: str, args: WeightStoreArgs) -> list[Statement]:
    """Readers and the loader read, the loader writes below ``weights/``, and only the pipeline can take weights away.

    The loader reads to see what is there already. What was withdrawn is deleted by the pipeline alone, in a change that
    somebody approved.
    """
    pipeline = f"arn:{bucket_arn.split(':')[1]}:iam::{args.account_id}:role/{PIPELINE}"
    objects, below = f"{bucket_arn}/*", f"{bucket_arn}/{PREFIX}/*"
    return [
        _all_but(
            "OnlyServersRead", ["s3:GetObject*"], {"Resource": objects}, [*args.reader_role_arns, args.loader_role_arn]
        ),
        _all_but(
            "OnlyTheLoaderWrites",
            ["s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
            {"Resource": objects},
            [args.loader_role_arn],
        ),
        _all_but("NobodyDeletes", ["s3:DeleteObject*"], {"Resource": objects}, [pipeline]),
        {
            "Sid": "NothingElsewhere",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:PutObject*"],
            "NotResource": below,
        },
    ]


def own_key_only(bucket_arn: str, kms_key_arn: str) -> list[Statement]:
    """An upload names the store's key or none; without one, S3 takes the bucket's, which is the same.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (2026-11). The parts of an upload in
    parts name no key of their own, so that a key cannot be asked for: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
    (2026-11).
    """
    refused: Statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:PutObject"],
        "Resource": f"{bucket_arn}/*",
    }
    key, kind = "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:x-amz-server-side-encryption"
    return [
        {
            "Sid": "NoOtherKey",
            **refused,
            "Condition": {"Null": {key: "false"}, "ArnNotEquals": {key: kms_key_arn}},
        },
        {
            "Sid": "NoOtherEncryption",
            **refused,
            "Condition": {"Null": {kind: "false"}, "StringNotEquals": {kind: "aws:kms"}},
        },
    ]


def reader_statements(bucket_arn: str, kms_key_arn: str) -> list[Statement]:
    """What the policy of a role that serves needs, beside being one of ``reader_role_arns``."""
    return [
        allow("ListWeights", ["s3:ListBucket"], [bucket_arn], {"StringLike": {"s3:prefix": [f"{PREFIX}/*"]}}),
        allow("ReadWeights", ["s3:GetObject"], [f"{bucket_arn}/{PREFIX}/*"]),
        allow("DecryptWeights", ["kms:Decrypt"], [kms_key_arn]),
    ]


def _all_but(sid: str, actions: Sequence[str], where: Statement, role_arns: Sequence[str]) -> Statement:
    """A Deny to everybody but these roles; their sessions are known by the role's ARN."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        **where,
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(role_arns)}},
    }
