"""Evidence in an account of its own: what platforms copy there, and the trail of the organization.

Owns: one key and one bucket with object lock from birth, in one region of the log-archive account.
Does not own: the trail (``OrganizationTrail``), the rule by which a platform copies (``LogArchive``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components._bucket import BucketShape, private_bucket
from components._key import rotated_key
from components._key_policy import account_decides
from components._naming import LARGE_DATA_PREFIX, ORGANIZATION_TRAIL_PREFIX, TRAIL_PREFIX, physical_name
from components._object_lock import ObjectLock, locked
from components._policy import Statement, document

__all__ = ["KEY_ALIAS", "Copier", "LogVault", "LogVaultArgs", "ObjectLock", "vault_name"]

KEY_ALIAS = "log-vault"
"""End of the key's alias: platforms know the key by it, before the vault is there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copier:
    """A platform that copies its archive here."""

    account_id: str
    """Twelve digits: copies of this account's evidence, and of no other's."""

    role_arn: str
    """The role that S3 takes to copy; it need not exist yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogVaultArgs:
    """What a log vault is made of."""

    account_id: str
    """Twelve digits: the log-archive account."""

    name_prefix: str
    """Start of every physical name."""

    organization_id: str
    """Reads ``o-`` and ten or more characters; nobody outside it comes in."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the vault is."""

    copiers: Sequence[Copier] = field(default=())
    """Platforms that copy here; none if left out."""

    object_lock: ObjectLock | None = field(default=None)
    """How long what the trail delivers cannot be deleted; copies keep the retention of their source. None if left out."""

    trail_arn: str | None = field(default=None)
    """The organization's trail, which delivers here; none does if left out."""


class LogVault(pulumi.ComponentResource):
    """A bucket that takes evidence in, and from which nobody takes any away."""

    bucket_name: pulumi.Output[str]
    """Ready when the bucket's policy is, so that a trail can deliver."""

    kms_key_arn: pulumi.Output[str]
    """Key of everything in the bucket."""

    def __init__(self, name: str, args: LogVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the key and the bucket."""
        super().__init__("llmlz:index:LogVault", name, {}, opts)
        key = rotated_key(
            f"{name}-key",
            alias=f"{args.name_prefix}-{KEY_ALIAS}",
            description="LLM landing zone: evidence of all accounts",
            policy=json.dumps(document(key_policy(args))),
            parent=self,
        )
        bucket, policy = private_bucket(
            f"{name}-bucket",
            BucketShape(
                bucket=vault_name(args.name_prefix, args.account_id, args.region),
                kms_key_arn=key,
                object_lock=True,
                statements=lambda arn: bucket_policy(arn, args),
            ),
            parent=self,
        )
        if args.object_lock is not None:
            locked(f"{name}-bucket-lock", bucket, args.object_lock, parent=self)
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.kms_key_arn = key
        self.register_outputs({"bucket_name": self.bucket_name, "kms_key_arn": self.kms_key_arn})


def vault_name(name_prefix: str, account_id: str, region: str) -> str:
    """Name of the bucket in one region, known to platforms before the bucket is there."""
    return physical_name("bucket", name_prefix, "log-vault", account_id, region)


def bucket_policy(bucket_arn: str, args: LogVaultArgs) -> list[Statement]:
    """Each platform's role copies below the paths of its own account, the trail delivers, and nobody deletes.

    Replication never deletes here: it would have to be allowed to, and a deletion of a version is not replicated:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html (2026-11)
    """
    return [
        *(_copies(number, bucket_arn, copier, args) for number, copier in enumerate(args.copiers)),
        *(_trail_delivers(bucket_arn, args) if args.trail_arn else ()),
        {
            "Sid": "NobodyDeletes",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:BypassGovernanceRetention", "s3:DeleteBucket", "s3:DeleteObject*", "s3:ReplicateDelete"],
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
        },
    ]


def _copies(number: int, bucket_arn: str, copier: Copier, args: LogVaultArgs) -> Statement:
    """The account is the principal, since AWS refuses a policy that names a role which is not there yet."""
    places = [f"{bucket_arn}/{prefix}/AWSLogs/{copier.account_id}/*" for prefix in (LARGE_DATA_PREFIX, TRAIL_PREFIX)]
    return {
        "Sid": f"Copies{number}",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{args.partition}:iam::{copier.account_id}:root"},
        "Action": ["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags"],
        "Resource": places,
        "Condition": _is(copier.role_arn, args.organization_id),
    }


def _is(role_arns: str | Sequence[str], organization_id: str) -> dict[str, object]:
    """Sessions of these roles, as long as their account is in the organization."""
    return {"ArnEquals": {"aws:PrincipalArn": role_arns}, "StringEquals": {"aws:PrincipalOrgID": organization_id}}


def _trail_delivers(bucket_arn: str, args: LogVaultArgs) -> list[Statement]:
    """CloudTrail tests its way in under the account of the trail, and delivers under the organization.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html (2026-11)
    """
    trail_arn = str(args.trail_arn)
    owner, source = trail_arn.split(":")[4], {"StringEquals": {"aws:SourceArn": trail_arn}}
    delivered = [f"{bucket_arn}/{ORGANIZATION_TRAIL_PREFIX}/AWSLogs/{who}/*" for who in (owner, args.organization_id)]
    trail = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": source}
    return [
        {"Sid": "TrailLooksAtBucket", **trail, "Action": "s3:GetBucketAcl", "Resource": bucket_arn},
        {"Sid": "TrailDelivers", **trail, "Action": "s3:PutObject", "Resource": delivered},
    ]


def key_policy(args: LogVaultArgs) -> list[Statement]:
    """The account decides, platforms encrypt what they copy, the trail what it delivers; nobody else comes in."""
    roots = sorted({f"arn:{args.partition}:iam::{copier.account_id}:root" for copier in args.copiers})
    statements = [account_decides(args.partition, args.account_id), _organization_only(args.organization_id)]
    if args.copiers:
        condition = _is(sorted(copier.role_arn for copier in args.copiers), args.organization_id)
        via = {**condition["StringEquals"], "kms:ViaService": f"s3.{args.region}.amazonaws.com"}  # type: ignore[dict-item]
        statements.append(
            {
                "Sid": "CopiersEncrypt",
                "Effect": "Allow",
                "Principal": {"AWS": roots},
                "Action": ["kms:Encrypt", "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": {**condition, "StringEquals": via},
            }
        )
    if args.trail_arn:
        statements.append(
            {
                "Sid": "TrailEncrypts",
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["kms:DescribeKey", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": args.trail_arn}},
            }
        )
    return statements


def _organization_only(organization_id: str) -> Statement:
    """Nobody from outside the organization, whatever a later statement or a grant says; services are not meant."""
    return {
        "Sid": "NobodyFromOutside",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:*",
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:PrincipalOrgID": organization_id},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }
