"""An estate: a folder with stack files, team files and overlays, read whole and checked before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stacks.catalogue_file import load_accelerators, load_catalogue
from stacks.consistency import whole_problems
from stacks.files import display
from stacks.kinds import OrganizationStack, PlatformStack, RuntimeStack, Stack, TeamStack
from stacks.moving import with_tiers
from stacks.problems import Problem, SettingsError
from stacks.read_organizations import OrganizationFile, one_organization, read_organization, with_platforms
from stacks.read_pairs import paired
from stacks.read_platforms import read_overlays, read_platform
from stacks.read_runtimes import About, read_runtimes, with_runtimes, with_teams
from stacks.read_teams import read_team, read_team_files
from stacks.settings.catalogue import Catalogue
from stacks.stack_file import StackFile, read_stack_file
from stacks.validate import closest

NO_TIERS: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Estate:
    """Every stack of an estate, checked against each other."""

    folder: Path
    catalogue: Catalogue
    stacks: Mapping[str, Stack]
    """Stack name to stack: platforms, organizations, runtimes, teams."""

    def stack(self, name: str) -> Stack:
        """The stack of this name; raises ``SettingsError`` that lists the names there are."""
        if name not in self.stacks:
            names = sorted(self.stacks)
            raise SettingsError(
                [
                    Problem(
                        file=display(self.folder),
                        path=f"Pulumi.{name}.yaml",
                        value="",
                        expected=f"one of the stacks {', '.join(names) or '(none)'}{closest(name, names)}",
                        fix="correct the name, write the stack file, or name another estate",
                    )
                ]
            )
        return self.stacks[name]

    def platforms(self) -> list[PlatformStack]:
        """The platform stacks, by name."""
        return [stack for stack in self.stacks.values() if isinstance(stack, PlatformStack)]

    def organizations(self) -> list[OrganizationStack]:
        """The organization stacks, by name."""
        return [stack for stack in self.stacks.values() if isinstance(stack, OrganizationStack)]

    def runtime_on(self, platform: str) -> RuntimeStack | None:
        """The runtime on one platform, if it has one."""
        runtimes = [stack for stack in self.stacks.values() if isinstance(stack, RuntimeStack)]
        return next((stack for stack in runtimes if stack.platform.name == platform), None)

    def standing_on(self, platform: str) -> list[str]:
        """Names of the stacks on one platform, in the order in which they go: teams before the runtime."""
        runtime = self.runtime_on(platform)
        return [*(team.name for team in self.teams_on(platform)), *([runtime.name] if runtime else [])]

    def teams_on(self, platform: str) -> list[TeamStack]:
        """The team stacks on one platform, by name."""
        teams = [stack for stack in self.stacks.values() if isinstance(stack, TeamStack)]
        return [stack for stack in teams if stack.platform.name == platform]


def load_estate(folder: Path, tiers: Mapping[str, str] = NO_TIERS, today: date | None = None) -> Estate:
    """Read and check the whole estate; raises ``SettingsError`` with every problem of every file.

    ``tiers`` is platform to the tier that it would move to; the files stay as they are. ``today`` decides which reservations
    are over; the day of the machine if left out.
    """
    if not folder.is_dir():
        raise SettingsError(
            [
                Problem(
                    file=display(folder),
                    path="(whole folder)",
                    value="",
                    expected="a folder with Pulumi.<stack>.yaml files",
                    fix="correct the path",
                )
            ]
        )
    problems: list[Problem] = []
    catalogue = load_catalogue(folder)
    overlays, found = read_overlays(folder)
    problems += found
    files: list[StackFile] = []
    for path in sorted(folder.glob("Pulumi.*.yaml")):
        try:
            files.append(read_stack_file(path))
        except SettingsError as error:
            problems += error.problems

    files = with_tiers(files, tiers)
    organizations: list[OrganizationFile] = []
    for file in (f for f in files if f.kind == "organization"):
        organization, found = read_organization(file, catalogue)
        problems += found
        if organization:
            organizations.append(organization)

    problems += one_organization(organizations)

    with_runtime = {str(f.settings.get("platform")) for f in files if f.kind == "runtime"}
    platforms: dict[str, PlatformStack] = {}
    broken: set[str] = set()
    for file in (f for f in files if f.kind == "platform"):
        platform, found = read_platform(file, overlays, catalogue, organizations, has_runtime=file.name in with_runtime)
        problems += found
        if found:
            broken.add(file.name)
        if platform:
            platforms[platform.name] = platform
    platforms, found = paired(platforms, frozenset(broken))
    problems += found

    names = {path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*.yaml")}
    names -= {file.name for file in files if file.kind != "platform"}  # platforms, and files that could not be read
    team_files = read_team_files(folder)
    problems += team_files.problems
    about = About(accelerators=load_accelerators(folder), teams=sorted(team_files.read), today=today or date.today())
    runtimes, found = read_runtimes([f for f in files if f.kind == "runtime"], overlays, platforms, names, about)
    problems += found

    teams: dict[str, TeamStack] = {}
    for file in (f for f in files if f.kind == "team"):
        team, found = read_team(file, team_files, platforms, names, catalogue)
        problems += found
        if team:
            teams[team.name] = team
    runtimes = with_teams(runtimes, teams)
    teams, found = with_runtimes(teams, runtimes)
    problems += found

    problems += whole_problems(list(platforms.values()), list(teams.values()))
    if problems:
        raise SettingsError(problems)
    above = {o.file.name: with_platforms(o, platforms, catalogue) for o in organizations}
    return Estate(folder=folder, catalogue=catalogue, stacks={**platforms, **above, **runtimes, **teams})
