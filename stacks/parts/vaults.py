"""The log-archive account: a vault per region, and the trail of the organization, which delivers to one of them."""

import pulumi

from components.key_ring import KeyRing, KeyRingArgs, logs_use
from components.log_archive import replica_role_name
from components.log_vault import Copier, LogVault, LogVaultArgs
from components.organization_trail import OrganizationTrail, OrganizationTrailArgs, organization_trail_name
from stacks.kinds import OrganizationStack
from stacks.parts.logs import object_lock
from stacks.providers import account_provider
from stacks.settings.organization import LogArchive

RETENTION_DAYS = 365
"""Log group of the trail; the vault keeps for longer."""


def log_vaults(stack: OrganizationStack, opts: pulumi.ResourceOptions) -> None:
    """Make the vaults and the trail; nothing without a log-archive account."""
    archive = stack.settings.log_archive
    if archive is None:
        return
    vaults = {region: _vault(stack, archive, region) for region in sorted(archive.regions)}
    place = (stack.partition, stack.region, stack.account)
    keys = KeyRing(
        "trail-keys",
        KeyRingArgs(
            account_id=stack.account,
            alias_prefix=stack.name_prefix,
            partition=stack.partition,
            uses={"trail": [logs_use(*place)]},
        ),
        opts,
    )
    home = vaults[stack.region]
    trail = OrganizationTrail(
        "trail",
        OrganizationTrailArgs(
            account_id=stack.account,
            boundary_arn=stack.boundary_arn,
            bucket_key_arn=home.kms_key_arn,
            bucket_name=home.bucket_name,
            log_group_key_arn=keys.arns["trail"],
            name_prefix=stack.name_prefix,
            retention_days=RETENTION_DAYS,
        ),
        opts,
    )
    pulumi.export("organization_trail_arn", trail.trail_arn)
    pulumi.export(
        "log_vaults",
        {region: {"bucket_name": made.bucket_name, "kms_key_arn": made.kms_key_arn} for region, made in vaults.items()},
    )


def _vault(stack: OrganizationStack, archive: LogArchive, region: str) -> LogVault:
    delivers = f"arn:{stack.partition}:cloudtrail:{region}:{stack.account}:trail/"
    provider = account_provider(stack, f"aws-log-archive-{region}", region, archive.account, archive.role)
    return LogVault(
        f"vault-{region}",
        LogVaultArgs(
            account_id=archive.account,
            name_prefix=stack.name_prefix,
            organization_id=stack.settings.organization_id,
            partition=stack.partition,
            region=region,
            copiers=_copiers(stack, region),
            object_lock=object_lock(archive.object_lock),
            trail_arn=delivers + organization_trail_name(stack.name_prefix) if region == stack.region else None,
        ),
        pulumi.ResourceOptions(providers=[provider]),
    )


def _copiers(stack: OrganizationStack, region: str) -> list[Copier]:
    """Platforms in this region that ask for a replica, in the order of their accounts."""
    asking = [
        platform
        for unit in stack.units.values()
        for platform in unit.platforms
        if platform.region == region and platform.settings.logs.replica
    ]
    return [
        Copier(
            account_id=platform.account,
            role_arn=f"arn:{platform.partition}:iam::{platform.account}:role/{replica_role_name(platform.name_prefix)}",
        )
        for platform in sorted(asking, key=lambda platform: platform.account)
    ]
