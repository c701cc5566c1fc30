"""A customer key as every one of the landing zone is: rotated, multi-Region from birth, protected, with an alias."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

DELETION_WINDOW_DAYS = 30
"""The longest that KMS offers: whoever deletes a key deletes everything encrypted with it."""


def rotated_key(
    name: str, *, alias: str, description: str, policy: pulumi.Input[str], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """ARN of a new key, ready when the alias is, so that people can always name the key in use."""
    key = aws.kms.Key(
        name,
        description=description,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        enable_key_rotation=True,
        multi_region=True,  # a key cannot become multi-Region later, and a second region needs replicas
        policy=policy,
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    return _named(name, alias, key, parent)


def replica_key(
    name: str,
    *,
    alias: str,
    description: str,
    policy: pulumi.Input[str],
    primary_arn: pulumi.Input[str],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """ARN of a replica, ready when the alias is. Material and rotation are the primary's; policy and alias are its own.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html (2026-11)
    """
    key = aws.kms.ReplicaKey(
        name,
        description=description,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=policy,
        primary_key_arn=primary_arn,
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    return _named(name, alias, key, parent)


def _named(name: str, alias: str, key: aws.kms.Key | aws.kms.ReplicaKey, parent: pulumi.Resource) -> pulumi.Output[str]:
    made = aws.kms.Alias(
        f"{name}-alias", name=f"alias/{alias}", target_key_id=key.id, opts=pulumi.ResourceOptions(parent=parent)
    )
    return pulumi.Output.all(key.arn, made.id).apply(lambda got: str(got[0]))
