"""One page that says how the models are doing: speed, tokens, errors, guardrail, money.

Owns: the dashboard.
Does not own: alarms, and dashboards of teams.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components._alarm import GUARDRAILS, MINUTE, MINUTES_5, MODELS

BILLING = "AWS/Billing"
"""A namespace; metric names and dimensions of all three:
https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-guardrails-cw-metrics.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
(2026-11)"""

HOURS_6 = 21_600
WIDTH, HEIGHT, ROW = 12, 6, 24
"""Units of CloudWatch's grid: two charts fill a row."""

ALARMS_HEIGHT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardArgs:
    """What a dashboard is made of."""

    name_prefix: str
    """Start of the dashboard's name."""

    region: str
    """Where the models are called from."""

    alarm_arns: pulumi.Input[Sequence[str]] | None = field(default=None)
    """Alarms whose state is shown first; no such panel if left out."""

    billing_region: str = field(default="us-east-1")
    """Where AWS publishes charges; the only Region that has them in the ``aws`` partition if left out."""

    tokens_per_minute: int | None = field(default=None)
    """What the account may use a minute; no chart of its use if left out."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. Its searches find a line per model or guardrail, so that nothing needs a list here."""

    title: str
    unit: str
    searches: Sequence[str]


class Dashboard(pulumi.ComponentResource):
    """The platform's dashboard."""

    dashboard_name: pulumi.Output[str]
    """As the console lists it."""

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the dashboard."""
        super().__init__("llmlz:index:Dashboard", name, {}, opts)

        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=f"{args.name_prefix}-models",
            dashboard_body=pulumi.Output.from_input(args.alarm_arns).apply(
                lambda arns: json.dumps(
                    body(args.region, args.billing_region, alarm_arns=arns, tokens_per_minute=args.tokens_per_minute)
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.dashboard_name = dashboard.dashboard_name
        self.register_outputs({"dashboard_name": self.dashboard_name})


def body(
    region: str,
    billing_region: str,
    *,
    alarm_arns: Sequence[str] | None = None,
    tokens_per_minute: int | None = None,
) -> dict[str, Any]:
    """The dashboard's document: alarms above everything else, the quota's use before charges.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (2026-11)
    """
    widgets = [_widget(chart, at, region, MINUTES_5) for at, chart in enumerate(CHARTS)]
    if tokens_per_minute is not None:
        widgets.append(_quota(len(widgets), region, tokens_per_minute))
    widgets.append(_widget(CHARGES, len(widgets), billing_region, HOURS_6))
    if alarm_arns is None:
        return {"start": "-P7D", "widgets": widgets}
    lower = [{**widget, "y": widget["y"] + ALARMS_HEIGHT} for widget in widgets]
    return {"start": "-P7D", "widgets": [_alarms(alarm_arns), *lower]}


def _search(namespace: str, dimensions: str, metric: str, statistic: str = "Sum", seconds: int = MINUTES_5) -> str:
    return f"""SEARCH('{{{namespace},{dimensions}}} MetricName="{metric}"', '{statistic}', {seconds})"""


def _models(metric: str, statistic: str = "Sum") -> str:
    return _search(MODELS, "ModelId", metric, statistic)


CHARTS: Sequence[Chart] = (
    Chart(
        "Latency, median and 95th percentile",
        "Milliseconds",
        [_models("InvocationLatency", "p50"), _models("InvocationLatency", "p95")],
    ),
    Chart("Calls", "Calls", [_models("Invocations")]),
    Chart("Tokens in", "Tokens", [_models("InputTokenCount")]),
    Chart("Tokens out", "Tokens", [_models("OutputTokenCount")]),
    Chart("Errors", "Calls", [_models("InvocationClientErrors"), _models("InvocationServerErrors")]),
    Chart("Throttled", "Calls", [_models("InvocationThrottles")]),
    Chart(
        "Guardrail interventions, by guardrail and by policy",
        "Calls",
        [
            _search(GUARDRAILS, "GuardrailArn,GuardrailVersion", "InvocationsIntervened"),
            _search(GUARDRAILS, "GuardrailPolicyType", "InvocationsIntervened"),
        ],
    ),
)
"""In reading order."""

CHARGES = Chart(
    "Charges this month, whole account and by service",
    "US dollars",
    [
        _search(BILLING, "Currency", "EstimatedCharges", "Maximum", HOURS_6),
        _search(BILLING, "Currency,ServiceName", "EstimatedCharges", "Maximum", HOURS_6),
    ],
)
"""Empty until billing alerts are switched on in the account's billing preferences."""


def _widget(chart: Chart, at: int, region: str, seconds: int) -> dict[str, Any]:
    return {
        "type": "metric",
        "x": at * WIDTH % ROW,
        "y": at * WIDTH // ROW * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": {
            "title": chart.title,
            "view": "timeSeries",
            "stacked": False,
            "region": region,
            "period": seconds,
            "metrics": [[{"expression": search, "id": f"e{n}"}] for n, search in enumerate(chart.searches)],
            "yAxis": {"left": {"label": chart.unit, "showUnits": False, "min": 0}},
        },
    }


def _quota(at: int, region: str, tokens_per_minute: int) -> dict[str, Any]:
    """Tokens of all models a minute, under a line at the quota."""
    every = [
        f"""SUM(SEARCH('{{{MODELS}}} MetricName="{metric}"', 'Sum', {MINUTE}))"""
        for metric in ("InputTokenCount", "OutputTokenCount")
    ]
    widget = _widget(Chart("Tokens a minute, and the quota", "Tokens", [" + ".join(every)]), at, region, MINUTE)
    line = {"label": "Quota", "value": tokens_per_minute}
    return {**widget, "properties": {**widget["properties"], "annotations": {"horizontal": [line]}}}


def _alarms(arns: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": ROW,
        "height": ALARMS_HEIGHT,
        "properties": {"title": "Alarms", "alarms": list(arns)},
    }
