"""What cost control promises."""

import pytest

from components._budget import notifications
from components.cost_control import CostControl, CostControlArgs, UnusualSpending
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


MONITOR = "arn:aws:ce::111122223333:anomalymonitor/01234567-89ab-cdef-0123-456789abcdef"


def unusual(monitor_arn: str | None) -> Graph:
    """Cost control that reports what is unusual."""
    watched = UnusualSpending(threshold_usd=100, monitor_arn=monitor_arn)
    args = CostControlArgs(budget_usd=500, emails=["a@example.com"], name_prefix="llmlz", unusual=watched)

    def program() -> None:
        CostControl("cost", args)

    return record(program, project="llmlz", stack_name="platform", account="111122223333", region="eu-central-1")


def test_unusual_spending_is_watched_service_by_service() -> None:
    """Without a list of services, so that a new one is watched too, and reported from a sum that matters."""
    graph = unusual(None)
    monitor = graph.named("cost-services")
    assert (monitor.inputs["monitorType"], monitor.inputs["monitorDimension"]) == ("DIMENSIONAL", "SERVICE")
    subscription = graph.named("cost-unusual")
    assert {r.to for r in subscription.references} == {monitor.urn}
    assert subscription.inputs["subscribers"] == [{"address": "a@example.com", "type": "EMAIL"}]
    assert subscription.inputs["frequency"] == "DAILY"  # AWS sends single anomalies to topics alone
    assert subscription.inputs["thresholdExpression"]["dimension"]["values"] == ["100"]


def test_a_monitor_that_is_there_is_used() -> None:
    """AWS allows one per account, and makes it by itself in many."""
    graph = unusual(MONITOR)
    assert graph.of_type("aws:costexplorer/anomalyMonitor:AnomalyMonitor") == ()
    assert graph.named("cost-unusual").inputs["monitorArnLists"] == [MONITOR]
