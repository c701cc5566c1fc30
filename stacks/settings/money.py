"""Settings of what is unusual about spending."""

from typing import Annotated

from pydantic import Field

from stacks.settings.base import Settings


class Anomalies(Settings):
    """Spending of the account that differs from what it usually is, service by service."""

    threshold_usd: Annotated[int, Field(ge=1, le=1_000_000)]
    """What an anomaly must have cost, in US dollars, before somebody hears of it."""
    monitor_arn: Annotated[str, Field(pattern=r"^arn:aws[\w-]*:ce::\d{12}:anomalymonitor/[0-9a-f-]{36}$")] | None = None
    """The monitor of all services that the account has already: AWS allows one, and makes one in many new accounts; made
    here if left out."""
