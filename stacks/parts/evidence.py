"""Where a platform keeps evidence, by names that are known before anything is made."""

from components.detectors import config_bucket_name
from components.log_archive import archive_name
from stacks.kinds import PlatformStack
from stacks.settings.platform import OpenSearch, PgVector


def evidence_buckets(platform: PlatformStack) -> list[str]:
    """The archive, the bucket that the trail delivers to instead, and what Config recorded where it records here."""
    place = (platform.name_prefix, platform.account, platform.region)
    existing = platform.settings.logs.archive.existing
    return [
        archive_name(*place),
        *([existing.bucket] if existing else []),
        *([config_bucket_name(*place)] if platform.settings.detectors else []),  # also after it was let go of
    ]


def evidence(platform: PlatformStack) -> list[str]:
    """ARNs of the log groups and buckets of a platform that hold evidence, and of what is in them."""
    partition = platform.partition
    logs = f"arn:{partition}:logs:{platform.region}:{platform.account}:log-group:"
    groups = [f"{logs}/{platform.name_prefix}/*", f"{logs}/aws/eks/{platform.name_prefix}/*"]  # EKS chooses its name
    if isinstance(platform.settings.vector_store, OpenSearch | PgVector):
        groups.append(f"{logs}/aws/*/{platform.name_prefix}-vectors*")  # AWS chooses how these names start
    buckets = [f"arn:{partition}:s3:::{bucket}" for bucket in evidence_buckets(platform)]
    return [*groups, *(arn for bucket in buckets for arn in (bucket, f"{bucket}/*"))]
