"""The kinds of stack, with everything known about one before its program runs."""

from dataclasses import dataclass

from stacks.settings.catalogue import Catalogue
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile, TeamSettings
from stacks.tier import Tier

PROJECT = "llmlz"
"""Name of the Pulumi project; part of every URN."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformStack:
    """The slow, stateful base of one account and region."""

    name: str
    file: str
    settings: PlatformSettings
    tier: str
    tier_data: Tier
    catalogue: Catalogue

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
        """Start of every physical name."""
        return f"{PROJECT}-{self.settings.environment}"

    @property
    def boundary_arn(self) -> str:
        """The permission boundary, which the bootstrap made."""
        return f"arn:{self.partition}:iam::{self.account}:policy/{PROJECT}-boundary"


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


Stack = PlatformStack | TeamStack
