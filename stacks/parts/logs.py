"""Settings of evidence as arguments of the archive."""

import pulumi

from components.log_archive import LogArchive, LogArchiveArgs, ObjectLock, ReplicaTarget, TrailBucket
from components.log_vault import KEY_ALIAS, vault_name
from stacks.kinds import VAULT_PREFIX, PlatformStack
from stacks.outputs import PlatformReference
from stacks.settings.logs import Lock


def log_archive(
    stack: PlatformStack,
    kms_key_arn: pulumi.Input[str],
    primary: PlatformReference | None,
    opts: pulumi.ResourceOptions,
) -> LogArchive:
    """The archive of a platform. Whether the trail delivers to it or elsewhere, the archive bucket stays in the program:
    it holds state, and Bedrock takes no bucket of another account.
    """
    logs = stack.settings.logs
    existing = logs.archive.existing
    return LogArchive(
        "logs",
        LogArchiveArgs(
            account_id=stack.account,
            boundary_arn=stack.boundary_arn,
            kms_key_arn=kms_key_arn,
            name_prefix=stack.name_prefix,
            partition=stack.partition,
            region=stack.region,
            retention_days=logs.retention_days,
            archive_days=logs.archive_days,
            data_events=logs.data_events,
            masked=logs.masking.identifiers if logs.masking else None,
            object_lock=object_lock(logs.object_lock),
            replica=_replica(stack),
            trail_bucket=TrailBucket(bucket_name=existing.bucket, kms_key_arn=existing.key_arn) if existing else None,
            trail_elsewhere=primary.read("trail_arn") if primary else None,
        ),
        opts,
    )


def object_lock(lock: Lock | None) -> ObjectLock | None:
    """The retention of a bucket that was born with object lock."""
    if lock is None:
        return None
    return ObjectLock(mode="COMPLIANCE" if lock.compliance else "GOVERNANCE", days=lock.days())


def _replica(stack: PlatformStack) -> ReplicaTarget | None:
    vault = stack.organization.log_archive if stack.organization else None
    if stack.settings.logs.replica is None or vault is None:
        return None
    bucket = vault_name(VAULT_PREFIX, vault.account, stack.region)
    return ReplicaTarget(
        account_id=vault.account,
        bucket_arn=f"arn:{stack.partition}:s3:::{bucket}",
        key_alias=f"alias/{VAULT_PREFIX}-{KEY_ALIAS}",
        region=stack.region,
    )
