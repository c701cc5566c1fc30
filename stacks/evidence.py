"""What files must agree on about evidence: copies need an organization that keeps them, in an account for nothing else."""

from stacks.kinds import PlatformStack
from stacks.problems import Problem
from stacks.settings.organization import OrganizationSettings
from stacks.stack_file import AT


def replica_problems(stack: PlatformStack) -> list[Problem]:
    """A platform that asks for a copy which its organization keeps nowhere, or not in the platform's region.

    A platform that stands in no unit, and has to, is told of that alone.
    """
    if stack.settings.logs.replica is None or (stack.organization is None and stack.tier_data.unit_policies):
        return []
    vault = stack.organization.log_archive if stack.organization else None
    if vault and stack.region in vault.regions:
        return []
    if vault:
        expected = f"null, or a log archive of the organization in {stack.region}; it has {', '.join(vault.regions)}"
        fix = f"add {stack.region} to log_archive.regions of the organization, and deploy that first"
    else:
        expected = "null, or a platform in an organization that has a log archive"
        fix = (
            "set log_archive in the stack file of the organization, with an account and regions, and deploy that first"
        )
    return [Problem(file=stack.file, path=f"{AT}.logs.replica", value="log_archive", expected=expected, fix=fix)]


def log_archive_problems(file: str, settings: OrganizationSettings, known: list[str]) -> list[Problem]:
    """A log archive in an account that does something else, in no region of the catalogue, or not where the trail is."""
    archive = settings.log_archive
    if archive is None:
        return []
    at, problems = f"{AT}.log_archive", []
    used = {
        account: f"stands in units.{name}" for name, unit in settings.units.items() for account in unit.account_ids()
    }
    used[settings.management_account] = "is the management account"
    if archive.account in used:
        expected = f"an account for nothing else; this one {used[archive.account]}"
        fix = "make another account of the organization, and name it here"
        problems.append(Problem(file=file, path=f"{at}.account", value=archive.account, expected=expected, fix=fix))
    for number, region in enumerate(archive.regions):
        if region not in known:
            expected = f"a region of the catalogue: {', '.join(known)}"
            problems.append(
                Problem(file=file, path=f"{at}.regions[{number}]", value=region, expected=expected, fix="correct it")
            )
    if settings.region not in archive.regions:
        expected = f"{settings.region} among them, where the trail of the organization is"
        shown, fix = ", ".join(archive.regions), f"add {settings.region}"
        problems.append(Problem(file=file, path=f"{at}.regions", value=shown, expected=expected, fix=fix))
    return problems
