"""Whether somebody hears of it when a role is taken."""

from collections.abc import Mapping
from typing import Any

from policies.pack._relations import pointing_at
from policies.pack._rule import Context, Resource, Stack
from policies.pack._values import flag, from_json, text

RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
CALL, TAKING = "AWS API Call via CloudTrail", "AssumeRole"
OFF = "DISABLED"


def reports(context: Context, role: str) -> bool:
    """A rule of the stack that is on, has a target, and is met when the role is taken."""
    rules = context.of_type(RULE)
    return any(_on(rule) and _heard(rule, context) and _meets(rule, context.stack, role) for rule in rules)


def _on(rule: Resource) -> bool:
    return text(rule.inputs, "state") != OFF and flag(rule.inputs, "isEnabled") is not False


def _heard(rule: Resource, context: Context) -> bool:
    return any(text(target.inputs, "arn") for target in pointing_at(context, rule, TARGET, "rule", "name"))


def _meets(rule: Resource, stack: Stack, role: str) -> bool:
    """What the pattern asks for is what CloudTrail says of ``AssumeRole``: each key is one that the call meets.

    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sts.html (2026-11)
    """
    pattern = _pattern(rule)
    if pattern is None:
        return False
    outside = {"source": "aws.sts", "account": stack.account, "detail-type": CALL, "region": stack.region}
    detail = pattern.get("detail")
    if set(pattern) - {*outside, "detail"} or not isinstance(detail, Mapping):
        return False
    if not all(_in(value, pattern.get(key)) for key, value in outside.items() if key in pattern):
        return False
    either = detail.get("$or")
    ways = either if isinstance(either, list) else [{}]
    rest = {key: value for key, value in detail.items() if key != "$or"}
    return any(_taken({**rest, **way}, stack.account, role) for way in ways if isinstance(way, Mapping))


def _taken(detail: Mapping[str, Any], account: str, role: str) -> bool:
    """The call, and the role as what it asks for."""
    asked = detail.get("requestParameters")
    if set(detail) - {"eventSource", "eventName", "requestParameters"} or not isinstance(asked, Mapping):
        return False
    named = asked.get("roleArn")
    return (
        set(asked) == {"roleArn"}
        and isinstance(named, list)
        and any(_names(each, account, role) for each in named)
        and ("eventName" not in detail or _in(TAKING, detail["eventName"]))
        and ("eventSource" not in detail or _in("sts.amazonaws.com", detail["eventSource"]))
    )


def _names(value: Any, account: str, role: str) -> bool:
    """The ARN of the account's role, or its end."""
    end = value.get("suffix") if isinstance(value, Mapping) else value
    ours = isinstance(value, Mapping) or f":iam::{account}:role/" in str(value)
    return ours and isinstance(end, str) and ":role/" in end and end.rpartition("/")[2] == role


def _in(value: str, listed: Any) -> bool:
    return isinstance(listed, list) and value in listed


def _pattern(rule: Resource) -> Mapping[str, Any] | None:
    pattern = from_json(text(rule.inputs, "eventPattern"), f"eventPattern of {rule.name}")
    return pattern if isinstance(pattern, Mapping) else None
