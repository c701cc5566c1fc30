"""Whoever switches logging or the guardrail off, takes the emergency role, or abuses models, is noticed within minutes.

An attacker's first step is to switch off what would show the second one. Calls reach rules of EventBridge through
CloudTrail: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html (2026-11).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._places import in_account, region_of
from policies.pack._reports import admits, call, patterns, reports, rings
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import flag, mapping, mappings, text

ALARM, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """In each region: every call of ``needs.calls`` and ``needs.roles`` is reported, ``needs.metrics`` have alarms."""
    regions = sorted({region_of(s, context) for s in subjects})
    return together(result for region in regions for result in _region(region, context))


def _region(region: str, context: Context) -> Iterator[Result]:
    heard = patterns(context, region)
    unheard = [
        f"{service}:{name}"
        for service, names in context.needs["calls"].items()
        for name in names
        if not any(admits(p, call(service, name, region, context)) for p in heard)
    ]
    yield require(not unheard, f"{region}: nobody hears of {', '.join(unheard)}")
    for role in context.needs["roles"]:
        yield require(reports(heard, role, region, context), f"{region}: nobody hears when {role} is taken")
    for metric in context.needs["metrics"]:
        found = any(
            region_of(alarm, place) == region and _watches(alarm, metric) and _is_called(alarm, place)
            for alarm, place in in_account(context, ALARM)
        )
        yield require(found, f"{region}: no alarm that somebody hears counts {metric['namespace']} {metric['name']}")


def _watches(alarm: Resource, metric: Mapping[str, str]) -> bool:
    """Much of the metric is what alarms, by itself or in an expression."""
    if "Greater" not in (text(alarm.inputs, "comparisonOperator") or ""):
        return False
    queries = mappings(alarm.inputs, "metricQueries")
    counted = [q for q in queries if _is(mapping(q, "metric") or {}, metric)]
    compared = " ".join(text(q, "expression") or "" for q in queries if flag(q, "returnData") is True)
    return _is(alarm.inputs, metric) or any(
        flag(q, "returnData") is True or re.search(rf"\b{re.escape(text(q, 'id') or '-')}\b", compared) for q in counted
    )


def _is(found: Mapping[str, Any], metric: Mapping[str, str]) -> bool:
    return text(found, "namespace") == metric["namespace"] and text(found, "metricName") == metric["name"]


def _is_called(alarm: Resource, context: Context) -> bool:
    """Somebody hears the alarm itself, or one that is made of it."""
    name = text(alarm.inputs, "name")
    made_of = re.compile(rf'(?<!NOT )\bALARM\("?{re.escape(name or "-")}"?\)')
    return rings(alarm, context) or any(
        rings(whole, context) and made_of.search(text(whole.inputs, "alarmRule") or "")
        for whole in context.of_type(COMPOSITE)
    )
