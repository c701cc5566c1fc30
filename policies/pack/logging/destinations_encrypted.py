"""Evidence is encrypted with a customer's key where it lands, and only services of known accounts put it there.

A log that nobody can decrypt without a key of ours cannot be read by whoever gets at the storage. A bucket that lets a
service in without its origin takes what any customer of that service sends, and evidence with it that nobody can trust:
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (2026-11).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._documents import parse
from policies.pack._origin import bound
from policies.pack._relations import pointing_at
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import mapping, mappings, text
from policies.pack.logging._destinations import BUCKET_POLICY, is_destination

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ENCRYPTIONS = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
WITH_KMS = ("aws:kms", "aws:kms:dsse")


def decide(resource: Resource, context: Context) -> Result:
    """A log group and a bucket of logs have a key of ours; a bucket's policy names the origin of each service."""
    if resource.type == LOG_GROUP:
        key = text(resource.inputs, "kmsKeyId")
        return require(_is_ours(key), f"kmsKeyId is {key!r}, not a customer's key")
    if resource.type == BUCKET_POLICY:
        return _closed(resource)
    return _encrypted(resource, context) if is_destination(resource, context, context.needs["services"]) else HOLDS


def _closed(policy: Resource) -> Result:
    allows = [s for s in parse(policy.inputs.get("policy"), "resource", "policy") if s.allows and not bound(s)]
    return together(
        violated(f"{service} delivers for any account")
        for statement in allows
        for service in (("everyone",) if statement.everyone else statement.principals.get("Service", ()))
    )


def _encrypted(bucket: Resource, context: Context) -> Result:
    found = list(_rules(bucket, context))
    if not found:
        return violated("logs are delivered here, and no encryption is set: the bucket would use a key of AWS")
    results = []
    for rule in found:
        default = mapping(rule, "applyServerSideEncryptionByDefault") or {}
        algorithm, key = text(default, "sseAlgorithm"), text(default, "kmsMasterKeyId")
        wrong = f"logs are delivered here, encrypted by {algorithm!r} with key {key!r}"
        results.append(require(algorithm in WITH_KMS and _is_ours(key), wrong))
    return together(results)


def _rules(bucket: Resource, context: Context) -> Iterator[Mapping[str, Any]]:
    for token in ENCRYPTIONS:
        for setting in pointing_at(context, bucket, token, "bucket", "bucket"):
            yield from mappings(setting.inputs, "rules")
    inline = mapping(bucket.inputs, "serverSideEncryptionConfiguration")
    if inline is not None:
        yield mapping(inline, "rule") or {}


def _is_ours(key: str | None) -> bool:
    return key is not None and "alias/aws/" not in key
