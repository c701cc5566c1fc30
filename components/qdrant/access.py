"""Who may do what in AWS, as pure functions: the server reads one key, the job of keys sets them, backups write."""

from collections.abc import Sequence
from typing import Any

from components._key_policy import only_for
from components._policy import Statement, allow, document

READ, SET = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"


def server_statements(admin_secret_arn: str, kms_key_arn: str) -> list[Statement]:
    """The server's pods read the administrator's key."""
    return [allow("ReadTheKey", [READ], [admin_secret_arn]), allow("DecryptTheKey", ["kms:Decrypt"], [kms_key_arn])]


def keys_statements(secret_arns: Sequence[str], kms_key_arn: str) -> list[Statement]:
    """The job of keys reads and sets every secret of this component, and no other."""
    return [
        allow("KeepSecrets", [READ, SET], secret_arns),
        allow("UseTheirKey", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn]),
    ]


def backup_statements(admin_secret_arn: str, bucket_arn: str, kms_key_arn: str) -> list[Statement]:
    """Backups are written and never read, changed or deleted by who makes them; an upload in parts decrypts its parts."""
    return [
        allow("ReadTheKey", [READ], [admin_secret_arn]),
        allow("WriteBackups", ["s3:AbortMultipartUpload", "s3:PutObject"], [f"{bucket_arn}/*"]),
        allow("UseTheirKey", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn]),
    ]


def secret_policy(reader_arns: Sequence[str], keeper_arn: str) -> dict[str, Any]:
    """Nobody else reads the value, whatever identity policies allow, and only the job of keys sets it."""
    return document(
        [
            only_for("OnlyTheirsRead", [READ], [*reader_arns, keeper_arn]),
            only_for("OnlyTheJobSets", [SET], [keeper_arn]),
        ]
    )
