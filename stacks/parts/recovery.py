"""What is backed up on a platform, where to, and who may read it for that."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.backup import Backup, BackupArgs, ComplianceLock, CopyTarget, Database, GovernanceLock
from components.backup.names import role_arn, vault_arn
from components.vector_store.pgvector import database_identifier
from stacks.kinds import PlatformStack
from stacks.settings.platform import PgVector
from stacks.settings.recovery import ComplianceLock as ComplianceSettings
from stacks.settings.recovery import VaultLock


def backup_role_arns(stack: PlatformStack) -> tuple[str, ...]:
    """The role that reads every object for the backups; none where nothing is backed up."""
    if stack.settings.backup is None:
        return ()
    return (role_arn(stack.partition, stack.account, stack.name_prefix),)


def backup(
    stack: PlatformStack,
    keys: Mapping[str, pulumi.Output[str]],
    bucket_arn: pulumi.Input[str],
    store: Mapping[str, Any] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """The vault and the plan; nothing where nothing is backed up."""
    wish = stack.settings.backup
    if wish is None:
        return
    args = BackupArgs(
        account_id=stack.account,
        boundary_arn=stack.platform_boundary_arn,
        bucket_arn=bucket_arn,
        bucket_key_arn=keys["data"],
        kms_key_arn=keys["backup"],
        name_prefix=stack.name_prefix,
        partition=stack.partition,
        region=stack.region,
        retention_days=wish.retention_days,
        schedule=wish.schedule,
        break_glass_arn=stack.break_glass_arn,
        copy_to=_copies(stack.copies_to),
        database=_database(stack, store, keys["vectors"]),
        lock=_lock(wish.vault_lock),
        restore_schedule=wish.restore_test.schedule if wish.restore_test else None,
    )
    Backup("backup", args, opts)


def _database(stack: PlatformStack, store: Mapping[str, Any] | None, kms_key_arn: pulumi.Input[str]) -> Database | None:
    """The vectors in PostgreSQL; AWS Backup does not know vectors in S3."""
    if store is None or not isinstance(stack.settings.vector_store, PgVector):
        return None
    return Database(
        cluster_arn=store["cluster_arn"], kms_key_arn=kms_key_arn, subnet_group=database_identifier(stack.name_prefix)
    )


def _lock(wish: VaultLock | None) -> GovernanceLock | ComplianceLock | None:
    if wish is None:
        return None
    if isinstance(wish, ComplianceSettings):
        return ComplianceLock(changeable_for_days=wish.changeable_for_days, min_retention_days=wish.min_retention_days)
    return GovernanceLock(min_retention_days=wish.min_retention_days)


def _copies(other: PlatformStack | None) -> CopyTarget | None:
    if other is None:
        return None
    return CopyTarget(
        key_alias=f"alias/{other.name_prefix}-backup",
        key_arn=(other.settings.keys.existing or {}).get("backup"),
        vault_arn=vault_arn(other.partition, other.region, other.account, other.name_prefix),
    )
