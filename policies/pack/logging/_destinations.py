"""Where services deliver evidence to: the buckets that somebody writes logs into, and who may write there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._documents import Statement, parse
from policies.pack._rule import Context, Resource
from policies.pack._values import mapping, pointing_at, text

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
WRITERS: Mapping[str, Sequence[str]] = {
    "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration": (
        "loggingConfig.s3Config.bucketName",
        "loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName",
    ),
    "aws:cfg/deliveryChannel:DeliveryChannel": ("s3BucketName",),
    "aws:cloudtrail/trail:Trail": ("s3BucketName",),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": ("destinationArn",),
}
"""Type that delivers to the inputs that name its bucket, by name or by ARN."""

ORIGIN = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
CALLER = ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
"""Who calls, where the policy names everyone; no service passes these, since it has no account."""

POSITIVE = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
"""Operators that refuse when the key is missing; ``IfExists`` forms do not, and are not counted."""

ACCOUNT = re.compile(r"\d{12}")
ARN = re.compile(r"arn:[^:*?]+:[^:*?]+:[^:]*:([^:*?]+:.+|:[^:*?]+)")
"""Of one account; the ARN of a bucket has none, and names it exactly."""

ORGANIZATION = re.compile(r"o-[a-z0-9]+(/.*)?")


def is_destination(bucket: Resource, context: Context, services: Sequence[str]) -> bool:
    """A service delivers to the bucket, or the bucket's policy lets one of ``services`` in."""
    return _is_named(bucket, context) or any(
        service in statement.principals.get("Service", ())
        for policy in pointing_at(context, bucket, BUCKET_POLICY, "bucket", "bucket")
        for statement in parse(policy.inputs.get("policy"), "resource", f"policy of {policy.name}")
        for service in services
        if statement.allows
    )


def bound(statement: Statement) -> bool:
    """A condition ties the statement to one account, organization or resource."""
    keys = (*ORIGIN, *CALLER) if statement.everyone else ORIGIN
    return any(
        operator in POSITIVE and key in keys and all(_is_exact(key, value) for value in values)
        for (operator, key), values in statement.conditions.items()
    )


def _is_exact(key: str, value: str) -> bool:
    if key.endswith("account"):
        return ACCOUNT.fullmatch(value) is not None
    if key.endswith("arn"):
        return ARN.fullmatch(value) is not None
    return ORGANIZATION.fullmatch(value) is not None


def _is_named(bucket: Resource, context: Context) -> bool:
    name = text(bucket.inputs, "bucket")
    for stack in (context.stack, *context.others):
        for writer in stack.resources:
            for at in WRITERS.get(writer.type, ()):
                made = {r.to for r in writer.references if r.at == at and _type(r.to) in BUCKETS}
                if bucket.urn in made or (not made and name is not None and name in _names(writer.inputs, at)):
                    return True
    return False


def _type(urn: str) -> str:
    """The type in ``urn:pulumi:<stack>::<project>::<parents>$<type>::<name>``."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""  # noqa: PLR2004


def _names(inputs: Mapping[str, Any], at: str) -> Iterator[str]:
    *parents, last = at.split(".")
    for parent in parents:
        inputs = mapping(inputs, parent) or {}
    value = text(inputs, last)
    if value is not None:
        yield value.rpartition(":::")[2].partition("/")[0]
