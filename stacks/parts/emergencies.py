"""The role for emergencies, and what is reported within minutes."""

from collections.abc import Callable, Mapping

import pulumi

from components.break_glass import ROLE, BreakGlass, BreakGlassArgs
from components.watch import (
    Pattern,
    Watch,
    WatchArgs,
    backups_failed,
    findings,
    keys_switched_off,
    role_taken,
    tampering,
)
from stacks.kinds import PlatformStack
from stacks.parts.evidence import evidence_buckets
from stacks.singleton_claims import of_the_account

PATTERNS: Mapping[str, Callable[[PlatformStack], Pattern]] = {
    "backups": lambda _: backups_failed(),
    "break_glass": lambda stack: role_taken(ROLE, stack.partition, stack.account),
    "findings": lambda _: findings(),
    "keys": lambda _: keys_switched_off(),
    "tamper": lambda stack: tampering(evidence_buckets(stack)),
}
"""What can be watched to the events that show it."""


def emergencies(stack: PlatformStack, kms_key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """The role and the watch; nothing where nothing is watched."""
    settings = stack.settings
    if stack.break_glass_arn and stack.organization and of_the_account(stack):
        args = BreakGlassArgs(boundary_arn=stack.platform_boundary_arn, principals=stack.organization.break_glass)
        BreakGlass("break-glass", args, opts)
    if settings.watches:
        Watch(
            "watch",
            WatchArgs(
                account_id=stack.account,
                emails=sorted({settings.owner, *settings.alerts}),
                kms_key_arn=kms_key_arn,
                name_prefix=stack.name_prefix,
                patterns={watched.replace("_", "-"): PATTERNS[watched](stack) for watched in settings.watches},
            ),
            opts,
        )
