"""The trail of an organization: API calls of every account, also of those that nobody told us about.

Owns: the trail in the management account, its log group there and the role that writes to it.
Does not own: the bucket that it delivers to (``LogVault``); platforms keep a trail of their own, which alarms are made of.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._naming import ORGANIZATION_TRAIL_PREFIX, physical_name
from components._trail import trail_writer


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganizationTrailArgs:
    """What the trail of an organization is made of."""

    account_id: str
    """Twelve digits: the management account."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that CloudTrail uses."""

    bucket_name: pulumi.Input[str]
    """Bucket in the log-archive account, ready to be delivered to."""

    bucket_key_arn: pulumi.Input[str]
    """Key of that bucket."""

    log_group_key_arn: pulumi.Input[str]
    """Key of the log group, in the management account."""

    name_prefix: str
    """Start of every physical name."""

    retention_days: int
    """How long the log group keeps events; CloudWatch accepts certain numbers only."""


class OrganizationTrail(pulumi.ComponentResource):
    """One trail over all accounts and regions. CloudTrail must be trusted by the organization before."""

    trail_arn: pulumi.Output[str]
    """The trail."""

    def __init__(self, name: str, args: OrganizationTrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the log group and the trail.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html (2026-11)
        """
        super().__init__("llmlz:index:OrganizationTrail", name, {}, opts)
        group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/{args.name_prefix}/cloudtrail",
            kms_key_id=args.log_group_key_arn,
            retention_in_days=args.retention_days,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        role, writes = trail_writer(
            f"{name}-role",
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            log_group_arn=group.arn,
            physical=physical_name("role", args.name_prefix, "cloudtrail"),
            parent=self,
        )
        trail = aws.cloudtrail.Trail(
            f"{name}-trail",
            name=organization_trail_name(args.name_prefix),
            s3_bucket_name=args.bucket_name,
            s3_key_prefix=ORGANIZATION_TRAIL_PREFIX,
            kms_key_id=args.bucket_key_arn,
            cloud_watch_logs_group_arn=pulumi.Output.concat(group.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            enable_log_file_validation=True,
            include_global_service_events=True,
            is_multi_region_trail=True,
            is_organization_trail=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writes]),
        )
        self.trail_arn = trail.arn
        self.register_outputs({"trail_arn": self.trail_arn})


def organization_trail_name(name_prefix: str) -> str:
    """Known before the trail exists, because policies of the bucket and of its key name it."""
    return f"{name_prefix}-trail"
