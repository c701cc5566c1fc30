"""What an account may spend, and who hears of it.

Owns: the account's monthly budget.
Does not own: budgets of teams (``TeamSpace``), tags and reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ACTUAL_PERCENT = (50, 80, 100)
"""When spent money is reported."""

FORECAST_PERCENT = (100,)
"""When money that will be spent is reported; AWS needs about five weeks of usage to forecast."""

MOST_EMAILS = 10
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
(2026-11) allows eleven subscribers, ten of them by mail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CostControlArgs:
    """What cost control is made of. Raises ``ValueError`` when nobody, or too many, would hear of the budget."""

    budget_usd: int
    """What the account may spend a month, in US dollars."""

    emails: Sequence[str]
    """Who hears of it."""

    name_prefix: str
    """Start of the budget's name."""

    def __post_init__(self) -> None:
        """A budget that nobody hears of controls nothing."""
        if not 1 <= len(self.emails) <= MOST_EMAILS:
            raise ValueError(f"emails has {len(self.emails)} addresses, expected 1 to {MOST_EMAILS}")


class CostControl(pulumi.ComponentResource):
    """The budget of the whole account."""

    budget_name: pulumi.Output[str]
    """For reports and for actions."""

    def __init__(self, name: str, args: CostControlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the budget."""
        super().__init__("llmlz:index:CostControl", name, {}, opts)

        budget = aws.budgets.Budget(
            f"{name}-budget",
            name=f"{args.name_prefix}-account",
            budget_type="COST",
            cost_types={"include_credit": False, "include_refund": False},  # or credits would hide what is spent
            limit_amount=str(args.budget_usd),
            limit_unit="USD",
            notifications=notifications(args.emails),
            time_unit="MONTHLY",
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.budget_name = budget.name
        self.register_outputs({"budget_name": self.budget_name})


def notifications(emails: Sequence[str]) -> list[aws.budgets.BudgetNotificationArgsDict]:
    """One mail per threshold, to everybody."""
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
