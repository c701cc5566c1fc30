"""What proves an incident cannot be deleted by whoever caused it: evidence and backups are locked."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import pointing_at, receives
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import mapping, number, part, text

VAULT, VAULT_LOCK = "aws:backup/vault:Vault", "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
MODES = ("COMPLIANCE", "GOVERNANCE")
DAYS_OF_A_YEAR = 365


def decide(resource: Resource, context: Context) -> Result:
    """A vault has a lock with a least retention; a bucket that takes evidence in has a default retention.

    Evidence is what the types in ``needs.evidence`` deliver. Two kinds of logs are not meant, since AWS does not
    deliver them to a bucket with a default retention: those of AWS Config and access logs of S3
    (docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html and
    docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, 2026-11).
    """
    if resource.type == VAULT:
        return _vault(resource, context)
    if not receives(resource, context, context.needs["evidence"]):
        return HOLDS
    found = list(_retentions(resource, context))
    if not found:
        return violated("evidence is delivered here, and the bucket has no default retention")
    return together(_long_enough(retention, context.needs["days"]) for retention in found)


def _vault(vault: Resource, context: Context) -> Result:
    locks = pointing_at(context, vault, VAULT_LOCK, "backupVaultName", "name")
    if not locks:
        return violated("the vault has no lock")
    least = context.needs["vault_days"]
    return together(
        require(
            (days := number(lock.inputs, "minRetentionDays") or 0) >= least,
            f"minRetentionDays is {days:g}, not {least}",
        )
        for lock in locks
    )


def _retentions(bucket: Resource, context: Context) -> Iterator[Mapping[str, Any]]:
    """Default retentions of a bucket: from settings of its own, or from its inputs as older programs write them."""
    for lock in pointing_at(context, bucket, LOCK, "bucket", "bucket"):
        yield part(lock.inputs, "rule", "defaultRetention")
    older = mapping(bucket.inputs, "objectLockConfiguration")
    if older is not None:
        yield part(older, "rule", "defaultRetention")


def _long_enough(retention: Mapping[str, Any], least: int) -> Result:
    mode = text(retention, "mode")
    days = (number(retention, "days") or 0) + DAYS_OF_A_YEAR * (number(retention, "years") or 0)
    return require(mode in MODES and days >= least, f"default retention is {mode} for {days:g} days, not {least}")
