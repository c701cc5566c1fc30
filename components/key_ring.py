"""Customer keys that protect state, one per purpose.

Owns: the keys, their aliases and their policies.
Does not own: which roles may use them; the account's IAM decides that, role by role.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components._key import replica_key, rotated_key
from components._key_policy import key_statements
from components._policy import Statement, document


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceUse:
    """An AWS service that uses one key by itself, not in the name of a role."""

    sid: str
    """Name of the statement in the key's policy."""

    principal: str
    """Service principal, such as ``cloudtrail.amazonaws.com``."""

    actions: Sequence[str]
    """KMS actions the service needs."""

    condition: Mapping[str, Any]
    """What ties the use to this account; never empty, or any account's service could use the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRingArgs:
    """What a key ring is made of."""

    account_id: str
    """Twelve digits; IAM of this account decides who uses the keys."""

    alias_prefix: str
    """Aliases read ``alias/<prefix>-<purpose>``."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    uses: Mapping[str, Sequence[ServiceUse]]
    """Purpose to the services that use its key. The purpose is identity: a renamed purpose is a new key."""

    break_glass_arn: str | None = field(default=None)
    """The role that alone may disable or delete the keys; whoever IAM allows to if left out."""

    primary_arns: Mapping[str, pulumi.Input[str]] | None = field(default=None)
    """Purpose to the key of another region that this one's is a replica of; keys of their own if left out."""


class KeyRing(pulumi.ComponentResource):
    """One rotated multi-Region key per purpose, or a replica of one."""

    arns: dict[str, pulumi.Output[str]]
    """Purpose to key ARN; ready when the alias is, so that people can always name the key in use."""

    def __init__(self, name: str, args: KeyRingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the keys under ``name``."""
        super().__init__("llmlz:index:KeyRing", name, {}, opts)

        arns = {}
        for purpose, services in args.uses.items():
            alias, description = f"{args.alias_prefix}-{purpose}", f"LLM landing zone: {purpose}"
            policy = json.dumps(key_policy(args.partition, args.account_id, services, args.break_glass_arn))
            if args.primary_arns is None:
                arns[purpose] = rotated_key(
                    f"{name}-{purpose}", alias=alias, description=description, policy=policy, parent=self
                )
            else:
                arns[purpose] = replica_key(
                    f"{name}-{purpose}",
                    alias=alias,
                    description=description,
                    policy=policy,
                    primary_arn=args.primary_arns[purpose],
                    parent=self,
                )

        self.arns = arns
        self.register_outputs({"arns": arns})


def key_policy(
    partition: str, account_id: str, services: Sequence[ServiceUse], break_glass_arn: str | None = None
) -> dict[str, Any]:
    """The account decides through IAM; each service uses the key only as its condition says; nobody else comes in."""
    return document(
        [*key_statements(partition, account_id, break_glass_arn), *(_service_statement(use) for use in services)]
    )


def logs_use(partition: str, region: str, account_id: str) -> ServiceUse:
    """CloudWatch Logs encrypts log groups of this account and region.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11)
    """
    groups = f"arn:{partition}:logs:{region}:{account_id}:log-group:*"
    return ServiceUse(
        sid="LogGroupsOfThisAccount",
        principal=f"logs.{region}.amazonaws.com",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def trail_use(trail_arn: str) -> ServiceUse:
    """CloudTrail encrypts what one trail delivers.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html (2026-11)
    """
    return ServiceUse(
        sid="ThisTrailEncrypts",
        principal="cloudtrail.amazonaws.com",
        actions=["kms:DescribeKey", "kms:GenerateDataKey*"],
        condition={"StringEquals": {"aws:SourceArn": trail_arn}},
    )


def bedrock_delivery_use(partition: str, region: str, account_id: str) -> ServiceUse:
    """Bedrock encrypts the large prompts and answers that it delivers to the archive bucket.

    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html (2026-11)
    """
    return ServiceUse(
        sid="BedrockDeliversForThisAccount",
        principal="bedrock.amazonaws.com",
        actions=["kms:GenerateDataKey"],
        condition={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:bedrock:{region}:{account_id}:*"},
        },
    )


def vector_indexing_use(partition: str, region: str, account_id: str) -> ServiceUse:
    """S3 Vectors keeps its indexes in order in the background.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html (2026-11)
    """
    return ServiceUse(
        sid="VectorIndexingForThisAccount",
        principal="indexing.s3vectors.amazonaws.com",
        actions=["kms:Decrypt"],
        condition={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:s3vectors:{region}:{account_id}:bucket/*"},
        },
    )


def events_use(partition: str, region: str, account_id: str) -> ServiceUse:
    """EventBridge publishes to encrypted topics of this account and region.

    It sends neither account nor rule as the origin of such a call, but SNS sends the topic that the key is used for:
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (2026-11)
    """
    return ServiceUse(
        sid="EventsToTopicsOfThisAccount",
        principal="events.amazonaws.com",
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        condition={
            "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": f"arn:{partition}:sns:{region}:{account_id}:*"}
        },
    )


def config_use(account_id: str) -> ServiceUse:
    """AWS Config encrypts what it delivers for this account.

    https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html (2026-11)
    """
    return ServiceUse(
        sid="ConfigDeliversForThisAccount",
        principal="config.amazonaws.com",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        condition={"StringEquals": {"aws:SourceAccount": account_id}},
    )


def alarms_use(partition: str, region: str, account_id: str) -> ServiceUse:
    """CloudWatch publishes alarms of this account and region to encrypted topics.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (2026-11)
    """
    return ServiceUse(
        sid="AlarmsOfThisAccount",
        principal="cloudwatch.amazonaws.com",
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        condition={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudwatch:{region}:{account_id}:alarm:*"},
        },
    )


def _service_statement(use: ServiceUse) -> Statement:
    return {
        "Sid": use.sid,
        "Effect": "Allow",
        "Principal": {"Service": use.principal},
        "Action": list(use.actions),
        "Resource": "*",
        "Condition": dict(use.condition),
    }
