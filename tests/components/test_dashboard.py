"""What the dashboard promises."""

import json
import re
from itertools import combinations
from typing import Any

import pytest

from components.dashboard import Dashboard, DashboardArgs, body
from llmlz.graph.record import record

BODY = body("eu-central-1", "us-east-1")
SEARCH = re.compile(r"""SEARCH\('\{([^,}]+),([^}]+)\} MetricName="(\w+)"', '(\w+)', (\d+)\)""")


def searches(title: str) -> list[tuple[str, ...]]:
    """Namespace, dimensions, metric, statistic and period of every search in the chart called ``title``."""
    (chart,) = [w["properties"] for w in BODY["widgets"] if w["properties"]["title"] == title]
    matches = [SEARCH.fullmatch(line[0]["expression"]) for line in chart["metrics"]]
    assert None not in matches
    return [match.groups() for match in matches if match]


@pytest.mark.parametrize(
    ("title", "metric", "statistics"),
    [
        ("Latency, median and 95th percentile", "InvocationLatency", ["p50", "p95"]),
        ("Calls", "Invocations", ["Sum"]),
        ("Tokens in", "InputTokenCount", ["Sum"]),
        ("Tokens out", "OutputTokenCount", ["Sum"]),
        ("Throttled", "InvocationThrottles", ["Sum"]),
    ],
)
def test_every_model_has_a_line(title: str, metric: str, statistics: list[str]) -> None:
    """The search is by the dimension that Bedrock reports per model, so a new model shows up by itself."""
    assert searches(title) == [("AWS/Bedrock", "ModelId", metric, statistic, "300") for statistic in statistics]


def test_errors_of_callers_and_of_aws_are_told_apart() -> None:
    """Two lines per model: whose fault it is decides who acts."""
    assert [(namespace, metric) for namespace, _, metric, *_ in searches("Errors")] == [
        ("AWS/Bedrock", "InvocationClientErrors"),
        ("AWS/Bedrock", "InvocationServerErrors"),
    ]


def test_guardrail_interventions_are_shown_by_version_and_by_policy() -> None:
    """A new version that blocks too much is seen, and which of its policies does it."""
    assert searches("Guardrail interventions, by guardrail and by policy") == [
        ("AWS/Bedrock/Guardrails", "GuardrailArn,GuardrailVersion", "InvocationsIntervened", "Sum", "300"),
        ("AWS/Bedrock/Guardrails", "GuardrailPolicyType", "InvocationsIntervened", "Sum", "300"),
    ]


def test_charges_come_from_where_aws_publishes_them() -> None:
    """In another Region than the models; charges only grow, so the largest value is the latest."""
    assert searches("Charges this month, whole account and by service") == [
        ("AWS/Billing", "Currency", "EstimatedCharges", "Maximum", "21600"),
        ("AWS/Billing", "Currency,ServiceName", "EstimatedCharges", "Maximum", "21600"),
    ]
    regions = {w["properties"]["title"].partition(" ")[0]: w["properties"]["region"] for w in BODY["widgets"]}
    assert {title for title, region in regions.items() if region == "us-east-1"} == {"Charges"}
    assert set(regions.values()) == {"eu-central-1", "us-east-1"}


def test_charts_do_not_overlap() -> None:
    """Two per row of CloudWatch's 24 columns, in reading order."""
    places = [(w["x"], w["y"]) for w in BODY["widgets"]]
    assert places == [(0, 0), (12, 0), (0, 6), (12, 6), (0, 12), (12, 12), (0, 18), (12, 18)]

    def apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return bool(abs(one["x"] - other["x"]) >= one["width"] or abs(one["y"] - other["y"]) >= one["height"])

    assert all(apart(one, other) for one, other in combinations(BODY["widgets"], 2))
    assert max(w["x"] + w["width"] for w in BODY["widgets"]) == 24


def test_the_component_holds_this_dashboard() -> None:
    """One child with the document for its Region; annotations and registered outputs are the same."""
    args = DashboardArgs(name_prefix="llmlz", region="eu-west-1")

    def program() -> None:
        Dashboard("dashboard", args)

    graph = record(
        program,
        project="llmlz",
        stack_name="platform",
        account="111122223333",
        region="eu-west-1",
    )
    (component,) = [r for r in graph.resources if r.kind == "component"]
    (child,) = graph.custom()
    assert (child.name, child.parent) == ("dashboard-dashboard", component.urn)
    assert child.inputs["dashboardName"] == "llmlz-models"
    assert json.loads(child.inputs["dashboardBody"]) == body("eu-west-1", "us-east-1")
    assert set(component.outputs) == set(Dashboard.__annotations__)


def test_alarms_are_shown_above_everything_else() -> None:
    """Whoever opens the page in an incident sees first what rings; nothing else changes but its place."""
    arns = ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:llmlz-throttled"]
    first, *others = body("eu-central-1", "us-east-1", alarm_arns=arns)["widgets"]
    assert (first["type"], first["properties"]["alarms"], first["y"]) == ("alarm", arns, 0)
    assert min(w["y"] for w in others) == first["height"]
    assert [w["properties"] for w in others] == [w["properties"] for w in BODY["widgets"]]


def test_the_use_of_the_quota_is_shown_under_a_line() -> None:
    """Tokens of all models both ways, by the minute as quotas are."""
    with_quota = body("eu-central-1", "us-east-1", tokens_per_minute=200_000)
    (chart,) = [w["properties"] for w in with_quota["widgets"] if "quota" in w["properties"]["title"]]
    assert chart["annotations"]["horizontal"] == [{"label": "Quota", "value": 200_000}]
    (line,) = chart["metrics"]
    assert line[0]["expression"] == (
        """SUM(SEARCH('{AWS/Bedrock} MetricName="InputTokenCount"', 'Sum', 60))"""
        """ + SUM(SEARCH('{AWS/Bedrock} MetricName="OutputTokenCount"', 'Sum', 60))"""
    )
    assert chart["period"] == 60
    assert not [w for w in BODY["widgets"] if "quota" in w["properties"]["title"]]
