"""Names that others must know before the things exist: pure functions over plain values."""

from components._naming import physical_name

BACKUP_ROLE, RESTORE_ROLE = "backup_jobs", "restore_tests"
"""No team can have such a name: roles of teams are called like the team."""


def vault_name(name_prefix: str) -> str:
    """Known before the vault exists, because another region's plan copies to it."""
    return physical_name("backup-vault", name_prefix, "backup")


def vault_arn(partition: str, region: str, account_id: str, name_prefix: str) -> str:
    """ARN of the vault that ``Backup`` makes under this prefix."""
    return f"arn:{partition}:backup:{region}:{account_id}:backup-vault:{vault_name(name_prefix)}"


def role_arn(partition: str, account_id: str, name_prefix: str) -> str:
    """ARN of the role that reads what is backed up: policies of the stores name it before it exists."""
    return f"arn:{partition}:iam::{account_id}:role/{physical_name('role', name_prefix, BACKUP_ROLE)}"


def restore_test_name(name_prefix: str) -> str:
    """Letters, digits and underscores alone."""
    return physical_name("restore-test", f"{name_prefix}_restore".replace("-", "_"))
