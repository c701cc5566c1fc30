"""When documents are no longer good enough: alarms as values, over the counts that each run leaves in CloudWatch."""

from __future__ import annotations

import pulumi

from components._alarm import HOUR, Alarm, Metric

NAMESPACE, MACHINES = "LLMLZ/Ingestion", "AWS/States"
HOURS_A_DAY = 24


def quality_alarms(
    team: str, machine_arn: pulumi.Input[str], *, held_percent: float, stale_days: int, unreadable_percent: float
) -> list[Alarm]:
    """In the order in which somebody should look at them. A period without a run says nothing, so one hour decides.

    Metrics of state machines: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html (2026-11).
    """
    machine = {"StateMachineArn": machine_arn}
    failed = {
        name.lower(): Metric(name=f"Executions{name}", namespace=MACHINES, dimensions=machine)
        for name in ("Failed", "TimedOut", "Aborted")
    }
    return [
        _once(
            "ingestion-failed",
            "A run of the ingestion pipeline failed.",
            failed,
            " + ".join(f"FILL({m}, 0)" for m in failed),
            1,
        ),
        _once(
            "documents-held-back",
            "Many documents are held back.",
            _counts(team, "Held", "Documents"),
            _percent("held"),
            held_percent,
        ),
        _once(
            "documents-unreadable",
            "Many documents are empty or no text.",
            _counts(team, "Unreadable", "Empty", "Documents"),
            _percent("unreadable + empty"),
            unreadable_percent,
        ),
        _once(
            "documents-stale",
            "No document has been written for too long.",
            {"newestagehours": _count(team, "NewestAgeHours", "Maximum")},
            None,
            stale_days * HOURS_A_DAY,
        ),
    ]


def _once(name: str, says: str, metrics: dict[str, Metric], expression: str | None, threshold: float) -> Alarm:
    """Rings for one hour that is wrong."""
    return Alarm(
        name=name,
        says=says,
        metrics=metrics,
        expression=expression,
        threshold=threshold,
        period=HOUR,
        datapoints=1,
        evaluations=1,
    )


def _counts(team: str, *names: str) -> dict[str, Metric]:
    return {name.lower(): _count(team, name) for name in names}


def _count(team: str, name: str, statistic: str = "Sum") -> Metric:
    return Metric(name=name, namespace=NAMESPACE, statistic=statistic, dimensions={"Team": team})


def _percent(part: str) -> str:
    """A run without documents has no share of bad ones."""
    return f"IF(documents > 0, 100 * ({part}) / documents, 0)"
