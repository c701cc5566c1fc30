"""The kinds of stack, with everything known about one before its program runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.settings.catalogue import Catalogue
from stacks.settings.organization import OrganizationSettings, Unit
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile, TeamSettings
from stacks.tier import Tier

PROJECT = "llmlz"
"""Name of the Pulumi project; part of every URN."""

VAULT_PREFIX = f"{PROJECT}-organization"
"""Start of the names of what an organization has, its log vaults among it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformStack:
    """The slow, stateful base of one account and region."""

    name: str
    file: str
    settings: PlatformSettings
    tier: str
    tier_data: Tier
    catalogue: Catalogue
    organization: OrganizationSettings | None = None
    """The organization that the account stands in; none at tiers that need none."""
    primary: PlatformStack | None = None
    """The platform whose second region this is; none for a platform of its own."""
    copies_to: PlatformStack | None = None
    """The platform whose vault takes a copy of each backup; none without copies."""

    @property
    def level(self) -> int:
        """Assurance level, for controls."""
        return self.tier_data.level

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self.settings.account

    @property
    def region(self) -> str:
        """AWS region."""
        return self.settings.region

    @property
    def partition(self) -> str:
        """The partition that the region is in."""
        return self.catalogue.regions[self.region].partition

    @property
    def name_prefix(self) -> str:
        """Start of every physical name. Names of roles and budgets are unique in an account, so that a second region has
        names of its own.
        """
        prefix = f"{PROJECT}-{self.settings.environment}"
        return f"{prefix}-{self.catalogue.regions[self.region].code}" if self.settings.primary else prefix

    @property
    def boundary_arn(self) -> str:
        """The permission boundary, which the bootstrap made."""
        return f"arn:{self.partition}:iam::{self.account}:policy/{PROJECT}-boundary"

    @property
    def platform_boundary_arn(self) -> str:
        """The boundary of the few roles that may change the platform, which the bootstrap made."""
        return f"arn:{self.partition}:iam::{self.account}:policy/{PROJECT}-platform-boundary"

    @property
    def break_glass_arn(self) -> str | None:
        """The role for emergencies; none where its use is not watched, or nobody may take it."""
        taken = self.organization.break_glass if self.organization else ()
        if "break_glass" not in self.settings.watches or not taken:
            return None
        return f"arn:{self.partition}:iam::{self.account}:role/{PROJECT}-break-glass"


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamStack:
    """One team on one platform."""

    name: str
    file: str
    settings: TeamSettings
    team: TeamFile
    team_file: str
    platform: PlatformStack

    @property
    def level(self) -> int:
        """Assurance level of the platform."""
        return self.platform.level

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self.platform.account

    @property
    def region(self) -> str:
        """AWS region."""
        return self.platform.region

    @property
    def partition(self) -> str:
        """The partition that the region is in."""
        return self.platform.partition


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPlan:
    """One unit of an organization with what stands in it."""

    name: str
    unit: Unit
    tier_data: Tier
    platforms: tuple[PlatformStack, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganizationStack:
    """The units of an organization and the policies on them; it has no tier of its own."""

    name: str
    file: str
    settings: OrganizationSettings
    units: Mapping[str, UnitPlan]
    catalogue: Catalogue

    @property
    def level(self) -> int:
        """Assurance level of its highest unit."""
        return max(unit.tier_data.level for unit in self.units.values())

    @property
    def account(self) -> str:
        """The management account, where the stack is deployed."""
        return self.settings.management_account

    @property
    def region(self) -> str:
        """AWS region."""
        return self.settings.region

    @property
    def partition(self) -> str:
        """The partition that the region is in."""
        return self.catalogue.regions[self.region].partition

    @property
    def name_prefix(self) -> str:
        """Start of every physical name."""
        return VAULT_PREFIX

    @property
    def boundary_arn(self) -> str:
        """The permission boundary of the management account, which the bootstrap made there."""
        return f"arn:{self.partition}:iam::{self.account}:policy/{PROJECT}-boundary"


def beneath(stack: PlatformStack | OrganizationStack | TeamStack) -> tuple[PlatformStack, ...]:
    """The platforms that a platform or a team refers to, in the order in which they are deployed."""
    if isinstance(stack, OrganizationStack):
        return ()
    platform = stack.platform if isinstance(stack, TeamStack) else stack
    first = (platform.primary,) if platform.primary else ()
    return first if platform is stack else (*first, platform)


Stack = PlatformStack | OrganizationStack | TeamStack
