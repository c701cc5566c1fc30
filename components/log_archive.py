"""Where evidence goes: the archive bucket, the trail of API calls and the log group of model calls.

Owns: the bucket with object lock from birth, CloudTrail and its log group, the log group for model invocations.
Does not own: the switch that makes Bedrock log (``ModelAccess``), keys, retention rules of other components' logs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._bucket import BucketShape, private_bucket
from components._naming import LARGE_DATA_PREFIX, physical_name
from components._policy import Statement, allow, document, service_trust

TRAIL_PREFIX = "cloudtrail"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogArchiveArgs:
    """What a log archive is made of."""

    account_id: str
    """Twelve digits; services deliver for this account alone."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that CloudTrail uses; of no use without a trail."""

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

    trail_elsewhere: pulumi.Input[str] | None = None
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

    def __init__(self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the archive under ``name``."""
        super().__init__("llmlz:index:LogArchive", name, {}, opts)
        kept = pulumi.ResourceOptions(parent=self, protect=True)
        source_arn = trail_arn(args.partition, args.region, args.account_id, args.name_prefix)

        bucket, policy = private_bucket(
            f"{name}-bucket",
            BucketShape(
                bucket=physical_name("bucket", args.name_prefix, "logs", args.account_id, args.region),
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
        self.bucket_name = pulumi.Output.all(bucket.id, policy.id).apply(lambda made: str(made[0]))
        self.invocation_log_group_arn = invocations.arn
        self.invocation_log_group_name = invocations.name
        self.trail_arn = (
            _trail(name, args, bucket, policy, self)
            if args.trail_elsewhere is None
            else pulumi.Output.from_input(args.trail_elsewhere)
        )
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "invocation_log_group_arn": self.invocation_log_group_arn,
                "invocation_log_group_name": self.invocation_log_group_name,
                "trail_arn": self.trail_arn,
            }
        )


def _trail(
    name: str, args: LogArchiveArgs, bucket: aws.s3.Bucket, policy: aws.s3.BucketPolicy, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """ARN of a trail of all regions, and where its events can be searched."""
    child = pulumi.ResourceOptions(parent=parent)
    kept = pulumi.ResourceOptions(parent=parent, protect=True)
    trail_logs = aws.cloudwatch.LogGroup(
        f"{name}-trail-logs",
        name=f"/{args.name_prefix}/cloudtrail",
        kms_key_id=args.kms_key_arn,
        retention_in_days=args.retention_days,
        opts=kept,
    )
    role = aws.iam.Role(
        f"{name}-trail-role",
        name=physical_name("role", args.name_prefix, "cloudtrail"),
        assume_role_policy=json.dumps(service_trust(["cloudtrail.amazonaws.com"], args.account_id)),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    writes = aws.iam.RolePolicy(
        f"{name}-trail-role-writes",
        role=role.name,
        policy=trail_logs.arn.apply(lambda arn: json.dumps(write_logs(arn))),
        opts=child,
    )
    trail = aws.cloudtrail.Trail(
        f"{name}-trail",
        name=trail_name(args.name_prefix),
        s3_bucket_name=bucket.id,
        s3_key_prefix=TRAIL_PREFIX,
        kms_key_id=args.kms_key_arn,
        cloud_watch_logs_group_arn=pulumi.Output.concat(trail_logs.arn, ":*"),
        cloud_watch_logs_role_arn=role.arn,
        enable_log_file_validation=True,
        include_global_service_events=True,
        is_multi_region_trail=True,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy, writes]),
    )
    return trail.arn


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


def write_logs(log_group_arn: str) -> dict[str, object]:
    """Write streams and events into one log group."""
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return document([allow("WriteThisLogGroup", actions, [f"{log_group_arn}:log-stream:*"])])
