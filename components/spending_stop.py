"""What stops a team that has spent its budget: one policy that only denies, and the role that attaches it.

Owns: the policy, and the role that AWS Budgets takes to attach it to the role of a team and to take it off again.
Does not own: budgets and their actions (``TeamSpace``), which name both.

The role is under the boundary of the platform, since no role under the other one changes roles. What it may do is one
thing: it can only ever take calls away from a role, and give back what it took.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, deny, document

STOP = "spending-stop"
"""End of the names of role and policy, by which readers know them."""

PAID = ("bedrock:ApplyGuardrail", "bedrock:InvokeModel*", "bedrock:Retrieve")
"""What a team pays for by use; a knowledge base embeds every question. Converse and ConverseStream are authorised as
InvokeModel: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendingStopArgs:
    """What the stop is made of."""

    account_id: str
    """Twelve digits; only budgets of this account stop anybody, and only roles of it are stopped."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the few roles that may change the platform."""

    name_prefix: str
    """Start of every physical name, and of the names of the roles that can be stopped."""

    partition: str
    """``aws``, or the name of another AWS partition."""


class SpendingStop(pulumi.ComponentResource):
    """The policy that denies calls, attached to nobody, and the role that attaches it."""

    policy_arn: pulumi.Output[str]
    """What the action of a budget attaches."""

    role_arn: pulumi.Output[str]
    """As what AWS Budgets does it; ready when its policy is attached."""

    def __init__(self, name: str, args: SpendingStopArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both."""
        super().__init__("llmlz:index:SpendingStop", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        policy = aws.iam.Policy(
            f"{name}-policy",
            name=physical_name("policy", args.name_prefix, STOP),
            description="Attached by AWS Budgets to the role of a team that has spent its budget.",
            policy=json.dumps(document([no_calls()])),
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name("role", args.name_prefix, STOP),
            description="AWS Budgets attaches the policy that stops calls, and takes it off.",
            assume_role_policy=json.dumps(trust(args.partition, args.account_id)),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        allowed = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=policy.arn.apply(lambda arn: json.dumps(document([attach_only(arn, args)]))),
            opts=child,
        )
        self.policy_arn = policy.arn
        self.role_arn = pulumi.Output.all(role.arn, allowed.id).apply(lambda made: str(made[0]))
        self.register_outputs({"policy_arn": self.policy_arn, "role_arn": self.role_arn})


def no_calls() -> Statement:
    """Nothing that is paid by use; everything else goes on."""
    return deny("BudgetIsSpent", PAID, ["*"])


def attach_only(policy_arn: str, args: SpendingStopArgs) -> Statement:
    """This one policy, to and from roles of this prefix."""
    return allow(
        "AttachTheStopAndNothingElse",
        ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        [f"arn:{args.partition}:iam::{args.account_id}:role/{args.name_prefix}-*"],
        {"ArnEquals": {"iam:PolicyARN": policy_arn}},
    )


def trust(partition: str, account_id: str) -> dict[str, object]:
    """AWS Budgets, for budgets of this account.

    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-action-role.html (2026-11)
    """
    return document(
        [
            {
                "Sid": "BudgetsOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": "budgets.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "ArnLike": {"aws:SourceArn": f"arn:{partition}:budgets::{account_id}:budget/*"},
                    "StringEquals": {"aws:SourceAccount": account_id},
                },
            }
        ]
    )
