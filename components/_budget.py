"""Budgets of AWS, as the account and every team have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ACTUAL_PERCENT = (50, 80, 100)
"""When spent money is reported."""

FORECAST_PERCENT = (100,)
"""When money that will be spent is reported; AWS needs about five weeks of usage to forecast."""

STOP_PERCENT = 100
"""When whoever spends is stopped."""

MOST_EMAILS = 10
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
(2026-11) allows eleven subscribers, ten of them by mail."""


def notifications(emails: Sequence[str]) -> list[aws.budgets.BudgetNotificationArgsDict]:
    """One mail per threshold, to everybody; raises ``ValueError`` when nobody, or too many, would hear of it."""
    if not 1 <= len(emails) <= MOST_EMAILS:
        raise ValueError(f"emails has {len(emails)} addresses, expected 1 to {MOST_EMAILS}")
    thresholds = [("ACTUAL", p) for p in ACTUAL_PERCENT] + [("FORECASTED", p) for p in FORECAST_PERCENT]
    return [
        {
            "comparison_operator": "GREATER_THAN",
            "notification_type": kind,
            "subscriber_email_addresses": list(emails),
            "threshold": percent,
            "threshold_type": "PERCENTAGE",
        }
        for kind, percent in thresholds
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetStop:
    """What AWS does by itself once a budget is spent."""

    policy_arn: pulumi.Input[str]
    """Policy that is attached to whoever spends."""

    role_arn: pulumi.Input[str]
    """As which role AWS Budgets attaches it."""


def stop_action(
    name: str,
    stop: BudgetStop,
    *,
    budget: aws.budgets.Budget,
    emails: Sequence[str],
    role: aws.iam.Role,
    parent: pulumi.Resource,
) -> aws.budgets.BudgetAction:
    """The policy is attached to ``role`` when the whole budget is spent, without anybody's approval.

    AWS counts up to three times a day, so more than the budget may be spent by then:
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html (2026-11)
    """
    return aws.budgets.BudgetAction(
        name,
        action_threshold={"action_threshold_type": "PERCENTAGE", "action_threshold_value": STOP_PERCENT},
        action_type="APPLY_IAM_POLICY",
        approval_model="AUTOMATIC",
        budget_name=budget.name,
        definition={"iam_action_definition": {"policy_arn": stop.policy_arn, "roles": [role.name]}},
        execution_role_arn=stop.role_arn,
        notification_type="ACTUAL",
        subscribers=[{"address": email, "subscription_type": "EMAIL"} for email in emails],
        opts=pulumi.ResourceOptions(parent=parent),
    )
