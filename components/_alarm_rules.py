"""When something is wrong with models, evidence or the database: alarms as values, from thresholds.

All metrics of models are those across all models, without a dimension: what a team calls is counted under the id of its
own inference profile, which the platform does not know. Names and dimensions:
https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-guardrails-cw-metrics.html (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components._alarm import GUARDRAILS, HOUR, MINUTE, MINUTES_5, Alarm, Metric, percent, total

LOGS, DATABASES = "AWS/Logs", "AWS/RDS"

BURN = 14.4
"""How many times faster than allowed errors may come: at this rate an hour spends two per cent of a month's errors. Both
the last hour and the last minutes must show it, so that an outage is reported at once and is over at once:
https://sre.google/workbook/alerting-on-slos/ (2026-11)."""

DATABASE_BUSY_PERCENT = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """Where the line is. Per cents are of all calls."""

    client_error_percent: float
    guardrail_percent: float
    latency_seconds: float
    server_error_percent: float
    throttle_percent: float
    tokens_per_minute: float
    """Tokens a minute from which the quota is too near."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objectives:
    """What teams may rely on."""

    availability_percent: float
    latency_seconds: float


def model_alarms(lines: Thresholds) -> list[Alarm]:
    """Calls that fail, wait or use up the quota."""
    return [
        _rate("client-errors", "Many calls of models are refused as wrong or not allowed.", "ClientErrors", lines),
        _rate("server-errors", "Bedrock fails to answer many calls.", "ServerErrors", lines),
        _rate("throttled", "Many calls of models are refused for want of quota.", "Throttles", lines),
        Alarm(
            name="slow-answers",
            says="One of ten answers of models takes too long.",
            metrics={"latency": Metric(name="InvocationLatency", statistic="p90")},
            threshold=lines.latency_seconds * 1000,
        ),
        Alarm(
            name="quota-nearly-used",
            says="Models are asked for almost as many tokens a minute as the account may use.",
            metrics={"tokens_in": Metric(name="InputTokenCount"), "tokens_out": Metric(name="OutputTokenCount")},
            expression="FILL(tokens_in, 0) + FILL(tokens_out, 0)",
            threshold=lines.tokens_per_minute,
            period=MINUTE,
            datapoints=3,
            evaluations=5,
        ),
    ]


COUNTED_VERSIONS = 5
"""The newest ones: an alarm reads ten metrics at most, and each version has two.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html (2026-11)"""


def guardrail_alarm(most_percent: float, arn: pulumi.Input[str], versions: Sequence[pulumi.Input[str]]) -> Alarm:
    """The guardrail intervenes in many calls, of whichever accepted version."""
    of = [{"GuardrailArn": arn, "GuardrailVersion": version} for version in versions[-COUNTED_VERSIONS:]]
    looked = {f"looked_{n}": Metric(name="Invocations", namespace=GUARDRAILS, dimensions=d) for n, d in enumerate(of)}
    stopped = {
        f"stopped_{n}": Metric(name="InvocationsIntervened", namespace=GUARDRAILS, dimensions=d)
        for n, d in enumerate(of)
    }
    return Alarm(
        name="guardrail-intervenes",
        says="The guardrail intervenes in many calls.",
        metrics={**looked, **stopped},
        expression=percent(total(stopped), total(looked)),
        threshold=most_percent,
    )


def evidence_alarms(trail_log_group: pulumi.Input[str] | None) -> list[Alarm]:
    """Records that do not arrive; those of the trail only where it delivers to a log group here.

    CloudTrail has no metric of its own; it always has something to say, if only about keys that other services use, so
    its log group must not fall silent.
    """
    failed = {
        "log": Metric(name="ModelInvocationLogsCloudWatchDeliveryFailure"),
        "bucket": Metric(name="ModelInvocationLargeDataS3DeliveryFailure"),
    }
    calls = [
        Alarm(
            name="model-calls-not-logged",
            says="Bedrock could not deliver the record of a model call.",
            metrics=failed,
            expression=total(failed),
            threshold=1,
            datapoints=1,
            evaluations=1,
        )
    ]
    if trail_log_group is None:
        return calls
    return [
        *calls,
        Alarm(
            name="api-calls-not-logged",
            says="CloudTrail has delivered nothing for hours.",
            metrics={
                "events": Metric(name="IncomingLogEvents", namespace=LOGS, dimensions={"LogGroupName": trail_log_group})
            },
            threshold=1,
            comparison="LessThanThreshold",
            period=HOUR,
            datapoints=3,
            evaluations=3,
            silence="breaching",
        ),
    ]


def database_alarm(cluster: pulumi.Input[str]) -> Alarm:
    """A database that has grown as far as it may.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html (2026-11)
    """
    return Alarm(
        name="database-busy",
        says="The vector database works at the limit of its capacity.",
        metrics={
            "used": Metric(
                name="ACUUtilization",
                namespace=DATABASES,
                statistic="Average",
                dimensions={"DBClusterIdentifier": cluster},
            )
        },
        threshold=DATABASE_BUSY_PERCENT,
        datapoints=3,
    )


SERVICE_LEVEL = "service-level"
NOW, LASTING, LATE = f"{SERVICE_LEVEL}-now", f"{SERVICE_LEVEL}-hour", f"{SERVICE_LEVEL}-latency"


def service_level_parts(objectives: Objectives) -> list[Alarm]:
    """Errors that come too fast now, too fast for an hour, and answers that come too late; none of them rings."""
    allowed = 100 - objectives.availability_percent
    bad = {"failed": Metric(name="InvocationServerErrors"), "throttled": Metric(name="InvocationThrottles")}
    metrics = {"calls": Metric(name="Invocations"), **bad}
    return [
        Alarm(
            name=name,
            says=says,
            metrics=metrics,
            expression=percent(total(bad), total(metrics)),
            threshold=min(BURN * allowed, 100),
            period=period,
            datapoints=1,
            evaluations=1,
            page=SERVICE_LEVEL,
            rings=False,
        )
        for name, says, period in (
            (NOW, "Errors come much faster than the service level allows.", MINUTES_5),
            (LASTING, "Errors came much faster than the service level allows for an hour.", HOUR),
        )
    ] + [
        Alarm(
            name=LATE,
            says="One of ten answers of the last hour took longer than the service level allows.",
            metrics={"latency": Metric(name="InvocationLatency", statistic="p90")},
            threshold=objectives.latency_seconds * 1000,
            period=HOUR,
            datapoints=1,
            evaluations=1,
            page=SERVICE_LEVEL,
            rings=False,
        )
    ]


def service_level_rule(alarm_names: Mapping[str, str]) -> str:
    """When the service level is being missed: errors both now and for a while, or answers that are late.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html (2026-11)
    """
    said = {part: f'ALARM("{name}")' for part, name in alarm_names.items()}
    return f"({said[NOW]} AND {said[LASTING]}) OR {said[LATE]}"


def _rate(name: str, says: str, kind: str, lines: Thresholds) -> Alarm:
    percents = {
        "ClientErrors": lines.client_error_percent,
        "ServerErrors": lines.server_error_percent,
        "Throttles": lines.throttle_percent,
    }
    bad = {"bad": Metric(name=f"Invocation{kind}")}
    metrics = {"calls": Metric(name="Invocations"), **bad}
    expression = percent(total(bad), total(metrics))
    return Alarm(name=name, says=says, metrics=metrics, expression=expression, threshold=percents[kind])
