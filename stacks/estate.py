"""An estate: a folder with stack files, team files and overlays, read whole and checked before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.catalogue_file import load_catalogue
from stacks.consistency import platform_problems, team_problems, whole_problems
from stacks.files import display, read_mapping
from stacks.kinds import PlatformStack, Stack, TeamStack
from stacks.layering import Layer, layered
from stacks.problems import Problem, SettingsError
from stacks.settings.catalogue import Catalogue
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile, TeamSettings
from stacks.stack_file import AT, StackFile, read_stack_file
from stacks.tier import Overlay, load_tier
from stacks.validate import closest, parse


@dataclass(frozen=True, kw_only=True, slots=True)
class Estate:
    """Every stack of an estate, checked against each other."""

    folder: Path
    catalogue: Catalogue
    stacks: Mapping[str, Stack]
    """Stack name to stack, platforms first."""

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
                        fix="correct the name, or write the stack file",
                    )
                ]
            )
        return self.stacks[name]

    def platforms(self) -> list[PlatformStack]:
        """The platform stacks, by name."""
        return [stack for stack in self.stacks.values() if isinstance(stack, PlatformStack)]

    def teams_on(self, platform: str) -> list[TeamStack]:
        """The team stacks on one platform, by name."""
        teams = [stack for stack in self.stacks.values() if isinstance(stack, TeamStack)]
        return [stack for stack in teams if stack.platform.name == platform]


def load_estate(folder: Path) -> Estate:
    """Read and check the whole estate; raises ``SettingsError`` with every problem of every file."""
    if not folder.is_dir():
        raise SettingsError(
            [Problem(file=display(folder), path="(whole folder)", value="", expected="a folder with Pulumi.<stack>.yaml files", fix="correct the path")]
        )
    problems: list[Problem] = []
    catalogue = load_catalogue(folder)
    overlays, found = _overlays(folder)
    problems += found
    files: list[StackFile] = []
    for path in sorted(folder.glob("Pulumi.*.yaml")):
        try:
            files.append(read_stack_file(path))
        except SettingsError as error:
            problems += error.problems

    platforms: dict[str, PlatformStack] = {}
    for file in (f for f in files if f.kind == "platform"):
        platform, found = _platform(file, overlays, catalogue)
        problems += found
        if platform:
            platforms[platform.name] = platform

    teams: dict[str, TeamStack] = {}
    team_files, found = _team_files(folder)
    problems += found
    broken = {path.stem for path in (folder / "teams").glob("*.yaml")} - set(team_files)
    for file in (f for f in files if f.kind == "team"):
        team, found = _team(file, team_files, platforms, {f.name for f in files}, broken, catalogue)
        problems += found
        if team:
            teams[team.name] = team

    problems += whole_problems(list(platforms.values()), list(teams.values()))
    if problems:
        raise SettingsError(problems)
    return Estate(folder=folder, catalogue=catalogue, stacks={**platforms, **teams})


def _platform(
    file: StackFile, overlays: Mapping[str, tuple[Overlay, Layer]], catalogue: Catalogue
) -> tuple[PlatformStack | None, list[Problem]]:
    tier = load_tier(str(file.tier))
    values, problems = layered(str(file.tier), tier, overlays.get(str(file.tier)), Layer(file=file.shown, at=AT, values=file.settings))
    absent = {path for path, lock in tier.locks.items() if lock.absent}
    values = {key: value for key, value in values.items() if key not in absent}  # said once, by the lock
    settings, found = parse(PlatformSettings, values, file=file.shown, at=AT)
    broken = {problem.path for problem in problems}
    problems += [problem for problem in found if problem.path not in broken]
    if settings is None:
        return None, problems
    stack = PlatformStack(
        name=file.name, file=file.shown, settings=settings, tier=str(file.tier), tier_data=tier, catalogue=catalogue
    )
    return stack, problems + platform_problems(stack)


def _team(
    file: StackFile,
    team_files: Mapping[str, tuple[str, TeamFile]],
    platforms: Mapping[str, PlatformStack],
    names: set[str],
    broken: set[str],
    catalogue: Catalogue,
) -> tuple[TeamStack | None, list[Problem]]:
    settings, problems = parse(TeamSettings, file.settings, file=file.shown, at=AT)
    if settings is None:
        return None, problems
    if settings.team in broken:
        return None, problems  # the team's file has said what is wrong with it
    if settings.team not in team_files:
        known = sorted(team_files)
        problems.append(
            Problem(
                file=file.shown,
                path=f"{AT}.team",
                value=settings.team,
                expected=f"a team with a file in teams: {', '.join(known) or '(none)'}{closest(settings.team, known)}",
                fix=f"write teams/{settings.team}.yaml, or correct the name",
            )
        )
    if settings.platform not in platforms and settings.platform not in names:
        known = sorted(platforms)
        problems.append(
            Problem(
                file=file.shown,
                path=f"{AT}.platform",
                value=settings.platform,
                expected=f"a platform stack of this estate: {', '.join(known) or '(none)'}{closest(settings.platform, known)}",
                fix="correct the name, or write the platform's stack file",
            )
        )
    if problems or settings.platform not in platforms:
        return None, problems  # a platform with problems of its own has said so
    shown, team = team_files[settings.team]
    stack = TeamStack(
        name=file.name, file=file.shown, settings=settings, team=team, team_file=shown, platform=platforms[settings.platform]
    )
    return stack, team_problems(stack, catalogue)


def _team_files(folder: Path) -> tuple[dict[str, tuple[str, TeamFile]], list[Problem]]:
    """Team name to its file; a second file with the same team is a problem, and so is a name unlike the file's."""
    teams: dict[str, tuple[str, TeamFile]] = {}
    problems: list[Problem] = []
    for path in sorted((folder / "teams").glob("*.yaml")):
        shown = display(path)
        try:
            team, found = parse(TeamFile, read_mapping(path), file=shown, at="")
        except SettingsError as error:
            team, found = None, list(error.problems)
        problems += found
        if team is None:
            continue
        if team.team in teams:
            problems.append(
                Problem(
                    file=shown,
                    path="team",
                    value=team.team,
                    expected=f"a name of its own: {teams[team.team][0]} has this one",
                    fix="give one of the two teams another name",
                )
            )
        elif team.team != path.stem:
            problems.append(
                Problem(file=shown, path="team", value=team.team, expected=f"the name of the file: {path.stem}", fix="rename one of the two")
            )
        teams.setdefault(team.team, (shown, team))
    return teams, problems


def _overlays(folder: Path) -> tuple[dict[str, tuple[Overlay, Layer]], list[Problem]]:
    path = folder / "overlay" / "tiers.yaml"
    if not path.is_file():
        return {}, []
    shown, overlays, problems = display(path), {}, []
    content: Mapping[str, Any] = read_mapping(path)
    for tier, values in content.items():
        overlay, found = parse(Overlay, values, file=shown, at=tier)
        problems += found
        if overlay:
            overlays[tier] = (overlay, Layer(file=shown, at=f"{tier}.defaults", values=overlay.defaults))
    return overlays, problems
