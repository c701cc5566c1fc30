"""What people may do in which account: permission sets of IAM Identity Center, and three of them that every company needs.

Owns: the permission sets, their policies and boundary, and which groups have them in which accounts.
Does not own: the people and groups, the directory they come from and its second factor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, deny, document

LONGEST_SESSION_HOURS = 4
"""Whoever leaves in the morning has no access in the afternoon. AWS would accept twelve."""

BOUNDARY = "llmlz-boundary"
"""Managed policy that the bootstrap made in every account of the landing zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PermissionSetShape:
    """One permission set. Raises ``ValueError`` for a session that is too long, and for a set that permits nothing."""

    accounts: Sequence[str]
    """Accounts, twelve digits each, in which the groups have it."""

    description: str
    """What it is for, as people read it when they choose."""

    groups: Sequence[str]
    """Ids of Identity Center groups that have it in each of the accounts."""

    bounded: bool = False
    """True puts every session under the boundary of the landing zone's roles; the accounts need the bootstrap then."""

    managed_policies: Mapping[str, str] = field(default_factory=dict)
    """Name to ARN of a managed policy of AWS. The name is identity. None if left out."""

    session_hours: int = LONGEST_SESSION_HOURS
    """How long a session lasts; as long as is allowed if left out."""

    statements: Sequence[Statement] = field(default=())
    """Statements of its own policy; none if left out."""

    def __post_init__(self) -> None:
        """Refuse what would be too long or empty."""
        if not 1 <= self.session_hours <= LONGEST_SESSION_HOURS:
            raise ValueError(f"session_hours is {self.session_hours}, expected 1 to {LONGEST_SESSION_HOURS}")
        if not self.statements and not self.managed_policies:
            raise ValueError(f"permission set {self.description!r} has neither statements nor managed_policies")


@dataclass(frozen=True, kw_only=True, slots=True)
class PermissionSetsArgs:
    """What the permission sets are made of."""

    instance_arn: str
    """The IAM Identity Center instance."""

    name_prefix: str
    """Start of every physical name."""

    sets: Mapping[str, PermissionSetShape]
    """Name to permission set. The name is identity."""


