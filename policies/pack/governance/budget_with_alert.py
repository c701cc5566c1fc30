"""Somebody hears about money before the invoice."""

from collections.abc import Sequence

from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import mappings, number, text, texts

BUDGET, ACTION = "aws:budgets/budget:Budget", "aws:budgets/budgetAction:BudgetAction"
STACK_REFERENCE = "pulumi:pulumi:StackReference"


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """The account has a cost budget with a limit and an alert; with ``needs.action`` one that acts by itself too."""
    known = [r for s in (context.stack, *context.others) if s.account == context.stack.account for r in s.resources]
    budgets = [r for r in known if r.type == BUDGET]
    if not budgets:
        if context.of_type(STACK_REFERENCE) and not context.others:
            return indeterminate("this stack has no budget; check it with the stack that it refers to")
        return violated("models are used and the account has no budget")
    acts = any(r.type == ACTION and text(r.inputs, "approvalModel") == "AUTOMATIC" for r in known)
    action = require(acts, "no budget acts by itself") if context.needs["action"] else HOLDS
    return together([*(_alerts(b) for b in budgets), action])


def _alerts(budget: Resource) -> Result:
    limit = number(budget.inputs, "limitAmount")
    heard = [
        n
        for n in mappings(budget.inputs, "notifications")
        if texts(n, "subscriberEmailAddresses") or texts(n, "subscriberSnsTopicArns")
    ]
    return together(
        [
            require(
                limit is not None and limit > 0, f"{budget.name}: limitAmount is {budget.inputs.get('limitAmount')!r}"
            ),
            require(bool(heard), f"{budget.name}: no notification reaches anybody"),
        ]
    )
