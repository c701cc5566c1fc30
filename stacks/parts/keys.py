"""Which keys a platform has, and which AWS services use each by themselves."""

from components.key_ring import (
    KeyRingArgs,
    alarms_use,
    bedrock_delivery_use,
    events_use,
    logs_use,
    trail_use,
    vector_indexing_use,
)
from components.log_archive import trail_arn
from stacks.kinds import PlatformStack


def key_ring_args(stack: PlatformStack) -> KeyRingArgs:
    """One key per purpose. A purpose is identity: renaming one makes a new key and loses the old one's data."""
    place = (stack.partition, stack.region, stack.account)
    logs = logs_use(*place)
    return KeyRingArgs(
        account_id=stack.account,
        alias_prefix=stack.name_prefix,
        break_glass_arn=stack.break_glass_arn,
        partition=stack.partition,
        uses={
            "data": [],
            "guardrail": [],
            "logs": [
                logs,
                trail_use(trail_arn(*place, stack.name_prefix)),
                bedrock_delivery_use(*place),
                *([events_use(*place)] if stack.settings.watches else []),
                *([alarms_use(*place)] if stack.settings.alarms else []),
            ],
            "secrets": [],
            "vectors": [logs, vector_indexing_use(*place)],
        },
    )
