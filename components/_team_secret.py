"""A team's secret: who reads it, who sets it, and the key that is the team's alone where that is asked for.

Secrets Manager uses the key as whoever calls it. It asks for ``kms:GenerateDataKey`` to set a value and for
``kms:Decrypt`` to read one; whoever makes the secret, or gives it another key, needs both:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (2026-11).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components._key import rotated_key
from components._key_policy import key_statements, only_for
from components._naming import physical_name
from components._policy import PIPELINE, document

SecretKey = Literal["shared", "own"]

RECOVERY_DAYS = 30
"""The longest that Secrets Manager and KMS offer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretShape:
    """What differs between the secrets of teams."""

    account_id: str
    """Twelve digits."""

    break_glass_arn: str | None
    """The role that alone may switch an own key off; ``None`` leaves that to IAM."""

    key: SecretKey
    """``own`` makes a key for this secret."""

    name_prefix: str
    """Start of every physical name."""

    shared_key_arn: pulumi.Input[str]
    """The platform's key for secrets."""

    team: str
    """Short name of the team."""


def team_secret(
    name: str, shape: SecretShape, role: aws.iam.Role, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """ARNs of an empty secret under ``name`` and of its key; the secret is ready when nobody but ``role`` can read it.

    From ``shared`` to ``own`` nothing is replaced: Secrets Manager encrypts the current value with the new key as well.
    The old key opens it too, until the team sets a new value:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html (2026-11).
    """
    kept = pulumi.ResourceOptions(parent=parent, protect=True)
    child = pulumi.ResourceOptions(parent=parent)
    key_arn = (
        _own_key(name, shape, role, parent) if shape.key == "own" else pulumi.Output.from_input(shape.shared_key_arn)
    )
    secret = aws.secretsmanager.Secret(
        name,
        name=physical_name("secret", f"{shape.name_prefix}/{shape.team}/app"),
        description=f"Credentials of {shape.team}'s application; the team sets the value.",
        kms_key_id=key_arn,
        recovery_window_in_days=RECOVERY_DAYS,
        opts=kept,
    )
    policy = aws.secretsmanager.SecretPolicy(
        f"{name}-policy",
        secret_arn=secret.arn,
        block_public_policy=True,
        policy=role.arn.apply(lambda arn: json.dumps(secret_policy(arn))),
        opts=child,
    )
    return pulumi.Output.all(secret.arn, policy.id).apply(lambda made: str(made[0])), key_arn


def _own_key(name: str, shape: SecretShape, role: aws.iam.Role, parent: pulumi.Resource) -> pulumi.Output[str]:
    return rotated_key(
        f"{name}-key",
        alias=f"{shape.name_prefix}-team-{shape.team}",
        description=f"LLM landing zone: {shape.team}",
        policy=role.arn.apply(lambda arn: json.dumps(own_key_policy(arn, shape))),
        parent=parent,
    )


def secret_policy(role_arn: str) -> dict[str, Any]:
    """Nobody but the team's role reads the value, whatever identity policies allow; others may set it."""
    return document([only_for("OnlyTheTeamReads", ["secretsmanager:GetSecretValue"], [role_arn])])


def own_key_policy(role_arn: str, shape: SecretShape) -> dict[str, Any]:
    """As every key; and only the team's role decrypts, and only the team encrypts: its role, and people with its tag.

    The pipeline may do both, or it could not make the secret. It cannot read the value: the secret's own policy says so.
    Re-encryption would carry data over to a key that others may use, so it counts as decryption.
    """
    arn, _, _ = role_arn.rpartition("/")
    exempt = [role_arn, f"{arn}/{PIPELINE}"]
    return document(
        [
            *key_statements(role_arn.split(":")[1], shape.account_id, shape.break_glass_arn),
            only_for("OnlyTheTeamDecrypts", ["kms:Decrypt", "kms:ReEncrypt*"], exempt),
            only_for("OnlyTheTeamEncrypts", ["kms:Encrypt", "kms:GenerateDataKey*"], exempt, shape.team),
        ]
    )
