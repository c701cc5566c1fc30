"""The generated estate as a bundle, and its subjects: made once per process, and never changed."""

from dataclasses import replace
from functools import cache

from llmlz.access.bundle import Bundle
from llmlz.access.intent import PlatformIntent
from llmlz.access.proof.properties import Kind
from llmlz.access.proof.subjects import Subject
from llmlz.cli.proving import bundle, subjects_of
from tests import goldens, in_qdrant
from tests.generated import generated, recorded

TEAMS = 4
"""One at each tier."""


@cache
def whole(teams: int = TEAMS) -> Bundle:
    """The estate with this many teams, each with a pipeline of its own."""
    return bundle(generated(teams, pipelines=True), recorded(teams, pipelines=True))


@cache
def with_store(engine: str) -> Bundle:
    """An estate at the second tier with this engine for vectors, with a few teams and nothing else."""
    if engine == "qdrant":
        return bundle(in_qdrant.estate(), in_qdrant.recorded())
    return bundle(goldens.other_estate(engine), goldens.recorded(engine))


@cache
def everybody(teams: int = TEAMS) -> tuple[Subject, ...]:
    """All its subjects."""
    return subjects_of(whole(teams))


def one(kind: Kind, stack: str) -> Subject:
    """The first subject of a kind in a stack of the estate with four teams."""
    return next(subject for subject in everybody() if (subject.kind, subject.stack) == (kind, stack))


def first(found: Bundle, teams: int) -> Bundle:
    """The bundle with the first teams alone: what a smaller estate has, since no other stack knows of a team."""
    stacks = sorted(team.stack for platform in found.intent.platforms for team in platform.teams)
    gone = frozenset(stacks[teams:])

    def smaller(platform: PlatformIntent) -> PlatformIntent:
        return replace(platform, teams=tuple(team for team in platform.teams if team.stack not in gone))

    intent = replace(found.intent, platforms=tuple(map(smaller, found.intent.platforms)))
    return Bundle(graphs={name: graph for name, graph in found.graphs.items() if name not in gone}, intent=intent)