class PermissionSets(pulumi.ComponentResource):
    """Permission sets, and the groups that have them."""

    arns: dict[str, pulumi.Output[str]]
    """Name to permission set; ready when its groups have it."""

    def __init__(self, name: str, args: PermissionSetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the permission sets; nobody has one before its policies and its boundary are complete."""
        super().__init__("llmlz:index:PermissionSets", name, {}, opts)
        self.arns = {key: _permission_set(f"{name}-{key}", key, shape, args, self) for key, shape in args.sets.items()}
        self.register_outputs({"arns": self.arns})


def _permission_set(
    name: str, key: str, shape: PermissionSetShape, args: PermissionSetsArgs, parent: pulumi.Resource
) -> pulumi.Output[str]:
    child = pulumi.ResourceOptions(parent=parent)
    permission_set = aws.ssoadmin.PermissionSet(
        name,
        name=physical_name("permission-set", args.name_prefix, key),
        description=shape.description,
        instance_arn=args.instance_arn,
        session_duration=f"PT{shape.session_hours}H",
        opts=child,
    )
    parts: list[pulumi.Resource] = [
        aws.ssoadmin.ManagedPolicyAttachment(
            f"{name}-{policy}",
            instance_arn=args.instance_arn,
            managed_policy_arn=arn,
            permission_set_arn=permission_set.arn,
            opts=child,
        )
        for policy, arn in shape.managed_policies.items()
    ]
    if shape.statements:
        parts.append(
            aws.ssoadmin.PermissionSetInlinePolicy(
                f"{name}-policy",
                inline_policy=json.dumps(document(shape.statements)),
                instance_arn=args.instance_arn,
                permission_set_arn=permission_set.arn,
                opts=child,
            )
        )
    if shape.bounded:
        parts.append(
            aws.ssoadmin.PermissionsBoundaryAttachment(
                f"{name}-boundary",
                instance_arn=args.instance_arn,
                permission_set_arn=permission_set.arn,
                permissions_boundary={"customer_managed_policy_reference": {"name": BOUNDARY, "path": "/"}},
                opts=child,
            )
        )
    assignments = [
        aws.ssoadmin.AccountAssignment(
            f"{name}-{account}-{group}",
            instance_arn=args.instance_arn,
            permission_set_arn=permission_set.arn,
            principal_id=group,
            principal_type="GROUP",
            target_id=account,
            target_type="AWS_ACCOUNT",
            opts=pulumi.ResourceOptions(parent=parent, depends_on=parts),
        )
        for account in shape.accounts
        for group in shape.groups
    ]
    return pulumi.Output.all(permission_set.arn, *(made.id for made in assignments)).apply(lambda made: str(made[0]))


CONTENT: Sequence[str] = (
    "aoss:APIAccessAll",
    "bedrock:Invoke*",
    "bedrock:Retrieve*",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:PartiQL*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "kms:Decrypt",
    "logs:FilterLogEvents",
    "logs:GetLog*",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:Unmask",
    "rds-data:*",
    "s3:GetObject*",
    "s3vectors:GetVectors",
    "s3vectors:ListVectors",
    "s3vectors:QueryVectors",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
)
"""What shows data, prompts, answers or secrets, or makes a model answer."""


def auditor(partition: str, accounts: Sequence[str], groups: Sequence[str]) -> PermissionSetShape:
    """Reads how everything is configured, and no content: neither data, nor prompts and answers, nor secrets."""
    settings = [
        "bedrock:GetFoundationModelAvailability",
        "bedrock:GetGuardrail",
        "bedrock:GetInferenceProfile",
        "bedrock:GetModelInvocationLoggingConfiguration",
        "bedrock:GetResourcePolicy",
        "bedrock:ListEnforcedGuardrailsConfiguration",
        "bedrock:ListFoundationModels",
        "bedrock:ListGuardrails",
        "bedrock:ListInferenceProfiles",
        "s3vectors:GetIndex",
        "s3vectors:GetVectorBucket*",
        "s3vectors:ListIndexes",
        "s3vectors:ListVectorBuckets",
    ]
    return PermissionSetShape(
        accounts=accounts,
        description="Reads configuration, and no content",
        groups=groups,
        managed_policies={"security-audit": f"arn:{partition}:iam::aws:policy/SecurityAudit"},
        statements=[allow("ReadSettingsOfModels", settings, ["*"]), deny("NoContent", CONTENT, ["*"])],
    )


def finance(accounts: Sequence[str], groups: Sequence[str]) -> PermissionSetShape:
    """Reads costs, budgets and forecasts, and nothing else."""
    costs = ["budgets:Describe*", "budgets:ViewBudget", "ce:Describe*", "ce:Get*", "ce:List*", "cur:Describe*"]
    return PermissionSetShape(
        accounts=accounts,
        description="Reads costs and budgets",
        groups=groups,
        statements=[allow("ReadCosts", costs, ["*"])],
    )


def developer(accounts: Sequence[str], groups: Sequence[str]) -> PermissionSetShape:
    """Finds the model ids of the team, reads dashboards, and sets the value of the team's secret; calls no model.

    The team is the session tag ``team``, which the directory passes on:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/abac.html (2026-11). Without the tag the variable has no
    value and the statement allows nothing.
    """
    looks = [
        "bedrock:GetInferenceProfile",
        "bedrock:ListInferenceProfiles",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetDashboard",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListDashboards",
        "cloudwatch:ListMetrics",
        "secretsmanager:ListSecrets",
    ]
    own = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    by_secrets = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
    secret = ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"]
    return PermissionSetShape(
        accounts=accounts,
        description="Looks after one team's secret and dashboards",
        groups=groups,
        statements=[
            allow("Look", looks, ["*"]),
            allow("SetTheTeamsSecret", secret, ["*"], own),
            allow("EncryptTheSecret", ["kms:Decrypt", "kms:GenerateDataKey"], ["*"], by_secrets),
        ],
    )
