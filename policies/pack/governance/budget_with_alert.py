"""Somebody hears about money before the invoice, and a team that has spent its own is stopped."""

from collections.abc import Iterator, Sequence

from policies.pack._places import alone, in_account
from policies.pack._relations import pointing_at
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._use import of_models
from policies.pack._values import mapping, mappings, number, part, text, texts

BUDGET, ACTION = "aws:budgets/budget:Budget", "aws:budgets/budgetAction:BudgetAction"
PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
BY_TAG, TEAM = "TagKeyValue", "user:team$"
"""A budget that counts what one team has tagged as its own:
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html (2026-11)"""

WHOLE_BUDGET = 100


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """The account has cost budgets with a limit and an alert; with ``needs.action`` each team's acts by itself too."""
    if not of_models(subjects, context):
        return HOLDS
    budgets = [budget for budget, _ in in_account(context, BUDGET)]
    if not budgets:
        if alone(context):
            return indeterminate("this stack has no budget; check it with the stack that it refers to")
        return violated("models are used and the account has no budget")
    return together([*(_alerts(b) for b in budgets), *(_actions(context) if context.needs["action"] else ())])


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


def _actions(context: Context) -> Iterator[Result]:
    """Every budget of a team in this stack acts, and whoever has inference profiles here has such a budget."""
    of_teams = [budget for budget in context.of_type(BUDGET) if _of_a_team(budget)]
    yield require(bool(of_teams) or not context.of_type(PROFILE), "models are called here, and no team has a budget")
    for budget in of_teams:
        actions = pointing_at(context, budget, ACTION, "budgetName", "name")
        stopping = [action for action in actions if _stops(action)]
        yield require(bool(stopping), f"{budget.name}: nothing stops the team when it is spent")


def _of_a_team(budget: Resource) -> bool:
    filters = mappings(budget.inputs, "costFilters")
    return any(
        text(f, "name") == BY_TAG and any(value.startswith(TEAM) for value in texts(f, "values")) for f in filters
    )


def _stops(action: Resource) -> bool:
    """At the whole of the budget, spent or foreseen, a role gets another policy at the latest, and nobody is asked."""
    threshold = mapping(action.inputs, "actionThreshold") or {}
    at = number(threshold, "actionThresholdValue")
    definition = part(action.inputs, "definition", "iamActionDefinition")
    return (
        text(action.inputs, "approvalModel") == "AUTOMATIC"
        and text(action.inputs, "actionType") == "APPLY_IAM_POLICY"
        and text(threshold, "actionThresholdType") == "PERCENTAGE"
        and at is not None
        and at <= WHOLE_BUDGET
        and bool(texts(definition, "roles"))
    )
