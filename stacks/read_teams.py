"""Team stacks out of their files: the team files of the estate, and the checks of one team on its platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stacks.consistency import team_problems
from stacks.files import display, read_mapping
from stacks.kinds import PlatformStack, TeamStack
from stacks.problems import Problem, SettingsError
from stacks.settings.catalogue import Catalogue
from stacks.settings.team import TeamFile, TeamSettings
from stacks.stack_file import AT, StackFile
from stacks.validate import closest, parse


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamFiles:
    """The team files of an estate."""

    read: Mapping[str, tuple[str, TeamFile]]
    """Team to the file's path, as it is shown, and its content."""

    broken: frozenset[str]
    """Names of files that could not be used; each has said why."""

    problems: tuple[Problem, ...] = field(default=())
    """Everything that is wrong with them."""


def read_team_files(folder: Path) -> TeamFiles:
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
                Problem(
                    file=shown,
                    path="team",
                    value=team.team,
                    expected=f"the name of the file: {path.stem}",
                    fix="rename one of the two",
                )
            )
        teams.setdefault(team.team, (shown, team))
    broken = frozenset(path.stem for path in (folder / "teams").glob("*.yaml")) - set(teams)
    return TeamFiles(read=teams, broken=broken, problems=tuple(problems))


def read_team(
    file: StackFile, files: TeamFiles, platforms: Mapping[str, PlatformStack], names: set[str], catalogue: Catalogue
) -> tuple[TeamStack | None, list[Problem]]:
    """The stack, if file and platform are there, and every problem of it; ``names`` are the platforms that have a file."""
    settings, problems = parse(TeamSettings, file.settings, file=file.shown, at=AT)
    if settings is None:
        return None, problems
    if settings.team in files.broken:
        return None, problems  # the team's file has said what is wrong with it
    if settings.team not in files.read:
        known = sorted(files.read)
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
                expected=f"a platform of this estate: {', '.join(known) or '(none)'}{closest(settings.platform, known)}",
                fix="correct the name, or write the platform's stack file",
            )
        )
    if problems or settings.platform not in platforms:
        return None, problems  # a platform with problems of its own has said so
    shown, team = files.read[settings.team]
    stack = TeamStack(
        name=file.name,
        file=file.shown,
        settings=settings,
        team=team,
        team_file=shown,
        platform=platforms[settings.platform],
    )
    return stack, team_problems(stack, catalogue)
