"""What every model call passes: the guardrail, its published versions, and the record of the call.

Owns: the guardrail, one immutable version per label and perhaps its enforcement, the account's invocation logging and the
role it writes with.
Does not own: which team calls which model (``TeamSpace``), the log group and the bucket (``LogArchive``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_aws as aws

from components._enforced_guardrail import EnforcedGuardrail
from components._guardrail import GuardrailRules, GuardrailShape, published_guardrail
from components._naming import LARGE_DATA_PREFIX, physical_name
from components._policy import allow, document

__all__ = ["GuardrailRules", "ModelAccess", "ModelAccessArgs"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelAccessArgs:
    """What model access is made of."""

    account_id: str
    """Twelve digits; Bedrock logs for this account alone."""

    archive_bucket_name: pulumi.Input[str]
    """Where prompts and answers go that are too large for a log event."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the logging role."""

    invocation_log_group_arn: pulumi.Input[str]
    """Log group of model calls."""

    invocation_log_group_name: pulumi.Input[str]
    """The same log group by its name."""

    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the guardrail's rules."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the models are called from."""

    rules: GuardrailRules
    """What the guardrail looks for."""

    enforce: Literal["no", "all_content"] = field(default="no")
    """``all_content``: Bedrock applies the current version to every call of the account in this Region, over whatever the
    call names. Every caller then needs ``bedrock:ApplyGuardrail`` on it. Nothing is enforced if left out."""

    unguarded_models: Sequence[str] = field(default=())
    """Ids of models that no guardrail can look at, which an enforced one leaves out; none if left out."""

    versions: Sequence[str] = field(default=("v1",))
    """Labels of published versions, oldest first. A label is identity: what it published never changes, and new rules
    reach callers only through a new label. The last one is current, the others stay accepted."""


class ModelAccess(pulumi.ComponentResource):
    """The guardrail that calls must carry, and the log that keeps them."""

    guardrail_arn: pulumi.Output[str]
    """The guardrail, without a version."""

    guardrail_id: pulumi.Output[str]
    """What callers pass as ``guardrailIdentifier``."""

    guardrail_versions: pulumi.Output[list[str]]
    """Published version numbers that callers may use, in the order of the labels."""

    def __init__(self, name: str, args: ModelAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the guardrail and switch logging on."""
        super().__init__("llmlz:index:ModelAccess", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        shape = GuardrailShape(
            kms_key_arn=args.kms_key_arn,
            labels=args.versions,
            physical_name=physical_name("guardrail", args.name_prefix, "guardrail"),
            rules=args.rules,
        )
        guardrail, versions = published_guardrail(f"{name}-guardrail", shape, parent=self)
        if args.enforce == "all_content":
            EnforcedGuardrail(
                f"{name}-enforced",
                guardrail_arn=guardrail.guardrail_arn,
                guardrail_version=versions[-1].version,
                excluded_models=args.unguarded_models,
                opts=pulumi.ResourceOptions(parent=self, protect=True),
            )
        role = aws.iam.Role(
            f"{name}-logging-role",
            name=physical_name("role", args.name_prefix, "bedrock-logging"),
            assume_role_policy=json.dumps(bedrock_trust(args.partition, args.region, args.account_id)),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        writes = aws.iam.RolePolicy(
            f"{name}-logging-role-writes",
            role=role.name,
            policy=pulumi.Output.from_input(args.invocation_log_group_arn).apply(
                lambda arn: json.dumps(write_calls(arn))
            ),
            opts=child,
        )
        aws.bedrockmodel.InvocationLoggingConfiguration(
            f"{name}-logging",
            logging_config={
                "cloudwatch_config": {
                    "log_group_name": args.invocation_log_group_name,
                    "role_arn": role.arn,
                    "large_data_delivery_s3_config": {
                        "bucket_name": args.archive_bucket_name,
                        "key_prefix": LARGE_DATA_PREFIX,
                    },
                },
                "embedding_data_delivery_enabled": True,
                "image_data_delivery_enabled": True,
                "text_data_delivery_enabled": True,
                "video_data_delivery_enabled": True,
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writes]),
        )

        self.guardrail_arn = guardrail.guardrail_arn
        self.guardrail_id = guardrail.guardrail_id
        self.guardrail_versions = pulumi.Output.all(*(version.version for version in versions))
        self.register_outputs(
            {
                "guardrail_arn": self.guardrail_arn,
                "guardrail_id": self.guardrail_id,
                "guardrail_versions": self.guardrail_versions,
            }
        )


def bedrock_trust(partition: str, region: str, account_id: str) -> dict[str, object]:
    """Bedrock may write logs for this account and region only.

    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html (2026-11)
    """
    return document(
        [
            {
                "Sid": "BedrockLogsForThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": f"arn:{partition}:bedrock:{region}:{account_id}:*"},
                },
            }
        ]
    )


def write_calls(log_group_arn: str) -> dict[str, object]:
    """Bedrock always writes to one stream with a fixed name."""
    stream = f"{log_group_arn}:log-stream:aws/bedrock/modelinvocations"
    return document([allow("WriteModelCalls", ["logs:CreateLogStream", "logs:PutLogEvents"], [stream])])
