"""A new version of the guardrail reaches a whole estate, and the old one leaves it: proved after every single update.

Every layer accepts the versions that the platform published when that layer's stack was last updated, and a team calls
with the last of them. So the graphs of a rollout are those of several moments, next to each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ruamel.yaml import YAML

from llmlz.access.proof.compare import compare
from llmlz.access.proof.properties import Property, load
from llmlz.access.proof.prover import Reading
from llmlz.access.proof.run import READINGS, TOGETHER, Proof, prove
from llmlz.access.proof.subjects import Subject
from llmlz.cli.proving import bundle, subjects_of
from llmlz.cli.recording import record_stack
from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from stacks.kinds import PlatformStack, TeamStack
from stacks.tier import TIERS
from tests.generated import ORGANIZATION, platform_of, team_name, write_estate

TEAMS = tuple(f"team-{team_name(number)}" for number in range(5))
"""Stacks of teams: one at each tier, and a second one at the highest."""

Versions = tuple[str, ...]
OLD, BOTH, NEW = ("v1",), ("v1", "v2"), ("v2",)
PLATFORMS = tuple(platform_of(tier) for tier in TIERS)
ABOUT = ("accepted-guardrail", "approved-calls", "approved-calls-from-anywhere", "endpoint-lets-through")
"""Properties that speak of the accepted versions; the wide run proves all of them."""

WITH_A_VERSION = {"action": "bedrock:InvokeModel*", "bedrock:GuardrailIdentifier": "$unit_guardrails"}
"""Calls that carry a version that the platforms of the unit publish."""

State = Mapping[str, Versions]
"""Stack to the versions that its platform published at the stack's last update; the organization has one of all."""

Who = tuple[str, str, str]


@cache
def estate(versions: Versions) -> Estate:
    """The generated estate, every platform with these versions."""
    yaml = YAML(typ="safe", pure=True)
    with TemporaryDirectory() as folder:
        write_estate(Path(folder), len(TEAMS))
        for platform in PLATFORMS:
            path = Path(folder) / f"Pulumi.{platform}.yaml"
            raw = yaml.load(path.read_text(encoding="utf-8"))
            raw["config"]["llmlz:settings"]["guardrail"] = {"versions": list(versions)}
            with path.open("w", encoding="utf-8") as file:
                yaml.dump(raw, file)
        return load_estate(Path(folder))


@cache
def graph(stack: str, versions: Versions) -> Graph:
    """The stack as it is after an update while its platforms published these versions."""
    found = estate(versions).stack(stack)
    if stack in PLATFORMS:
        return record_stack(found, {})
    below = [found.platform.name] if isinstance(found, TeamStack) else PLATFORMS
    return record_stack(found, {platform: graph(platform, versions) for platform in below})


def everywhere(versions: Versions) -> State:
    """An estate at rest."""
    return dict.fromkeys((*PLATFORMS, ORGANIZATION, *TEAMS), versions)


def steps(state: State, stacks: Sequence[str], versions: Versions) -> Iterator[State]:
    """The states after the updates of these stacks, one after the other."""
    for stack in stacks:
        state = {**state, stack: versions}
        yield state


def subjects(state: State, *given: Graph) -> dict[Who, Subject]:
    """Everybody in an estate in this state; graphs that are ``given`` take the place of those of the same stacks."""
    graphs = {stack: graph(stack, versions) for stack, versions in state.items()}
    graphs |= {other.stack: other for other in given}
    return {(s.kind, s.stack, s.name): s for s in subjects_of(bundle(estate(OLD), graphs))}


def changed(before: Mapping[Who, Subject], after: Mapping[Who, Subject]) -> list[Subject]:
    """Those for whom something is new, in the documents or in what they are judged by."""
    return [subject for who, subject in after.items() if subject != before.get(who)]


@pytest.fixture
def readings(request: pytest.FixtureRequest) -> tuple[Reading, ...]:
    """Both in the wide run."""
    return READINGS if request.config.getoption("--wide") else READINGS[:1]


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> tuple[Property, ...]:
    """The properties that speak of versions; all of them in the wide run."""
    return tuple(row for row in load() if row.id in ABOUT or request.config.getoption("--wide"))


def unproved(found: Sequence[Subject], rows: Sequence[Property], readings: Sequence[Reading]) -> list[Proof]:
    """What is not proved about these."""
    return [proof for proof in prove(found, rows, readings=readings) if proof.verdict != "proved"]


def new_access(
    before: Mapping[Who, Subject], now: Sequence[Subject], readings: Sequence[Reading], *listed: Mapping[str, str]
) -> set[str]:
    """Verdicts of those whose documents are new: do they allow anything that is not listed?"""
    new = [subject for subject in now if subject.world != before[_who(subject)].world]
    proofs = compare([before[_who(subject)] for subject in new], new, listed, readings)
    return {proof.verdict for proof in proofs}


def told(subject: Subject, of: Subject) -> Subject:
    """A team whose code still names the version that it was told of before."""
    return replace(subject, names={**subject.names, "current_guardrail": of.names["current_guardrail"]})


def accepting(subject: Subject, of: Subject) -> Subject:
    """The same principal, judged by the versions that were accepted before this one moved on."""
    names = {name: of.names[name] for name in ("guardrails", "unit_guardrails")}
    return replace(subject, names={**subject.names, **names})


