"""What happens to a team that has spent its budget."""

import pulumi

from components.spending_stop import SpendingStop, SpendingStopArgs
from stacks.kinds import PlatformStack


def spending_stop(stack: PlatformStack, opts: pulumi.ResourceOptions) -> dict[str, pulumi.Input[str]]:
    """What stops teams, as a platform publishes it; nothing where teams only hear of it."""
    if stack.settings.over_budget == "report":
        return {}
    args = SpendingStopArgs(
        account_id=stack.account,
        boundary_arn=stack.platform_boundary_arn,
        name_prefix=stack.name_prefix,
        partition=stack.partition,
    )
    made = SpendingStop("spending", args, opts)
    return {"policy_arn": made.policy_arn, "role_arn": made.role_arn}
