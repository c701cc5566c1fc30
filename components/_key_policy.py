"""Statements of key policies that several components write the same way: pure functions over plain values."""

from collections.abc import Sequence

from components._policy import Statement

SWITCHES: Sequence[str] = ("kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion")
"""What takes a key away, and everything encrypted with it."""


def key_statements(partition: str, account_id: str, break_glass_arn: str | None) -> list[Statement]:
    """What every key has: the account decides, nobody from outside comes in, and one role alone may switch it off.

    ``break_glass_arn`` is that role; without one, IAM decides about switching off as about everything else. The role
    cannot be taken without a second factor; its sessions do not say so any more, so nothing here asks for it:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html (2026-11).
    """
    statements = [account_decides(partition, account_id), nobody_from_outside(account_id)]
    if break_glass_arn is None:
        return statements
    return [*statements, only_for("OnlyBreakGlassSwitchesOff", SWITCHES, [break_glass_arn])]


def account_decides(partition: str, account_id: str) -> Statement:
    """IAM of the account says who uses and administers the key."""
    return {
        "Sid": "AccountDecidesThroughIam",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def nobody_from_outside(account_id: str) -> Statement:
    """Nobody from another account, whatever a later statement or a grant says.

    AWS services that act by themselves have no account of their own and are not meant; their statements name what they
    act for: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11)
    """
    return _deny(
        "NobodyFromOutside",
        ["kms:*"],
        {
            "StringNotEquals": {"aws:PrincipalAccount": account_id},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    )


def only_for(sid: str, actions: Sequence[str], role_arns: Sequence[str], team: str | None = None) -> Statement:
    """A Deny of ``actions`` to everybody but these roles, and whoever carries the tag of ``team`` where one is given.

    Sessions of a role are known by the role's ARN. A service that uses a key on behalf of a caller uses it as the
    caller: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (2026-11)
    """
    condition: dict[str, object] = {"ArnNotLike": {"aws:PrincipalArn": list(role_arns)}}
    return _deny(sid, actions, {**condition, "StringNotEquals": {"aws:PrincipalTag/team": team}} if team else condition)


def _deny(sid: str, actions: Sequence[str], condition: dict[str, object]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": "*",
        "Condition": condition,
    }
