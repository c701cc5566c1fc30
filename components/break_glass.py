"""The role for emergencies: whoever is on call takes it with a second factor, for an hour, and everybody hears of it.

Owns: the role and what it may do.
Does not own: the alarm on its use (``Watch``), the policies that everybody else is kept to.

AWS keeps the second factor where the role is taken: sessions do not carry it
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html, 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components._policy import Statement, allow, deny, document

ROLE = "llmlz-break-glass"
"""The same in every account, since policies of the organization know it by its name."""

SESSION_SECONDS = 3600
"""The shortest that IAM offers: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (2026-11)"""

USER = re.compile(r"arn:aws[\w-]*:iam::\d{12}:user/[\w+=,.@/-]+")
"""Who can show a second factor to AWS: sessions of roles, and people whom another directory let in, cannot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakGlassArgs:
    """What the role is made of. Raises ``ValueError`` when nobody could take it."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the few roles that may change the platform."""

    principals: Sequence[str]
    """ARNs of users, with a second factor each, who may take the role."""

    def __post_init__(self) -> None:
        """A role that nobody may take helps nobody."""
        if not self.principals:
            raise ValueError("principals is empty: somebody must be able to take the break-glass role")
        if others := [arn for arn in self.principals if not USER.fullmatch(arn)]:
            raise ValueError(f"principals names {others}, which are no users: only users have a second factor for AWS")


class BreakGlass(pulumi.ComponentResource):
    """The role for emergencies."""

    role_arn: pulumi.Output[str]
    """What people on call take; ready when its policy is attached."""

    def __init__(self, name: str, args: BreakGlassArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role."""
        super().__init__("llmlz:index:BreakGlass", name, {}, opts)
        role = aws.iam.Role(
            f"{name}-role",
            name=ROLE,
            description="Switches logging, guardrail and keys in an emergency; taken with a second factor.",
            assume_role_policy=json.dumps(trust(args.principals)),
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=args.boundary_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=json.dumps(document(rescue())),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"role_arn": self.role_arn})


def trust(principals: Sequence[str]) -> dict[str, Any]:
    """These users, who have shown a second factor within the last hour."""
    return document(
        [
            {
                "Sid": "OnCallWithASecondFactor",
                "Effect": "Allow",
                "Principal": {"AWS": sorted(principals)},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "NumericLessThan": {"aws:MultiFactorAuthAge": str(SESSION_SECONDS)},
                },
            }
        ]
    )


def rescue() -> list[Statement]:
    """Look at settings, switch what protects; neither call a model nor read what teams store, ask or are answered.

    The Deny is for what somebody may attach to the role one day: nothing here allows any of it.
    """
    look = [
        "backup:Describe*",
        "backup:Get*",
        "backup:List*",
        "bedrock:Get*",
        "bedrock:List*",
        "cloudtrail:Describe*",
        "cloudtrail:Get*",
        "cloudtrail:List*",
        "cloudtrail:LookupEvents",
        "events:Describe*",
        "events:List*",
        "iam:Get*",
        "iam:List*",
        "kms:Describe*",
        "kms:Get*",
        "kms:List*",
        "logs:Describe*",
        "logs:List*",
        "s3:GetBucket*",
        "s3:ListAllMyBuckets",
        "secretsmanager:DescribeSecret",
        "secretsmanager:ListSecrets",
        "sns:Get*",
        "sns:List*",
    ]
    switch = [
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "bedrock:DeleteEnforcedGuardrailConfiguration",
        "bedrock:DeleteGuardrail",
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "bedrock:PutEnforcedGuardrailConfiguration",
        "bedrock:PutModelInvocationLoggingConfiguration",
        "bedrock:UpdateGuardrail",
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StartLogging",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "kms:CancelKeyDeletion",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
    ]
    content = [
        "bedrock-mantle:*",
        "bedrock:InvokeModel*",
        "kms:Decrypt",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetLogRecord",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "logs:Unmask",
        "s3:GetObject*",
        "s3vectors:GetVectors",
        "s3vectors:ListVectors",
        "s3vectors:QueryVectors",
        "secretsmanager:GetSecretValue",
    ]
    return [allow("Look", look, ["*"]), allow("Switch", switch, ["*"]), deny("NoContent", content, ["*"])]
