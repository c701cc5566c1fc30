"""What an account may spend, and who hears of it.

Owns: the account's monthly budget.
Does not own: budgets of teams (``TeamSpace``), tags and reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._budget import notifications


@dataclass(frozen=True, kw_only=True, slots=True)
class CostControlArgs:
    """What cost control is made of."""

    budget_usd: int
    """What the account may spend a month, in US dollars."""

    emails: Sequence[str]
    """Who hears of it: one to ten addresses."""

    name_prefix: str
    """Start of the budget's name."""


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

        self.budget_name = budget.name
        self.register_outputs({"budget_name": self.budget_name})
