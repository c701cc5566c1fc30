"""Budgets of AWS, as the account and every team have one."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi_aws as aws

ACTUAL_PERCENT = (50, 80, 100)
"""When spent money is reported."""

FORECAST_PERCENT = (100,)
"""When money that will be spent is reported; AWS needs about five weeks of usage to forecast."""

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
