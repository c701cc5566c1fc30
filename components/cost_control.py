"""What an account may spend, and who hears of it.

Owns: the account's monthly budget, and what watches for spending that is unusual.
Does not own: budgets of teams (``TeamSpace``), tags and reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._budget import notifications
from components._naming import physical_name


@dataclass(frozen=True, kw_only=True, slots=True)
class UnusualSpending:
    """What is reported of unusual spending."""

    threshold_usd: int
    """What it must have cost, in US dollars."""

    monitor_arn: str | None = field(default=None)
    """The monitor of all services that the account has already; one is made if left out. AWS allows one per account, and
    member accounts have no other kind:
    https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html (2026-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CostControlArgs:
    """What cost control is made of."""

    budget_usd: int
    """What the account may spend a month, in US dollars."""

    emails: Sequence[str]
    """Who hears of it: one to ten addresses."""

    name_prefix: str
    """Start of the names of budget and monitor."""

    unusual: UnusualSpending | None = field(default=None)
    """What is reported of unusual spending; nothing if left out."""


class CostControl(pulumi.ComponentResource):
    """The budget of the whole account."""

    budget_name: pulumi.Output[str]
    """For reports and for actions."""

    def __init__(self, name: str, args: CostControlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the budget; raises ``ValueError`` when nobody, or too many, would hear of it."""
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

        if args.unusual:
            _watched(name, args, args.unusual, parent=self)

        self.budget_name = budget.name
        self.register_outputs({"budget_name": self.budget_name})


def _watched(name: str, args: CostControlArgs, unusual: UnusualSpending, *, parent: pulumi.Resource) -> None:
    """One mail a day with whatever is unusual and large enough.

    Cost Explorer needs ten days of a service's use before it knows what is usual, and sees spending up to a day late:
    https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html (2026-11)
    """
    opts = pulumi.ResourceOptions(parent=parent)
    monitor: pulumi.Input[str] | None = unusual.monitor_arn
    if monitor is None:
        monitor = aws.costexplorer.AnomalyMonitor(
            f"{name}-services",
            name=physical_name("anomaly-monitor", args.name_prefix, "services"),
            monitor_dimension="SERVICE",
            monitor_type="DIMENSIONAL",
            opts=opts,
        ).arn
    aws.costexplorer.AnomalySubscription(
        f"{name}-unusual",
        name=physical_name("anomaly-monitor", args.name_prefix, "unusual"),
        frequency="DAILY",
        monitor_arn_lists=[monitor],
        subscribers=[{"address": email, "type": "EMAIL"} for email in args.emails],
        threshold_expression={
            "dimension": {
                "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                "match_options": ["GREATER_THAN_OR_EQUAL"],
                "values": [str(unusual.threshold_usd)],
            }
        },
        opts=opts,
    )
