"""Where evidence goes: the archive bucket, the trail of API calls and the log group of model calls.

Owns: the bucket with object lock from birth, its retention and its copy, CloudTrail and its log group, the log group for
model invocations and what is masked in it.
Does not own: the switch that makes Bedrock log (``ModelAccess``), keys, the account that copies go to (``LogVault``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._bucket import BucketShape, private_bucket
from components._masking import masking_policy
from components._naming import LARGE_DATA_PREFIX, TRAIL_PREFIX, physical_name
from components._object_lock import ObjectLock, locked
from components._policy import Statement, allow
from components._replication import ReplicaTarget, replicated
from components._trail import DataEvent, event_selectors, trail_writer

__all__ = ["DataEvent", "LogArchive", "LogArchiveArgs", "ObjectLock", "ReplicaTarget", "TrailBucket", "trail_arn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailBucket:
    """A bucket that exists already, and whose owner lets this trail write."""

    bucket_name: str
    """The bucket, in this account or another."""

    kms_key_arn: str
    """Key that CloudTrail encrypts with; its policy lets this trail use it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogArchiveArgs:
    """What a log archive is made of."""

    account_id: str
    """Twelve digits; services deliver for this account alone."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the roles that CloudTrail and replication use."""

    kms_key_arn: pulumi.Input[str]
    """Key of the bucket, the trail and both log groups."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the archive is; the trail covers all regions."""

    retention_days: int
    """How long log groups keep events; CloudWatch accepts certain numbers only."""

    archive_days: int | None = None
    """How long the bucket keeps objects; for ever if left out."""

    data_events: Sequence[DataEvent] = field(default=())
    """What the trail records beside management events; nothing if left out."""

    masked: Sequence[str] | None = field(default=None)
    """Managed data identifiers of CloudWatch Logs, masked in model calls from now on; nothing is masked if left out."""

    object_lock: ObjectLock | None = field(default=None)
    """How long new objects cannot be deleted; they can be if left out."""

    replica: ReplicaTarget | None = field(default=None)
    """Where every new object is copied; nowhere if left out."""

    trail_bucket: TrailBucket | None = field(default=None)
    """Where the trail delivers instead; to the archive's own bucket if left out. Prompts that are too large for a log
    event stay in the own bucket, since Bedrock delivers within one account and region only:
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html (2026-11)."""

    trail_elsewhere: pulumi.Input[str] | None = field(default=None)
    """ARN of a trail of this account that covers this region too; a trail is made here if left out."""


