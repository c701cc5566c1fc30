"""What is reported to somebody: rules of EventBridge and alarms of CloudWatch, as far as anybody hears of them.

Patterns are read as EventBridge reads them; a comparison that is not known here is unreadable, and admits nothing:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (2026-11).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from policies.pack._places import in_account, region_of
from policies.pack._relations import pointing_at, sources, targets
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, flag, from_json, mapping, shown, text, texts

RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
TOPIC, SUBSCRIPTION = "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription"
PARTITIONS: Mapping[str, str] = {"cn-": "aws-cn", "eusc-": "aws-eusc", "us-gov-": "aws-us-gov"}
"""Start of a region to its partition; every other region is in ``aws``."""

ENABLED = (None, "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
SIGNS = ("=", "<", "<=", ">", ">=")
_ABSENT = object()


def patterns(context: Context, region: str) -> list[Mapping[str, Any]]:
    """Patterns of rules that are on, look at the account's own events in the region, and tell somebody."""
    return [
        _pattern(rule)
        for rule, place in in_account(context, RULE)
        if region_of(rule, place) == region
        and text(rule.inputs, "state") in ENABLED
        and flag(rule.inputs, "isEnabled") is not False
        and (text(rule.inputs, "eventBusName") or "default").rpartition("/")[2] == "default"
        and any(is_heard(t, "arn", place) for t in pointing_at(place, rule, TARGET, "rule", "name"))
    ]


def call(service: str, name: str, region: str, context: Context) -> dict[str, Any]:
    """A call in the account, as CloudTrail tells of it."""
    return {
        "source": f"aws.{service}",
        "detail-type": "AWS API Call via CloudTrail",
        "account": context.stack.account,
        "region": region,
        "detail": {"eventSource": f"{service}.amazonaws.com", "eventName": name, "awsRegion": region},
    }


def reports(heard: Sequence[Mapping[str, Any]], role: str, region: str, context: Context) -> bool:
    """One of the patterns lets through that a role of the account is taken.

    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sts.html (2026-11)
    """
    partition = next((name for start, name in PARTITIONS.items() if region.startswith(start)), "aws")
    taken = call("sts", "AssumeRole", region, context)
    taken["detail"]["requestParameters"] = {"roleArn": f"arn:{partition}:iam::{context.stack.account}:role/{role}"}
    return any(admits(pattern, taken) for pattern in heard)


def is_heard(sender: Resource, at: str, context: Context) -> bool:
    """The input names somebody; a topic of the same stack has a subscriber."""
    return text(sender.inputs, at) is not None and _has_listeners(sender, at, context)


def rings(alarm: Resource, context: Context) -> bool:
    """The alarm acts, and what it acts on is heard."""
    if flag(alarm.inputs, "actionsEnabled") is False:
        return False
    actions = texts(alarm.inputs, "alarmActions")
    return any(_has_listeners(alarm, f"alarmActions[{index}]", context) for index in range(len(actions)))


def _has_listeners(sender: Resource, at: str, context: Context) -> bool:
    return all(topic.urn in _subscribed(context) for topic in targets(sender, at, context, TOPIC))


def _subscribed(context: Context) -> frozenset[str]:
    """URNs of the topics that have a subscriber; worked out once for a stack."""
    if (SUBSCRIPTION,) not in context.memo:
        found = (urn for subscription in context.of_type(SUBSCRIPTION) for urn in sources(subscription, "topic"))
        context.memo[SUBSCRIPTION,] = frozenset(found)
    subscribed: frozenset[str] = context.memo[SUBSCRIPTION,]
    return subscribed


def admits(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """The pattern lets the event through; a field that the event does not have lets nothing through."""
    try:
        return _admits(pattern, event)
    except RecursionError:
        raise UnreadableError("an event pattern is nested too deeply") from None


def _admits(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    for name, wanted in pattern.items():
        if name == "$or":
            if not isinstance(wanted, list) or not any(isinstance(p, Mapping) and _admits(p, event) for p in wanted):
                return False
            continue
        value = event.get(name, _ABSENT)
        if isinstance(wanted, Mapping):
            inner = value if isinstance(value, list) else [value]
            if not any(isinstance(part, Mapping) and _admits(wanted, part) for part in inner):
                return False
        elif not isinstance(wanted, list):
            raise UnreadableError(f"{name} of an event pattern is {shown(wanted)}, a list or an object is expected")
        elif not any(_matches(one, value) for one in wanted):
            return False
    return True


def _matches(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return value is not _ABSENT and wanted == value
    (how, limit), *more = wanted.items() or [("", None)]
    if how == "exists" and not more:
        return (value is not _ABSENT) is limit
    if value is _ABSENT:
        return False
    if more:
        raise UnreadableError(f"an event pattern compares by {shown(wanted)}")
    return _compared(how, limit, value)


def _compared(how: str, limit: Any, value: Any) -> bool:
    written = value if isinstance(value, str) else ""
    if how == "anything-but" and isinstance(limit, str | int | float | list):
        return value not in (limit if isinstance(limit, list) else [limit])
    if how in ("prefix", "suffix") and isinstance(limit, str):
        return written.startswith(limit) if how == "prefix" else written.endswith(limit)
    if how == "equals-ignore-case" and isinstance(limit, str):
        return written.lower() == limit.lower()
    if how == "wildcard" and isinstance(limit, str) and "\\" not in limit:
        return re.fullmatch(".*".join(re.escape(part) for part in limit.split("*")), written, re.DOTALL) is not None
    if how == "numeric" and isinstance(limit, list) and len(limit) % 2 == 0:
        pairs = list(zip(limit[::2], limit[1::2], strict=True))
        if all(isinstance(sign, str) and sign in SIGNS and isinstance(n, int | float) for sign, n in pairs):
            return isinstance(value, int | float) and all(_holds(value, sign, n) for sign, n in pairs)
    raise UnreadableError(f"an event pattern compares by {how!r} with {shown(limit)}")


def _holds(value: float, sign: str, limit: float) -> bool:
    same, less, more = value == limit, value < limit, value > limit
    return ("=" in sign and same) or ("<" in sign and less) or (">" in sign and more)


def _pattern(rule: Resource) -> Mapping[str, Any]:
    found = from_json(rule.inputs.get("eventPattern"), f"eventPattern of {rule.name}")
    return mapping({"eventPattern": found}, "eventPattern") or {"nothing, as in a rule of the clock": []}
