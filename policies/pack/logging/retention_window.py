"""Evidence is there when somebody asks for it, and personal data in it is gone when its purpose is."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import pointing_at
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._tags import tags_of
from policies.pack._values import UnreadableError, mapping, mappings, number, shown, text
from policies.pack.logging._destinations import BUCKETS, is_destination

LIFECYCLES = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)


def decide(resource: Resource, context: Context) -> Result:
    """Logs are kept for ``needs.least_days`` at least, and no longer than ``needs.most_days`` has for their data class.

    A bucket of logs may keep its objects for ever, unless ``needs.objects_expire`` names the class.
    """
    is_bucket = resource.type in BUCKETS
    if is_bucket and not is_destination(resource, context, context.needs["services"]):
        return HOLDS
    longest: Mapping[str, int] = context.needs["most_days"]
    found = text(tags_of(resource, context), context.needs["tag"])
    if found is not None and found not in longest:
        return indeterminate(f"{context.needs['tag']} is {found!r}, expected one of {', '.join(longest)}")
    most = longest[found] if found else min(longest.values())  # whoever does not say holds the most sensitive
    if is_bucket:
        expires = found is None or found in context.needs["objects_expire"]
        return _objects(resource, context, most if expires else None)
    days = number(resource.inputs, "retentionInDays")
    return _window("events", days or None, context.needs["least_days"], most)


def _window(what: str, days: float | None, least: float, most: float | None) -> Result:
    if days is None:
        return require(most is None, f"{what} are kept for ever, at most {most} days are allowed")
    return together(
        [
            require(days >= least, f"{what} are kept for {days:g} days, at least {least} are needed"),
            require(most is None or days <= most, f"{what} are kept for {days:g} days, at most {most} are allowed"),
        ]
    )


def _objects(bucket: Resource, context: Context, most: float | None) -> Result:
    """No rule deletes objects too early; one for the whole bucket deletes them, and what replaced them, in time."""
    least = context.needs["least_days"]
    rules = [rule for rule in _rules(bucket, context) if text(rule, "status") == "Enabled"]
    ages = [(_age(rule), _whole(rule), _former(rule)) for rule in rules]
    early = [_window("objects", age, least, None) for age, _, _ in ages if age is not None]
    if most is None:
        return together(early)
    last = min((age for age, whole, _ in ages if whole and age is not None), default=None)
    former = min((age for _, whole, age in ages if whole and age is not None), default=None)
    kept = _window("objects", last, least, most)
    if last is not None and former is None:
        kept = violated("former versions of objects are kept for ever")
    return together([*early, kept])


def _rules(bucket: Resource, context: Context) -> Iterator[Mapping[str, Any]]:
    for token in LIFECYCLES:
        for setting in pointing_at(context, bucket, token, "bucket", "bucket"):
            yield from mappings(setting.inputs, "rules")
    if bucket.inputs.get("lifecycleRules"):
        raise UnreadableError("lifecycleRules stand in the bucket itself; a lifecycle configuration is expected")


def _age(rule: Mapping[str, Any]) -> float | None:
    expiration = mapping(rule, "expiration") or {}
    if expiration.get("date") is not None:
        raise UnreadableError(f"expiration.date is {shown(expiration['date'])}, days are expected")
    return number(expiration, "days") or None


def _former(rule: Mapping[str, Any]) -> float | None:
    return number(mapping(rule, "noncurrentVersionExpiration") or {}, "noncurrentDays")


def _whole(rule: Mapping[str, Any]) -> bool:
    """The rule leaves no object out: its filter is empty, or a prefix of nothing."""
    filtered = mapping(rule, "filter") or {}
    return text(rule, "prefix") is None and all(key == "prefix" and value == "" for key, value in filtered.items())
