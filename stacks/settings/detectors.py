"""Who looks on: each detector with the one who makes it."""

from typing import Literal

from stacks.settings.base import Settings

Maker = Literal["managed", "existing", "organization"]
"""``managed``: this stack makes it. ``existing``: somebody else in the account made it. ``organization``: the account that
administers it for the organization switched it on. What this stack does not make is asked for before a deployment."""


class Detectors(Settings):
    """Each exists once in an account and region, so each has exactly one maker."""

    config: Maker
    """AWS Config: every change of a resource is recorded."""
    guard_duty: Maker
    """GuardDuty: calls, network and logins that look like an attack."""
    security_hub: Maker
    """Security Hub: the configuration against the standards of AWS, for its AI services too."""
    access_analyzer: Maker
    """IAM Access Analyzer: whatever is open to another account or to everybody."""
