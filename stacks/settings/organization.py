"""Settings of an organization stack: which accounts stand in which unit, and what each unit's tier is."""

from typing import Annotated

from pydantic import Field

from stacks.settings.base import TAG, Account, DataClass, Email, Name, OneOfTwo, Settings, TagText
from stacks.settings.logs import Lock

UserArn = Annotated[str, Field(pattern=r"^arn:aws[\w-]*:iam::\d{12}:user/[\w+=,.@/-]+$")]
GroupId = Annotated[str, Field(pattern=r"^([0-9a-f]{10}-)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class NewAccount(Settings):
    """An account that the organization makes, or adopts once it is imported."""

    email: Email
    """Address of the account's root user; unique among all AWS accounts."""
    id: Account | None = None
    """Twelve digits, in quotes; left out until AWS has made the account."""


class NewUnit(Settings):
    """An organizational unit that this stack makes."""

    accounts: dict[Name, NewAccount]
    """Name to account."""


class ExistingUnit(Settings):
    """An organizational unit that exists already."""

    id: Annotated[str, Field(pattern=r"^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$")]
    """The unit."""
    accounts: list[Account]
    """Accounts in it, twelve digits each, in quotes."""


class Unit(OneOfTwo):
    """One unit, new or existing; its accounts hold platforms of one tier."""

    tier: str
    """Tier of every platform in the unit."""
    regions: list[str] = Field(default=[])
    """Regions that are allowed before a platform stands in them; those of its platforms always are."""
    new: NewUnit | None = None
    """Make this unit."""
    existing: ExistingUnit | None = None
    """Use this unit."""

    def account_ids(self) -> tuple[str, ...]:
        """Accounts of the unit that have a number already."""
        if self.existing:
            return tuple(self.existing.accounts)
        new = self.new.accounts.values() if self.new else ()
        return tuple(account.id for account in new if account.id)


class IdentityCenter(Settings):
    """Where people come from."""

    instance_arn: Annotated[str, Field(pattern=r"^arn:aws[\w-]*:sso:::instance/(sso)?ins-[0-9a-f]{16}$")]
    """The IAM Identity Center instance."""
    auditors: list[GroupId]
    """Groups that read configuration, never data."""
    finance: list[GroupId]
    """Groups that read costs."""
    developers: list[GroupId]
    """Groups that look after one team's secrets and dashboards."""


class LogArchive(Settings):
    """An account that keeps evidence of all others, and does nothing else; it stands in no unit."""

    account: Account
    """The log-archive account."""
    regions: Annotated[list[str], Field(min_length=1)]
    """Where evidence is kept: the organization's own region, and that of every platform that asks for a replica."""
    object_lock: Lock | None = None
    """How long what the trail of the organization delivers cannot be deleted; it can be if left out."""
    role: Annotated[str, Field(pattern=r"^[\w+=,.@/-]+$")] = "OrganizationAccountAccessRole"
    """Role in that account, by its name and with its path, that the deployment takes."""


class OrganizationSettings(Settings):
    """One organization: units with a tier each, and the policies that follow from them."""

    management_account: Account
    """Account that the organization belongs to; no platform may be in it."""
    organization_id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")]
    """The organization."""
    root_id: Annotated[str, Field(pattern=r"^r-[0-9a-z]{4,32}$")]
    """Its root, above all units."""
    region: str
    """Home region of the stack; policies of an organization hold everywhere."""
    owner: Email
    """Who answers for it."""
    cost_centre: TagText
    """Who pays."""
    system_id: TagText = "llm-landing-zone"
    """The entry in the company's register of AI systems."""
    data_class: DataClass = "internal"
    """Class of what the management account holds: settings, no data of teams."""
    units: Annotated[dict[Name, Unit], Field(min_length=1)]
    """Name to unit."""
    break_glass: Annotated[list[UserArn], Field(max_length=10)] = Field(default=[])
    """Users, with a second factor, who may take the break-glass role of any platform."""
    bootstrap_roles: Annotated[list[Annotated[str, Field(pattern=r"^[\w+=,.@/-]+$")]], Field(min_length=1)] = Field(
        default=["OrganizationAccountAccessRole"]
    )
    """Roles in each account, by name and with their path, that may run the bootstrap and change what it made."""
    delegated: dict[Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$")], Account] = Field(default={})
    """AWS service to the account that administers it for the organization."""
    log_archive: LogArchive | None = None
    """Account that keeps copies of evidence, and the trail of the organization; neither if left out."""
    identity_center: IdentityCenter | None = None
    """Permission sets for people; none if left out."""
    cost_tags: list[Annotated[str, Field(pattern=TAG, max_length=128)]] = Field(default=[])
    """Tags by which bills are split, such as team; AWS offers a tag a day after the first resource carries it, so leave
    this out until teams run. None is touched if left out."""
