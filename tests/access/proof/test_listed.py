"""Inference profiles against the list: none missing, none more, none made from another model."""

from dataclasses import replace

from llmlz.access.calls import PROFILE
from llmlz.access.proof.listed import PROPERTY, listed_profiles
from llmlz.access.proof.run import Proof
from llmlz.graph.model import Graph
from tests.access.proof.change import beside, changed, without
from tests.access.proof.estates import whole

TEAM = "team-t001"


def proof_with(graph: Graph) -> Proof:
    """What is said of the team with this graph."""
    graphs = {**whole().graphs, TEAM: graph}
    (found,) = (proof for proof in listed_profiles(graphs, whole().intent) if proof.stack == TEAM)
    return found


def profiles() -> tuple[str, ...]:
    """Logical names of the team's profiles."""
    return tuple(profile.name for profile in whole().graphs[TEAM].of_type(PROFILE))


def test_every_team_has_the_profiles_of_the_list() -> None:
    """One proof per team, at the level of its platform."""
    proofs = listed_profiles(whole().graphs, whole().intent)
    assert [(proof.stack, proof.level) for proof in proofs] == [
        (team.stack, platform.level) for platform in whole().intent.platforms for team in platform.teams
    ]
    assert {(proof.property, proof.verdict, proof.why) for proof in proofs} == {(PROPERTY, "proved", "")}
    assert len(profiles()) == 5  # four models, and one that embeds


def test_a_missing_profile_is_named() -> None:
    """A call of the list would have no name to use."""
    name = profiles()[0]
    proof = proof_with(without(whole().graphs[TEAM], name))
    assert (proof.verdict, proof.why) == ("broken", f"profile {name} is on the list and does not exist")


def test_one_profile_more_is_named_with_its_line() -> None:
    """Whoever reads it must know where it comes from."""
    graph = whole().graphs[TEAM]
    first = graph.named(profiles()[0])
    proof = proof_with(beside(graph, first.name, "t001-extra", {}))
    source = first.inputs["modelSource"]["copyFrom"]
    assert proof.verdict == "broken"
    assert proof.why == f"profile t001-extra ({first.source}) is not on the list; it is made from {source}"
    assert str(first.source).startswith("components/")


def test_a_profile_of_another_model_is_named_with_both() -> None:
    """The right name on the wrong model would pay for, and guard, something else."""
    graph, name = whole().graphs[TEAM], profiles()[0]
    other = {"copyFrom": "arn:aws:bedrock:eu-central-1::foundation-model/other"}
    proof = proof_with(changed(graph, name, "modelSource", lambda _: other))
    expected = graph.named(name).inputs["modelSource"]["copyFrom"]
    assert proof.verdict == "broken"
    assert f"is made from {other['copyFrom']}, the list says {expected}" in proof.why


def test_every_difference_is_told_at_once() -> None:
    """Not one after the other."""
    graph = without(without(whole().graphs[TEAM], profiles()[0]), profiles()[1])
    assert proof_with(graph).why.count("is on the list and does not exist") == 2


def test_a_team_of_nothing_has_nothing_to_miss() -> None:
    """The list decides, not the number."""
    graph = whole().graphs[TEAM]
    none = replace(graph, resources=tuple(r for r in graph.resources if r.type != PROFILE))
    platforms = tuple(
        replace(platform, teams=tuple(replace(team, profiles={}) for team in platform.teams if team.stack == TEAM))
        for platform in whole().intent.platforms
    )
    (proof,) = listed_profiles({TEAM: none}, replace(whole().intent, platforms=platforms))
    assert proof.verdict == "proved"
