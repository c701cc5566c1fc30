"""Which people come in through which permission set, and into which accounts."""

from collections.abc import Mapping

from components.permission_sets import PermissionSetShape, auditor, developer, finance
from stacks.kinds import OrganizationStack
from stacks.settings.organization import IdentityCenter


def permission_sets(stack: OrganizationStack, people: IdentityCenter) -> Mapping[str, PermissionSetShape]:
    """Name to permission set, for the accounts of every unit whose tier has people come in this way."""
    accounts = sorted(
        account for plan in stack.units.values() if plan.tier_data.people for account in plan.unit.account_ids()
    )
    if not accounts:
        return {}
    return {
        "auditor": auditor(stack.partition, accounts, people.auditors),
        "developer": developer(accounts, people.developers),
        "finance": finance(accounts, people.finance),
    }
