"""Settings of alarms: what is worth waking somebody for, and where it says what to do then."""

from typing import Annotated

from pydantic import Field

from stacks.settings.base import Settings

Percent = Annotated[float, Field(gt=0, le=100)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class ServiceLevels(Settings):
    """What teams may rely on; one alarm says when it is being missed."""

    availability_percent: Annotated[float, Field(ge=90, le=99.99)]
    """Calls that are neither refused for want of capacity nor failed by AWS, of all calls."""
    latency_seconds: Seconds
    """Nine of ten answers within an hour are complete after this time."""


class Alarms(Settings):
    """When an alarm rings. Every alarm names the page that says what to do."""

    client_error_percent: Percent
    """Calls that Bedrock refuses as wrong or not allowed, of all calls."""
    guardrail_percent: Percent
    """Calls in which the guardrail intervenes, of all that it looks at."""
    latency_seconds: Seconds
    """One of ten answers takes longer than this."""
    quota_percent: Percent
    """Part of ``tokens_per_minute`` that may be used."""
    runbooks: Annotated[str, Field(pattern=r"^https://[^\s?#]+[^\s?#/]$", max_length=400)]
    """Address of the folder with a page per alarm: ``docs/runbooks`` of your fork, as people read it."""
    server_error_percent: Percent
    """Calls that AWS fails to answer, of all calls."""
    service_levels: ServiceLevels | None
    """What teams may rely on; no such alarm if null."""
    throttle_percent: Percent
    """Calls that are refused for want of quota, of all calls."""
    tokens_per_minute: Annotated[int, Field(ge=1)]
    """Tokens that the account may use a minute: the quota of the model that is used most, from Service Quotas."""
