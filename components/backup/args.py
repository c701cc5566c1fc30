"""What backups are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class GovernanceLock:
    """A lock that whoever may delete it can delete; the vault's policy says who may."""

    min_retention_days: int
    """Jobs that would keep a backup for less are refused. Another number is another lock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplianceLock:
    """A lock that nobody can remove after its time of grace: not an administrator, not AWS."""

    changeable_for_days: int
    """Days of grace, three at least."""

    min_retention_days: int
    """Jobs that would keep a backup for less are refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """An Aurora cluster."""

    cluster_arn: pulumi.Input[str]
    """The cluster."""

    kms_key_arn: pulumi.Input[str]
    """Its key, which its snapshots keep."""

    subnet_group: pulumi.Input[str]
    """Where a restore test puts the restored cluster; without one AWS takes a default that need not exist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyTarget:
    """A vault in another region."""

    key_alias: str
    """Alias of its key, with ``alias/``."""

    vault_arn: str
    """The vault; it must exist when the first copy is made."""

    key_arn: str | None = None
    """Its key, where that was brought along and has an alias of its owner's; known by the alias if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupArgs:
    """What backups are made of."""

    account_id: str
    """Twelve digits; AWS Backup acts for this account alone."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of both roles. That of code does not do: it lets nobody take snapshots or lend keys."""

    bucket_arn: pulumi.Input[str]
    """A bucket with versioning. Its own policy must let the role in that backs it up (``role_arn``)."""

    bucket_key_arn: pulumi.Input[str]
    """Key of its objects."""

    kms_key_arn: pulumi.Input[str]
    """Key of the vault, for ever: AWS cannot change it."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the vault is."""

    retention_days: int
    """How long each backup is kept."""

    schedule: str
    """When backups are made, as AWS Backup writes it."""

    break_glass_arn: str | None = field(default=None)
    """The role that alone may delete backups; nobody may if left out."""

    copy_to: CopyTarget | None = field(default=None)
    """Where a copy of each backup goes; nowhere if left out."""

    database: Database | None = field(default=None)
    """A cluster to back up as well; none if left out."""

    lock: GovernanceLock | ComplianceLock | None = field(default=None)
    """What holds the vault's rules; the vault's policy alone if left out."""

    restore_schedule: str | None = field(default=None)
    """When restoring is tried; never if left out."""
