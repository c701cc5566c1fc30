"""What looks on, as far as this stack is the one that makes it."""

from collections.abc import Mapping, Sequence

import pulumi

from components.detectors import Detectors, DetectorsArgs, Recording
from stacks.kinds import PlatformStack
from stacks.singleton_claims import of_the_account

PROTECTIONS: Sequence[str] = ("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")
"""Functions, databases and buckets are what a platform has; clusters and machines get theirs where they are made:
https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html (2026-11)."""

STANDARDS: Mapping[str, str] = {
    # https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html (2026-11)
    "best-practices": "aws-foundational-security-best-practices/v/1.0.0",
    # https://docs.aws.amazon.com/securityhub/latest/userguide/standards-ai-security.html (2026-11)
    "ai": "ai-security-best-practices/v/1.0.0",
}


def detectors(stack: PlatformStack, kms_key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """Whatever is ``managed``; nothing where all is somebody else's."""
    wish = stack.settings.detectors
    if wish is None or "managed" not in (wish.access_analyzer, wish.config, wish.guard_duty, wish.security_hub):
        return
    ours = of_the_account(stack)
    recording = Recording(
        kms_key_arn=kms_key_arn,
        archive_days=stack.settings.logs.archive_days,
        global_types=ours,
        role_arn=None if ours else service_linked_role(stack),
    )
    Detectors(
        "detectors",
        DetectorsArgs(
            account_id=stack.account,
            name_prefix=stack.name_prefix,
            partition=stack.partition,
            region=stack.region,
            analyzer="ACCOUNT" if wish.access_analyzer == "managed" else None,
            protections=PROTECTIONS if wish.guard_duty == "managed" else None,
            recording=recording if wish.config == "managed" else None,
            standards=STANDARDS if wish.security_hub == "managed" else None,
        ),
        opts,
    )


def service_linked_role(stack: PlatformStack) -> str:
    """Config's own role, which the first platform of the account made."""
    place = f"arn:{stack.partition}:iam::{stack.account}:role/aws-service-role"
    return f"{place}/config.amazonaws.com/AWSServiceRoleForConfig"
