"""The kinds of stack, with everything known about one before its program runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from stacks.settings.accelerators import Accelerator
from stacks.settings.catalogue import Catalogue
from stacks.settings.organization import OrganizationSettings, Unit
from stacks.settings.platform import PlatformSettings
from stacks.settings.qdrant import QdrantCollection
from stacks.settings.runtime import RuntimeSettings
from stacks.settings.team import TeamFile, TeamSettings
from stacks.tier import Tier

PROJECT = "llmlz"
"""Name of the Pulumi project; part of every URN."""

SERVICE_BLOCKS = ("172.20.0.0/16", "10.100.0.0/16", "192.168.0.0/16")
"""Where Services may have their addresses: three blocks that no network of one block overlaps with all of."""

ENDPOINTS = "network.new.interface_endpoints"
"""Path of the lock that says which endpoints a tier demands; where it demands any, it demands those of nodes as well."""

NODE_SERVICES = ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "sts")
"""What machines and pods of a cluster call, besides S3, whose gateway every network has:
https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html (2026-11)."""

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
    has_runtime: bool = False
    """Whether a runtime stands on it, whose nodes call AWS from its network."""

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
    def endpoint_services(self) -> tuple[str, ...]:
        """AWS services that the network has an endpoint for."""
        network = self.settings.network
        if network.existing:
            return tuple(network.existing.endpoint_ids)
        named = network.new.interface_endpoints if network.new else []
        lock = self.tier_data.locks.get(ENDPOINTS)
        demanded = self.has_runtime and lock is not None and lock.with_items
        return (*named, *(service for service in NODE_SERVICES if demanded and service not in named))

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


class OnPlatform:
    """What a stack has from the platform that it stands on."""

    __slots__ = ()

    platform: PlatformStack
    """That platform."""

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
class RuntimeStack(OnPlatform):
    """The cluster of one platform, and what runs in it; it changes faster than the platform, and holds less."""

    name: str
    file: str
    settings: RuntimeSettings
    platform: PlatformStack
    accelerators: Mapping[str, Accelerator]
    """Instance type to what is known of it."""
    qdrant_teams: Mapping[str, int] = field(default_factory=dict)
    """Team with a collection in Qdrant to the numbers in a vector of it."""

    @property
    def administrator_arns(self) -> tuple[str, ...]:
        """Who administers the cluster: the pipeline, and the role for emergencies where its use is watched."""
        pipeline = f"arn:{self.partition}:iam::{self.account}:role/{PROJECT}-apply"
        return (pipeline, *filter(None, [self.platform.break_glass_arn]))

    def pools_of(self, team: TeamStack) -> tuple[str, ...]:
        """Pools that a team may use: its own, and those that are nobody's."""
        return tuple(name for name, pool in self.settings.pools.items() if pool.team in (None, team.team.team))

    @property
    def auto_mode(self) -> bool:
        """Whether AWS runs the nodes."""
        existing = self.settings.cluster.existing
        return existing is None or existing.nodes == "auto_mode"

    @property
    def administrators_group(self) -> str:
        """Group inside the cluster of those who administer it."""
        existing = self.settings.cluster.existing
        return existing.administrators if existing else f"{PROJECT}-administrators"

    @property
    def service_cidr(self) -> str:
        """Addresses of Services: the first block of the two that EKS itself takes which is apart from the network's."""
        if self.settings.cluster.existing:
            return self.settings.cluster.existing.service_cidr
        return next(block for block in SERVICE_BLOCKS if not self._in_network(block))

    def _in_network(self, block: str) -> bool:
        network = self.platform.settings.network
        own = [network.new.cidr] if network.new else []
        if network.existing:
            own = [cidr for zones in network.existing.subnet_cidrs.values() for cidr in zones.values()]
        return any(IPv4Network(block).overlaps(IPv4Network(cidr)) for cidr in own)

    @property
    def resolver(self) -> str:
        """Address of the cluster's DNS, the tenth of its Services:
        https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html (2026-11).
        """
        return str(IPv4Network(self.service_cidr)[10])

    @property
    def registries(self) -> tuple[str, ...]:
        """Where images may come from: the account's own registry, and what the settings name."""
        domain = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return (f"{self.account}.dkr.ecr.{self.region}.{domain}", *self.settings.registries)


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamStack(OnPlatform):
    """One team on one platform."""

    name: str
    file: str
    settings: TeamSettings
    team: TeamFile
    team_file: str
    platform: PlatformStack
    runtime: RuntimeStack | None = None
    """Where the team has a namespace; none for a team without one."""

    @property
    def collection(self) -> QdrantCollection | None:
        """The collection that the team wants in the Qdrant of its runtime; none without one."""
        return self.team.cluster.qdrant if self.team.cluster else None


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


Stack = PlatformStack | OrganizationStack | RuntimeStack | TeamStack
"""A stack of any kind."""


def beneath(stack: Stack) -> tuple[PlatformStack | RuntimeStack, ...]:
    """The stacks that a stack refers to, in the order in which they are deployed."""
    if isinstance(stack, OrganizationStack):
        return ()
    platform = stack if isinstance(stack, PlatformStack) else stack.platform
    found: list[PlatformStack | RuntimeStack] = [platform.primary] if platform.primary else []
    if platform is not stack:
        found.append(platform)
    if isinstance(stack, TeamStack) and stack.runtime:
        found.append(stack.runtime)
    return tuple(found)
