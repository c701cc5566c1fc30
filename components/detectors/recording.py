"""AWS Config: its recorder, and the bucket that it delivers to.

The bucket is not the log archive: Config "does not support the delivery channel to an Amazon S3 bucket where object lock
is enabled with default retention", which the archive has at a higher tier:
https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html (2026-11).
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._bucket import BucketShape, private_bucket
from components._naming import physical_name
from components._policy import Statement, allow
from components.detectors.args import DetectorsArgs, Recording

SERVICE = "config.amazonaws.com"
DEFAULT = "default"
"""What AWS itself calls the one recorder and the one channel, so that those which exist can be adopted:
https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html (2026-11)."""


def record_changes(name: str, args: DetectorsArgs, wish: Recording, parent: pulumi.Resource) -> pulumi.Resource:
    """Bucket, role, recorder and channel, all children of ``parent``; what is given back is the recorder at work."""
    left = pulumi.ResourceOptions(parent=parent, retain_on_delete=True)
    bucket, policy = private_bucket(
        f"{name}-bucket",
        BucketShape(
            bucket=config_bucket_name(args.name_prefix, args.account_id, args.region),
            kms_key_arn=wish.kms_key_arn,
            expire_days=wish.archive_days,
            object_lock=True,
            retained=True,  # whoever records next delivers here until told otherwise
            statements=lambda arn: delivery_statements(arn, args.account_id),
        ),
        parent=parent,
    )
    recorder = aws.cfg.Recorder(
        f"{name}-recorder",
        name=DEFAULT,
        role_arn=wish.role_arn or _service_linked_role(f"{name}-role", left),
        recording_group={"all_supported": True, "include_global_resource_types": wish.global_types},
        opts=left,
    )
    channel = aws.cfg.DeliveryChannel(
        f"{name}-channel",
        name=DEFAULT,
        s3_bucket_name=bucket.id,
        s3_kms_key_arn=wish.kms_key_arn,
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=True, depends_on=[recorder, policy]),
    )
    return aws.cfg.RecorderStatus(
        f"{name}-recording",
        name=recorder.name,
        is_enabled=True,
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=True, depends_on=[channel]),
    )


def _service_linked_role(name: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Config's own role, whose policy AWS keeps; no boundary can be put on it.

    Security Hub's Config.1 fails with any other role:
    https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html (2026-11)
    """
    return aws.iam.ServiceLinkedRole(name, aws_service_name=SERVICE, opts=opts).arn


def config_bucket_name(name_prefix: str, account_id: str, region: str) -> str:
    """Known before the bucket exists, because others watch and guard it."""
    return physical_name("bucket", name_prefix, "config", account_id, region)


def delivery_statements(bucket_arn: str, account_id: str) -> Sequence[Statement]:
    """Config looks for the bucket and delivers, for this account alone; nobody else writes.

    https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html (2026-11)
    """
    origin = {"StringEquals": {"aws:SourceAccount": account_id}}
    objects = f"{bucket_arn}/AWSLogs/{account_id}/Config/*"
    config = {"Service": SERVICE}
    return [
        {
            **allow("ConfigLooksAtBucket", ["s3:GetBucketAcl", "s3:ListBucket"], [bucket_arn], origin),
            "Principal": config,
        },
        {**allow("ConfigDelivers", ["s3:PutObject"], [objects], origin), "Principal": config},
    ]