class LogArchive(pulumi.ComponentResource):
    """Evidence of who did what, kept where the people it is about cannot change it."""

    bucket_name: pulumi.Output[str]
    """The archive bucket; ready when its policy is, so that services can deliver."""

    invocation_log_group_arn: pulumi.Output[str]
    """Log group of model calls, for the role that writes to it."""

    invocation_log_group_name: pulumi.Output[str]
    """Log group of model calls, for the setting that names it."""

    trail_arn: pulumi.Output[str]
    """The trail of API calls."""

    trail_log_group_name: pulumi.Output[str] | None
    """Log group that the trail writes to."""

    def __init__(self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the archive under ``name``."""
        super().__init__("llmlz:index:LogArchive", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=True)
        source_arn = trail_arn(args.partition, args.region, args.account_id, args.name_prefix)
        archive = archive_name(args.name_prefix, args.account_id, args.region)

        bucket, policy = private_bucket(
            f"{name}-bucket",
            BucketShape(
                bucket=archive,
                kms_key_arn=args.kms_key_arn,
                expire_days=args.archive_days,
                object_lock=True,
                statements=lambda arn: delivery_statements(arn, source_arn, args),
            ),
            parent=self,
        )
        invocations = aws.cloudwatch.LogGroup(
            f"{name}-invocations",
            name=f"/{args.name_prefix}/bedrock-invocations",
            kms_key_id=args.kms_key_arn,
            retention_in_days=args.retention_days,
            opts=kept,
        )
        self._keep(name, args, bucket)
        if args.masked is not None:
            aws.cloudwatch.LogDataProtectionPolicy(
                f"{name}-invocations-masking",
                log_group_name=invocations.name,
                policy_document=json.dumps(masking_policy(args.partition, args.masked)),
                opts=child,
            )
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.invocation_log_group_arn = invocations.arn
        self.invocation_log_group_name = invocations.name
        made = _trail(name, args, bucket, policy, self) if args.trail_elsewhere is None else None
        self.trail_arn = made[0] if made else pulumi.Output.from_input(args.trail_elsewhere or "")
        self.trail_log_group_name = made[1] if made else None
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "invocation_log_group_arn": self.invocation_log_group_arn,
                "invocation_log_group_name": self.invocation_log_group_name,
                "trail_arn": self.trail_arn,
                "trail_log_group_name": self.trail_log_group_name,
            }
        )

    def _keep(self, name: str, args: LogArchiveArgs, bucket: aws.s3.Bucket) -> None:
        """What keeps objects of the bucket from being lost: each is added to a bucket that is there already."""
        if args.object_lock is not None:
            locked(f"{name}-bucket-lock", bucket, args.object_lock, parent=self)
        if args.replica is not None:
            replicated(
                f"{name}-bucket-replica",
                account_id=args.account_id,
                boundary_arn=args.boundary_arn,
                bucket=bucket,
                kms_key_arn=args.kms_key_arn,
                partition=args.partition,
                role_name=replica_role_name(args.name_prefix),
                source_region=args.region,
                target=args.replica,
                parent=self,
            )


def archive_name(name_prefix: str, account_id: str, region: str) -> str:
    """Name of the archive's own bucket, known before it exists, because policies of an organization name it."""
    return physical_name("bucket", name_prefix, "logs", account_id, region)


def replica_role_name(name_prefix: str) -> str:
    """Name of the role that copies, known before it exists, because the bucket of the copies lets in nobody else."""
    return physical_name("role", name_prefix, "log-replica")


def _trail(
    name: str, args: LogArchiveArgs, bucket: aws.s3.Bucket, policy: aws.s3.BucketPolicy, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """ARN of a trail of all regions, and the log group where its events can be searched."""
    trail_logs = aws.cloudwatch.LogGroup(
        f"{name}-trail-logs",
        name=f"/{args.name_prefix}/cloudtrail",
        kms_key_id=args.kms_key_arn,
        retention_in_days=args.retention_days,
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    role, writes = trail_writer(
        f"{name}-trail-role",
        account_id=args.account_id,
        boundary_arn=args.boundary_arn,
        log_group_arn=trail_logs.arn,
        physical=physical_name("role", args.name_prefix, "cloudtrail"),
        parent=parent,
    )
    elsewhere, own_buckets = args.trail_bucket, f"arn:{args.partition}:s3:::{args.name_prefix}-"
    archive = archive_name(args.name_prefix, args.account_id, args.region)
    trail = aws.cloudtrail.Trail(
        f"{name}-trail",
        name=trail_name(args.name_prefix),
        s3_bucket_name=elsewhere.bucket_name if elsewhere else bucket.id,
        s3_key_prefix=TRAIL_PREFIX,
        kms_key_id=elsewhere.kms_key_arn if elsewhere else args.kms_key_arn,
        cloud_watch_logs_group_arn=pulumi.Output.concat(trail_logs.arn, ":*"),
        cloud_watch_logs_role_arn=role.arn,
        enable_log_file_validation=True,
        include_global_service_events=True,
        is_multi_region_trail=True,
        advanced_event_selectors=event_selectors(args.data_events, own_buckets, f"arn:{args.partition}:s3:::{archive}"),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy, writes]),
    )
    return trail.arn, trail_logs.name


def trail_name(name_prefix: str) -> str:
    """Known before the trail exists, because bucket and key policies name it."""
    return f"{name_prefix}-trail"


def trail_arn(partition: str, region: str, account_id: str, name_prefix: str) -> str:
    """ARN of the trail that ``LogArchive`` makes under this prefix."""
    return f"arn:{partition}:cloudtrail:{region}:{account_id}:trail/{trail_name(name_prefix)}"


def delivery_statements(bucket_arn: str, source_arn: str, args: LogArchiveArgs) -> Sequence[Statement]:
    """CloudTrail delivers this one trail, Bedrock delivers for this account; nobody else writes.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html and
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html (2026-11)
    """
    from_trail = {"StringEquals": {"aws:SourceArn": source_arn}}
    from_bedrock = {
        "StringEquals": {"aws:SourceAccount": args.account_id},
        "ArnLike": {"aws:SourceArn": f"arn:{args.partition}:bedrock:{args.region}:{args.account_id}:*"},
    }
    trail_objects = f"{bucket_arn}/{TRAIL_PREFIX}/AWSLogs/{args.account_id}/*"
    bedrock_objects = f"{bucket_arn}/{LARGE_DATA_PREFIX}/AWSLogs/{args.account_id}/BedrockModelInvocationLogs/*"
    trail, bedrock = {"Service": "cloudtrail.amazonaws.com"}, {"Service": "bedrock.amazonaws.com"}
    from_here = (
        []
        if args.trail_elsewhere is not None
        else [
            {**allow("TrailLooksAtBucket", ["s3:GetBucketAcl"], [bucket_arn], from_trail), "Principal": trail},
            {**allow("TrailDelivers", ["s3:PutObject"], [trail_objects], from_trail), "Principal": trail},
        ]
    )
    return [
        *from_here,
        {**allow("BedrockDelivers", ["s3:PutObject"], [bedrock_objects], from_bedrock), "Principal": bedrock},
    ]
