"""Settings of recovery: what is backed up, for how long, and how one knows that it can be restored."""

from typing import Annotated, Literal

from pydantic import Field

from stacks.settings.base import SCHEDULE, Settings, StackName

Schedule = Annotated[str, Field(pattern=SCHEDULE)]
"""Six fields, in UTC: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
(2026-11)."""
Days = Annotated[int, Field(ge=1, le=36500)]


class GovernanceLock(Settings):
    """A lock on the vault that break-glass can take off."""

    mode: Literal["governance"]
    """The lock's name."""
    min_retention_days: Days
    """Backups that are to be kept for less are refused. It stays the same from tier to tier."""


class ComplianceLock(Settings):
    """A lock on the vault that nobody can take off, AWS included."""

    mode: Literal["compliance"]
    """The lock's name."""
    min_retention_days: Days
    """Backups that are to be kept for less are refused, for ever."""
    changeable_for_days: Annotated[int, Field(ge=3, le=36500)]
    """Days after which the lock can be neither changed nor removed; AWS takes three at least."""
    confirmation: Literal["nobody can ever remove this lock"]
    """This sentence, word by word. The vault then outlives the platform for as long as it keeps a backup."""


VaultLock = Annotated[GovernanceLock | ComplianceLock, Field(discriminator="mode")]


class RestoreTest(Settings):
    """Backups are restored beside what they are of, and deleted again."""

    schedule: Schedule
    """When, as AWS Backup writes it, such as ``cron(0 5 1 * ? *)`` for the first of each month."""


class Backup(Settings):
    """Copies of the data bucket, and of the vectors in PostgreSQL. Vectors in S3 cannot be backed up."""

    retention_days: Days
    """How long each backup is kept."""
    schedule: Schedule
    """When backups are made, as AWS Backup writes it, such as ``cron(0 3 * * ? *)`` for every night."""
    copy_to: StackName | None
    """The other platform of a pair, whose vault takes a copy of each backup; no copies if null."""
    restore_test: RestoreTest | None
    """How restoring is tried; not tried if null."""
    vault_lock: VaultLock | None
    """What keeps backups from being deleted early; only the vault's policy if null."""
