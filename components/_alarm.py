"""One alarm as a value, and what it compares: a metric, or an expression of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

MODELS, GUARDRAILS = "AWS/Bedrock", "AWS/Bedrock/Guardrails"
MINUTE, MINUTES_5, HOUR = 60, 300, 3600

FEWEST_CALLS = 20
"""Below this many calls in a period a rate says nothing: one failed call of three is no outage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One metric as an alarm reads it."""

    name: str
    namespace: str = MODELS
    statistic: str = "Sum"
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm: it rings when ``datapoints`` of the last ``evaluations`` periods are on the wrong side."""

    name: str
    says: str
    """What is wrong, in one sentence."""
    metrics: Mapping[str, Metric]
    threshold: float
    expression: str | None = None
    """Of the metrics by their keys; the one metric itself if left out."""
    comparison: str = "GreaterThanOrEqualToThreshold"
    period: int = MINUTES_5
    datapoints: int = 2
    evaluations: int = 3
    silence: str = "notBreaching"
    """What a period without any value means."""
    page: str | None = None
    """Runbook; the one of the alarm's name if left out."""
    rings: bool = True
    """False for a part of a composite alarm, which rings in its place."""


def queries(alarm: Alarm) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgsDict]:
    """The metrics, and the expression of them that is compared; the one metric itself where there is no expression."""
    alone = alarm.expression is None
    read = [_read(key, metric, alarm.period, alone) for key, metric in alarm.metrics.items()]
    if alone:
        return read
    return [*read, {"id": "compared", "expression": alarm.expression, "label": alarm.name, "return_data": True}]


def _read(key: str, metric: Metric, period: int, returned: bool) -> aws.cloudwatch.MetricAlarmMetricQueryArgsDict:
    found: aws.cloudwatch.MetricAlarmMetricQueryMetricArgsDict = {
        "metric_name": metric.name,
        "namespace": metric.namespace,
        "period": period,
        "stat": metric.statistic,
    }
    if metric.dimensions:
        found["dimensions"] = dict(metric.dimensions)
    return {"id": key, "metric": found, "return_data": returned}


def total(metrics: Mapping[str, Metric]) -> str:
    """A metric that reports nothing in a period counts as zero there."""
    return " + ".join(f"FILL({key}, 0)" for key in metrics)


def percent(part: str, whole: str) -> str:
    """Zero while there are too few calls to speak of a rate.

    Calls that fail may or may not be counted as invocations: AWS describes both. Counted twice they make the rate a
    little smaller, never larger.
    """
    return f"IF({whole} >= {FEWEST_CALLS}, 100 * ({part}) / ({whole}), 0)"
