"""What ought to hold, as plain values: the one list, and where everything stands. Documents are judged against it.

Whoever has the settings fills these in (the command line does, from an estate); what is deployed is never asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamIntent:
    """One team on a platform."""

    stack: str
    """Stack of the team; the role of the team is in its graph."""

    team: str
    models: tuple[str, ...]
    """ARNs of foundation models behind the team's profiles, in every region that may answer."""

    unguarded: tuple[str, ...]
    """Those of the models that no guardrail can look at, such as embedding models."""

    profiles: Mapping[str, str]
    """Logical name of each inference profile to the ARN that it is copied from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformIntent:
    """One account and region with its teams."""

    stack: str
    account: str
    region: str
    partition: str
    level: int
    """Assurance level, 1 to 4."""

    models: tuple[str, ...]
    """ARNs of every approved foundation model, in every region that may answer."""

    unit_models: tuple[str, ...]
    """Ids of the models that any platform of the same unit approves."""

    unit_unguarded: tuple[str, ...]
    """Those of them that no guardrail can look at."""

    unit_regions: tuple[str, ...]
    """Regions where platforms of the same unit are."""

    unit_destinations: tuple[str, ...]
    """Further regions where their calls may be answered."""

    through_endpoint: bool
    """Calls to models must come through the platform's endpoint."""

    unit: str = ""
    """Unit of the organization; empty without one."""

    endpoint_id: str | None = None
    """Endpoint for models in a network that the platform did not make."""

    runtime: str = ""
    """Stack of the platform's runtime; empty without one."""

    teams: tuple[TeamIntent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A whole estate."""

    platforms: tuple[PlatformIntent, ...]
    boundaries: Mapping[str, str]
    """ARN to text of each permission boundary."""

    bootstrap_roles: tuple[str, ...] = ("OrganizationAccountAccessRole",)
    """Names of the roles that may run the bootstrap of an account, and change what it made."""

    break_glass: tuple[str, ...] = ()
    """ARNs of the users who may take the break-glass role of any platform."""

    organization_id: str = ""
    """Empty without an organization."""

    organization_stack: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    """Account to the logical name of its resource in the organization's graph, or to the id of its unit."""
