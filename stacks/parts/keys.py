"""Which keys a platform has, and which AWS services use each by themselves."""

import json
from collections.abc import Mapping, Sequence

import pulumi

from components.key_ring import (
    KeyRing,
    KeyRingArgs,
    ServiceUse,
    alarms_use,
    bedrock_delivery_use,
    config_use,
    events_use,
    key_policy,
    logs_use,
    trail_use,
    vector_indexing_use,
)
from components.log_archive import trail_arn
from stacks.kinds import PlatformStack
from stacks.outputs import PlatformReference


def platform_keys(
    stack: PlatformStack, primary: PlatformReference | None, opts: pulumi.ResourceOptions
) -> Mapping[str, pulumi.Output[str]]:
    """Purpose to key ARN: brought along, or made here, in a second region as replicas of the primary's."""
    existing = stack.settings.keys.existing
    if existing is not None:
        return {purpose: pulumi.Output.from_input(existing[purpose]) for purpose in key_uses(stack)}
    return KeyRing("keys", key_ring_args(stack, primary), opts).arns


def key_ring_args(stack: PlatformStack, primary: PlatformReference | None = None) -> KeyRingArgs:
    """One key per purpose. A purpose is identity: renaming one makes a new key and loses the old one's data."""
    uses = key_uses(stack)
    return KeyRingArgs(
        account_id=stack.account,
        alias_prefix=stack.name_prefix,
        break_glass_arn=stack.break_glass_arn,
        partition=stack.partition,
        primary_arns={purpose: primary.read("key_arns")[purpose] for purpose in uses} if primary else None,
        uses=uses,
    )


def key_uses(stack: PlatformStack) -> Mapping[str, Sequence[ServiceUse]]:
    """Purpose to the services that use its key by themselves; a purpose without anything to protect has no key."""
    place = (stack.partition, stack.region, stack.account)
    logs, looks_on = logs_use(*place), stack.settings.detectors
    uses: dict[str, Sequence[ServiceUse]] = {
        "data": [],
        "guardrail": [],
        "logs": [
            logs,
            *([] if stack.primary else [trail_use(trail_arn(*place, stack.name_prefix))]),
            bedrock_delivery_use(*place),
            *([events_use(*place)] if stack.settings.watches else []),
            *([alarms_use(*place)] if stack.settings.alarms else []),
            *([config_use(stack.account)] if looks_on else []),  # a recorder that was let go of still delivers with it
        ],
        "secrets": [],
        "vectors": [logs, vector_indexing_use(*place)],
    }
    # a vault can be made at any time, so its key need not be there from birth; AWS Backup uses it as its role
    if stack.settings.backup:
        uses = {**uses, "backup": []}
    # a store of weights can be made at any time too, and its key is used by roles alone
    return {**uses, "weights": []} if stack.settings.weights else uses


def key_purposes(stack: PlatformStack) -> tuple[str, ...]:
    """What there is a key for."""
    return tuple(key_uses(stack))


def key_policy_texts(stack: PlatformStack) -> Mapping[str, str]:
    """Purpose to the policy that a key which is brought along must have, or one that lets the same through, as JSON."""
    return {
        purpose: json.dumps(key_policy(stack.partition, stack.account, services, stack.break_glass_arn), indent=2)
        for purpose, services in key_uses(stack).items()
    }