def test_a_version_comes_by_platforms_then_organization_then_teams(
    rows: tuple[Property, ...], readings: tuple[Reading, ...]
) -> None:
    """Each update lets all calls work, also of code that names the version before, and nobody do anything else new."""
    state = everywhere(OLD)
    start = before = subjects(state)
    assert not unproved(list(before.values()), rows, readings)
    for after in steps(state, (*PLATFORMS, ORGANIZATION, *TEAMS), BOTH):
        now = subjects(after)
        reached = changed(before, now)
        assert reached
        assert not unproved(reached, rows, readings)
        late = [told(subject, start[_who(subject)]) for subject in reached if subject.kind == "team"]
        assert not unproved(late, [row for row in rows if row.sort == "always"], readings)
        assert new_access(before, reached, readings, WITH_A_VERSION) <= {"proved"}
        before = now


def test_a_version_goes_by_platforms_then_organization_then_teams(
    rows: tuple[Property, ...], readings: tuple[Reading, ...]
) -> None:
    """Once every team is told of the next version: each update lets all calls work, and nobody do anything new."""
    state = everywhere(BOTH)
    start = before = subjects(state)
    for after in steps(state, (*PLATFORMS, ORGANIZATION, *TEAMS), NEW):
        now = subjects(after)
        reached = changed(before, now)
        assert reached
        assert not unproved([accepting(subject, start[_who(subject)]) for subject in reached], rows, readings)
        assert new_access(before, reached, readings) <= {"proved"}
        before = now
    assert not unproved(list(before.values()), rows, readings)


def test_until_a_rollout_is_over_a_proof_says_who_is_late(readings: tuple[Reading, ...]) -> None:
    """A version that a platform has dropped is accepted by organization and teams until they are updated too."""
    rows = [row for row in load() if row.id in ABOUT]
    *_, platforms = steps(everywhere(BOTH), PLATFORMS, NEW)
    (organization,) = steps(platforms, [ORGANIZATION], NEW)
    late = []
    for state in (platforms, organization):
        found = unproved(list(subjects(state).values()), rows, readings)
        assert {proof.property for proof in found} == {"accepted-guardrail"}
        late.append({proof.layer for proof in found} - {TOGETHER})
    assert late == [{"identity", "service_control"}, {"identity"}]


def test_every_platform_moves_at_its_own_pace(rows: tuple[Property, ...], readings: tuple[Reading, ...]) -> None:
    """Platforms before, in and after a rollout stand side by side, each with its teams, under one organization."""
    paces = dict(zip(PLATFORMS, (OLD, BOTH, NEW, BOTH), strict=True))
    of_teams = {name: paces[_platform(name).name] for name in TEAMS}
    published = {platform: graph(platform, versions) for platform, versions in paces.items()}
    organization = record_stack(estate(BOTH).stack(ORGANIZATION), published)
    found = subjects({**paces, ORGANIZATION: BOTH, **of_teams}, organization)
    assert len({subject.names["unit_guardrails"] for subject in found.values()}) == len(PLATFORMS)
    assert not unproved(list(found.values()), rows, readings)


@pytest.mark.parametrize("team", TEAMS)
def test_a_team_before_the_organization_cannot_call(team: str, readings: tuple[Reading, ...]) -> None:
    """Where the organization says which versions count, a team that is too early is found, and nobody else."""
    *_, state = steps(everywhere(OLD), (*PLATFORMS, team), BOTH)
    assert _without_calls(state, readings) == ({team} if _platform(team).level > 1 else set())


@pytest.mark.parametrize("team", TEAMS)
def test_a_team_that_was_forgotten_cannot_call_when_its_version_goes(team: str, readings: tuple[Reading, ...]) -> None:
    """A version that one team was never told to leave: dropped by its platform, this team's calls are found to fail."""
    state = {**everywhere(BOTH), team: OLD, _platform(team).name: NEW}
    assert _without_calls(state, readings) == ({team} if _platform(team).level > 1 else set())


def test_the_organization_alone_stops_a_team_that_was_forgotten(readings: tuple[Reading, ...]) -> None:
    """Seen without the endpoint too: the organization's own policy refuses the version that has gone."""
    late = TEAMS[0]
    state = {**everywhere(NEW), late: OLD}
    (subject,) = (s for s in subjects(state).values() if (s.kind, s.stack) == ("team", late))
    alone = replace(subject, world=replace(subject.world, endpoints={}))
    (row,) = (row for row in load() if row.id == "approved-calls")
    found = unproved([alone], [row], readings)
    assert found
    assert all("OnlyAcceptedGuardrails of service_control" in proof.through[0] for proof in found)


def _without_calls(state: State, readings: Sequence[Reading]) -> set[str]:
    """Stacks of teams for which some call of the list is refused, with a request that shows it; all others work."""
    live = [row for row in load() if row.id in ABOUT and row.sort == "always"]
    found = unproved([s for s in subjects(state).values() if s.kind == "team"], live, readings)
    assert all(proof.verdict == "broken" and proof.request for proof in found)
    return {proof.stack for proof in found}


def _platform(team: str) -> PlatformStack:
    stack = estate(OLD).stack(team)
    assert isinstance(stack, TeamStack)
    return stack.platform


def _who(subject: Subject) -> Who:
    return subject.kind, subject.stack, subject.name
