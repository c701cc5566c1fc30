"""Runtime stacks out of their files: layers of the platform's tier, and the checks of one runtime on its platform."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from stacks.kinds import PlatformStack, RuntimeStack, TeamStack
from stacks.layering import Layer, layered
from stacks.problems import Problem
from stacks.runtime_problems import runtime_problems, space_problems
from stacks.settings.accelerators import Accelerator
from stacks.settings.runtime import RuntimeSettings
from stacks.stack_file import AT, StackFile
from stacks.tier import Overlay
from stacks.validate import closest, parse, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a runtime is judged against, besides its platform."""

    accelerators: Mapping[str, Accelerator]
    """Instance type to what is known of it."""

    teams: Collection[str]
    """Teams that have a file."""

    today: datetime.date
    """Reservations before it are over."""


Overlays = Mapping[str, tuple[Overlay, Layer]]
"""Tier to what the estate lays over it."""


def read_runtimes(
    files: Sequence[StackFile],
    overlays: Overlays,
    platforms: Mapping[str, PlatformStack],
    names: set[str],
    about: About,
) -> tuple[dict[str, RuntimeStack], list[Problem]]:
    """The stacks whose platforms are there, and every problem of them; ``names`` are the platforms that have a file."""
    runtimes: dict[str, RuntimeStack] = {}
    problems: list[Problem] = []
    for file in files:
        runtime, found = _read(file, overlays, platforms, names, about)
        problems += found
        if runtime:
            runtimes[runtime.name] = runtime
    return runtimes, problems + _one_each(list(runtimes.values()))


def with_teams(runtimes: Mapping[str, RuntimeStack], teams: Mapping[str, TeamStack]) -> dict[str, RuntimeStack]:
    """The runtimes, each with the collections that it makes for teams of its platform, whose stacks come after it."""
    return {
        name: replace(
            runtime,
            qdrant_teams={
                team.team.team: team.collection.dimensions
                for team in teams.values()
                if team.platform.name == runtime.platform.name and team.collection
            },
        )
        for name, runtime in runtimes.items()
    }


def with_runtimes(
    teams: Mapping[str, TeamStack], runtimes: Mapping[str, RuntimeStack]
) -> tuple[dict[str, TeamStack], list[Problem]]:
    """The teams, each with the runtime that its namespace is in, and the wishes that no runtime fulfils."""
    there = {runtime.platform.name: runtime for runtime in runtimes.values()}
    placed = {
        name: replace(team, runtime=there.get(team.platform.name)) if team.team.cluster else team
        for name, team in teams.items()
    }
    return placed, [problem for team in placed.values() for problem in space_problems(team)]


def _read(
    file: StackFile, overlays: Overlays, platforms: Mapping[str, PlatformStack], names: set[str], about: About
) -> tuple[RuntimeStack | None, list[Problem]]:
    name = file.settings.get("platform")
    platform = platforms.get(name) if isinstance(name, str) else None
    if platform is None:
        if name in names:
            return None, []  # its file has said what is wrong with it
        known = sorted(platforms)
        near = closest(name, known) if isinstance(name, str) else ""
        return None, [
            Problem(
                file=file.shown,
                path=f"{AT}.platform",
                value=shown(name) if name is not None else "",
                expected=f"a platform stack of this estate: {', '.join(known) or '(none)'}{near}",
                fix="correct the name, or write the stack file of the platform",
            )
        ]
    own = Layer(file=file.shown, at=AT, values=file.settings)
    values, problems = layered(
        platform.tier, platform.tier_data.runtime, _of_runtimes(overlays.get(platform.tier)), own
    )
    settings, found = parse(RuntimeSettings, values, file=file.shown, at=AT)
    broken = {problem.path for problem in problems}
    problems += [problem for problem in found if problem.path not in broken]
    if settings is None:
        return None, problems
    stack = RuntimeStack(
        name=file.name, file=file.shown, settings=settings, platform=platform, accelerators=about.accelerators
    )
    return stack, problems + [
        problem for problem in runtime_problems(stack, about.teams, about.today) if problem.path not in broken
    ]


def _of_runtimes(overlay: tuple[Overlay, Layer] | None) -> tuple[Overlay, Layer] | None:
    """What an overlay of a tier says about runtimes."""
    if overlay is None:
        return None
    found, layer = overlay
    at = layer.at.removesuffix("defaults") + "runtime.defaults"
    return (
        Overlay(defaults=found.runtime.defaults, locks=found.runtime.locks),
        Layer(file=layer.file, at=at, values=found.runtime.defaults),
    )


def _one_each(runtimes: Sequence[RuntimeStack]) -> list[Problem]:
    """A platform with two runtimes: names in the account, and the teams, would not know which is meant."""
    first: dict[str, RuntimeStack] = {}
    problems = []
    for stack in runtimes:
        other = first.setdefault(stack.platform.name, stack)
        if other is not stack:
            problems.append(
                Problem(
                    file=stack.file,
                    path=f"{AT}.platform",
                    value=stack.platform.name,
                    expected=f"a platform without a runtime: {other.file} has this one",
                    fix="remove one of the two stack files; a second cluster stands on a second platform",
                )
            )
    return problems
