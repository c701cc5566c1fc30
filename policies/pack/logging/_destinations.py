"""Where services deliver evidence to: the buckets that somebody writes logs into, and who may write there."""

from collections.abc import Mapping, Sequence

from policies.pack._documents import parse
from policies.pack._relations import pointing_at, receives
from policies.pack._rule import Context, Resource

CONFIGURATION = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"
BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
WRITERS: Mapping[str, Sequence[str]] = {
    CONFIGURATION: (
        "loggingConfig.s3Config.bucketName",
        "loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName",
    ),
    "aws:cfg/deliveryChannel:DeliveryChannel": ("s3BucketName",),
    "aws:cloudtrail/trail:Trail": ("s3BucketName",),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": ("destinationArn",),
}
"""Type that delivers to the inputs that name its bucket, by name or by ARN."""


def is_destination(bucket: Resource, context: Context, services: Sequence[str]) -> bool:
    """A service delivers to the bucket, or the bucket's policy lets one of ``services`` in."""
    return receives(bucket, context, WRITERS) or any(
        service in statement.principals.get("Service", ())
        for policy in pointing_at(context, bucket, BUCKET_POLICY, "bucket", "bucket")
        for statement in parse(policy.inputs.get("policy"), "resource", f"policy of {policy.name}")
        for service in services
        if statement.allows
    )
