"""Where a platform keeps evidence, by names that are known before anything is made."""

from components._naming import physical_name
from components.detectors import config_bucket_name
from stacks.kinds import PlatformStack


def evidence_buckets(platform: PlatformStack) -> list[str]:
    """The log archive, and what Config recorded where the platform is the one that records."""
    place = (platform.account, platform.region)
    archive = physical_name("bucket", platform.name_prefix, "logs", *place)
    wish = platform.settings.detectors
    recorded = wish is not None and wish.config == "managed"
    return [archive, *([config_bucket_name(platform.name_prefix, *place)] if recorded else [])]
