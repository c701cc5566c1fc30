"""Copies in a vault that nobody empties, and the test that they can be restored."""

from components.backup.args import BackupArgs, ComplianceLock, CopyTarget, Database, GovernanceLock
from components.backup.component import Backup

__all__ = ["Backup", "BackupArgs", "ComplianceLock", "CopyTarget", "Database", "GovernanceLock"]
