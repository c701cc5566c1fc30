"""Every team against the knowledge of every other one, in both engines that can hold it: only its own is open."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.access.evaluate import decide
from llmlz.access.proof.contracts import only
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.cli.proving import bundle, subjects_of
from llmlz.cli.recording import record_estate
from stacks.estate import load_estate
from tests import ladder

TEAMS = ("claims", "search", "search-eu")
"""One name begins with another one: a pattern too wide would not tell them apart."""

ENGINES = ("opensearch", "s3_vectors")
VECTORS = tuple(f"s3vectors:{verb}Vectors" for verb in ("Delete", "Get", "List", "Put", "Query"))


def _wish(team: str, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Two knowledge bases of names that every team uses."""
    base = {"model": "titan-embed-v2", "connectors": {"docs": {"kind": "s3"}}}
    models = [*(model for model in wishes["models"] if model != "titan-embed-v2"), "titan-embed-v2"]
    return {**wishes, "team": team, "models": models, "knowledge": {"faq": base, "laws": base}}


@cache
def subjects(engine: str) -> tuple[Subject, ...]:
    """Everybody around a platform with this engine and three teams."""
    yaml = YAML(typ="safe", pure=True)
    with TemporaryDirectory() as place:
        folder = ladder.write(Path(place), "repeatable", vector_store={"engine": engine})
        stack = yaml.load((folder / f"Pulumi.{ladder.TEAM}.yaml").read_text())
        wishes = yaml.load((folder / "teams" / "claims.yaml").read_text())
        for team in TEAMS:
            stack["config"]["llmlz:settings"]["team"] = team
            yaml.dump(stack, folder / f"Pulumi.team-{team}.yaml")
            yaml.dump(_wish(team, wishes), folder / "teams" / f"{team}.yaml")
        estate = load_estate(folder)
        return subjects_of(bundle(estate, record_estate(estate)))


def of_kind(engine: str, kind: str) -> list[Subject]:
    """Subjects of one kind."""
    return [subject for subject in subjects(engine) if subject.kind == kind]


def team_of(subject: Subject) -> str:
    """The team whose stack makes a role."""
    return subject.names["team"][0]


def may(subject: Subject, action: str, resource: str, layer: Any = None, **more: str) -> bool:
    """Whether the role is let; by one layer alone, with all others wide open, if ``layer`` names one."""
    context = {key: value for key, value in subject.fixed.items() if isinstance(value, str)}
    context |= {"aws:securetransport": "true", "aws:requestedregion": subject.names["region"][0], **more}
    request = Request(str(subject.fixed["aws:principalarn"]), action, resource, context)
    decision = decide(request, only(subject.world, layer) if layer else subject.world)
    assert decision.outcome in ("allowed", "denied"), decision.reason
    return decision.outcome == "allowed"


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_retrieves_from_another_teams_knowledge(engine: str) -> None:
    """Every team on every knowledge base: allowed on the diagonal, and nowhere else; nobody gets answers from Bedrock."""
    teams = of_kind(engine, "team")
    assert sorted(map(team_of, teams)) == sorted(TEAMS)
    open_to = {
        (team_of(caller), base)
        for caller in teams
        for owner in teams
        for base in owner.names["own_knowledge"]
        if may(caller, "bedrock:Retrieve", base)
    }
    assert open_to == {(team_of(team), base) for team in teams for base in team.names["own_knowledge"]}
    assert len(open_to) == 2 * len(TEAMS)
    every = [base for team in teams for base in team.names["own_knowledge"]]
    for action in ("bedrock:RetrieveAndGenerate", "bedrock:StartIngestionJob", "bedrock:DeleteKnowledgeBase"):
        assert not [base for team in teams for base in (*every, "*") if may(team, action, base)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_knowledge_base_reads_the_documents_of_its_own_team(engine: str) -> None:
    """By what its role is granted, and by what the bucket lets through were it granted everything."""
    bases, reached = of_kind(engine, "knowledge_base"), {}
    assert len(bases) == 2 * len(TEAMS)
    for layer in (None, "resource"):
        reached[layer] = {
            (base.name, owner)
            for base in bases
            for owner in TEAMS
            if may(base, "s3:GetObject", f"{base.names['data_bucket'][0]}/teams/{owner}/documents/a.txt", layer)
        }
        assert reached[layer] == {(base.name, team_of(base)) for base in bases}
    assert not [base for base in bases for verb in ("Put", "Delete") if may(base, f"s3:{verb}Object", _document(base))]


def _document(base: Subject) -> str:
    return f"{base.names['data_bucket'][0]}/teams/{team_of(base)}/documents/a.txt"


def test_a_knowledge_base_writes_its_own_index_of_a_vector_bucket() -> None:
    """Not the other one of its team, nor the team's own; and the bucket alone keeps it out of those of other teams."""
    bases, teams = of_kind("s3_vectors", "knowledge_base"), of_kind("s3_vectors", "team")
    indexes = {index for team in teams for index in (*team.names["knowledge_indexes"], *team.names["own_index"])}
    assert len(indexes) == 3 * len(TEAMS)
    for base in bases:
        (own,) = base.names["this_index"]
        assert {index for index in indexes if may(base, "s3vectors:PutVectors", index)} == {own}
        let = {index for index in indexes if any(may(base, action, index, "resource") for action in VECTORS)}
        assert {index.rpartition("/")[2].partition(".")[0] for index in let} == {team_of(base)}
    for team in teams:
        assert not [index for index in indexes - set(team.names["own_index"]) if may(team, VECTORS[1], index)]


def test_a_knowledge_base_has_its_own_index_of_a_collection() -> None:
    """Only the policies of the collection tell indexes apart: one role for each."""
    bases, teams = of_kind("opensearch", "knowledge_base"), of_kind("opensearch", "team")
    indexes = [index for base in bases for index in base.names["this_collection_index"]]
    assert len(set(indexes)) == 2 * len(TEAMS)
    for base in bases:
        assert {i for i in indexes if may(base, "aoss:WriteDocument", i, "resource")} == {
            *base.names["this_collection_index"]
        }
        assert not [i for i in indexes if may(base, "aoss:DeleteIndex", i, "resource")]
        of_teams = [i for team in teams for i in team.names["own_collection_index"]]
        assert not [i for i in of_teams if may(base, "aoss:ReadDocument", i, "resource")]
    assert not [i for team in teams for i in indexes if may(team, "aoss:ReadDocument", i, "resource")]
