"""Organization stacks out of their files, and the units that they put platforms into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stacks.evidence import log_archive_problems
from stacks.kinds import OrganizationStack, PlatformStack, UnitPlan
from stacks.problems import Problem
from stacks.settings.catalogue import Catalogue
from stacks.settings.organization import OrganizationSettings
from stacks.stack_file import AT, StackFile
from stacks.tier import TIERS, load_tier
from stacks.validate import closest, parse


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganizationFile:
    """An organization before its platforms are known."""

    file: StackFile
    settings: OrganizationSettings


def read_organization(file: StackFile, catalogue: Catalogue) -> tuple[OrganizationFile | None, list[Problem]]:
    """The settings, if they are whole, and every problem in them."""
    settings, problems = parse(OrganizationSettings, file.settings, file=file.shown, at=AT)
    if settings is None:
        return None, problems
    problems = [
        _problem(
            file,
            f"units.{name}.tier",
            unit.tier,
            f"one of {', '.join(TIERS)}{closest(unit.tier, TIERS)}",
            "correct the tier",
        )
        for name, unit in settings.units.items()
        if unit.tier not in TIERS
    ]
    if settings.region not in catalogue.regions:
        known = sorted(catalogue.regions)
        near = closest(settings.region, known)
        expected = f"a region of the catalogue: {', '.join(known)}{near}"
        problems.append(_problem(file, "region", settings.region, expected, "correct the region"))
    problems += _account_problems(file, settings)
    problems += _on_call_problems(file, settings)
    problems += log_archive_problems(file.shown, settings, sorted(catalogue.regions))
    guarded = [name for name, unit in settings.units.items() if unit.tier in TIERS and _watched(unit.tier)]
    if guarded and not settings.break_glass:
        expected = f"at least one user: platforms in {', '.join(guarded)} have a break-glass role"
        problems.append(_problem(file, "break_glass", "", expected, "name the users who may take it"))
    return OrganizationFile(file=file, settings=settings), problems


def _watched(tier: str) -> bool:
    return "break_glass" in load_tier(tier).defaults["watches"]


def _account_problems(file: StackFile, settings: OrganizationSettings) -> list[Problem]:
    problems, seen = [], {settings.management_account: "the management account, where no policy binds"}
    for name, unit in settings.units.items():
        for account in unit.account_ids():
            if account in seen:
                expected = f"an account that stands in no other place: this one is {seen[account]}"
                problems.append(_problem(file, f"units.{name}", account, expected, "remove it here or there"))
            seen.setdefault(account, f"in units.{name}")
    return problems


def _on_call_problems(file: StackFile, settings: OrganizationSettings) -> list[Problem]:
    """Users of accounts where they do not belong: beside a platform's administrators, or where no policy binds."""
    inside = {account for unit in settings.units.values() for account in unit.account_ids()}
    problems = []
    for number, user in enumerate(settings.break_glass):
        account = user.split(":")[4]
        if account in inside or account == settings.management_account:
            why = "stands in a unit, beside what the role is to help" if account in inside else "is bound by no policy"
            expected = f"a user of an account in no unit, and not of the management account; {account} {why}"
            fix = "make the user in another account of the organization"
            problems.append(_problem(file, f"break_glass[{number}]", user, expected, fix))
    return problems


def _problem(file: StackFile, path: str, value: str, expected: str, fix: str) -> Problem:
    return Problem(file=file.shown, path=f"{AT}.{path}", value=value, expected=expected, fix=fix)


def unit_of(organizations: Sequence[OrganizationFile], account: str) -> tuple[OrganizationFile, str] | None:
    """The organization, and the name of the unit in it, that an account stands in."""
    for organization in organizations:
        for name, unit in organization.settings.units.items():
            if account in unit.account_ids():
                return organization, name
    return None


def with_platforms(
    organization: OrganizationFile, platforms: Mapping[str, PlatformStack], catalogue: Catalogue
) -> OrganizationStack:
    """The stack: every unit with its tier and the platforms in its accounts."""
    units = {
        name: UnitPlan(
            name=name,
            unit=unit,
            tier_data=load_tier(unit.tier),
            platforms=tuple(p for p in platforms.values() if p.account in unit.account_ids()),
        )
        for name, unit in organization.settings.units.items()
    }
    return OrganizationStack(
        name=organization.file.name,
        file=organization.file.shown,
        settings=organization.settings,
        units=units,
        catalogue=catalogue,
    )


def membership_problems(platform: PlatformStack, organizations: Sequence[OrganizationFile]) -> list[Problem]:
    """A platform against the organization: not in the management account, in a unit of its own tier."""
    problems = []
    for organization in organizations:
        if platform.account == organization.settings.management_account:
            expected = f"another account: this one manages {organization.file.shown}, and no policy binds there"
            fix = "make an account for the platform, and name it in a unit"
            problems.append(
                Problem(file=platform.file, path=f"{AT}.account", value=platform.account, expected=expected, fix=fix)
            )
            return problems
    found = unit_of(organizations, platform.account)
    if found is None:
        if platform.tier_data.unit_policies:
            expected = (
                f"an account in a unit of an organization: tier {platform.tier} needs its policies, "
                "and no stack file of kind organization names this account"
            )
            fix = "name it in a unit of Pulumi.organization.yaml, with new or with existing"
            problems.append(
                Problem(file=platform.file, path=f"{AT}.account", value=platform.account, expected=expected, fix=fix)
            )
        return problems
    organization, name = found
    tier = organization.settings.units[name].tier
    if tier in TIERS and tier != platform.tier:
        problems.append(
            Problem(
                file=platform.file,
                path="llmlz:tier",
                value=platform.tier,
                expected=f"{tier}, the tier of unit {name} in {organization.file.shown}, which this account stands in",
                fix="change the tier here, or move the account to another unit",
            )
        )
    return problems


def one_organization(organizations: Sequence[OrganizationFile]) -> list[Problem]:
    """An estate has one organization at most: policies, proofs and people are read from the one list below it."""
    return [
        Problem(
            file=other.file.shown,
            path="llmlz:kind",
            value="organization",
            expected=f"no second organization stack beside {organizations[0].file.shown}",
            fix="move it, with its platforms and teams, to an estate of its own",
        )
        for other in organizations[1:]
    ]
