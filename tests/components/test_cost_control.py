"""What cost control promises."""

import pytest

from components._budget import notifications
from components.cost_control import CostControl, CostControlArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A budget of 500 dollars that two people hear of."""
    args = CostControlArgs(budget_usd=500, emails=["a@example.com", "b@example.com"], name_prefix="llmlz")

    def program() -> None:
        CostControl("cost", args)

    return record(
        program,
        project="llmlz",
        stack_name="platform",
        account="111122223333",
        region="eu-central-1",
    )


def test_the_budget_counts_what_is_spent_in_a_month(graph: Graph) -> None:
    """In dollars, for the whole account, without the credits and refunds that would hide it."""
    budget = graph.named("cost-budget").inputs
    assert {name: value for name, value in budget.items() if name != "notifications"} == {
        "name": "llmlz-account",
        "budgetType": "COST",
        "costTypes": {"includeCredit": False, "includeRefund": False},
        "limitAmount": "500",
        "limitUnit": "USD",
        "timeUnit": "MONTHLY",
    }


def test_everybody_hears_in_time() -> None:
    """At half, at 80 per cent, at the limit, and when the forecast passes it."""
    mails = notifications(["a@example.com", "b@example.com"])
    assert [(m["notification_type"], m["threshold"]) for m in mails] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    assert {(m["comparison_operator"], m["threshold_type"]) for m in mails} == {("GREATER_THAN", "PERCENTAGE")}
    assert [m["subscriber_email_addresses"] for m in mails] == [["a@example.com", "b@example.com"]] * 4


def test_the_graph_has_these_notifications(graph: Graph) -> None:
    """What the pure function says is what is registered."""
    registered = graph.named("cost-budget").inputs["notifications"]
    assert [(n["notificationType"], n["threshold"]) for n in registered] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]


@pytest.mark.parametrize("emails", [[], [f"p{n}@example.com" for n in range(11)]])
def test_a_budget_that_nobody_hears_of_is_refused(emails: list[str]) -> None:
    """So is one with more addresses than AWS takes."""
    with pytest.raises(ValueError, match=f"emails has {len(emails)} addresses, expected 1 to 10"):
        notifications(emails)


def test_the_component_holds_the_budget_and_registers_its_outputs(graph: Graph) -> None:
    """One child with the component as its parent; annotations and registered outputs are the same."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert [(r.name, r.parent) for r in graph.custom()] == [("cost-budget", component.urn)]
    assert set(component.outputs) == set(CostControl.__annotations__)
