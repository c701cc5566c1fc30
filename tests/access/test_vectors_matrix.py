"""Every team against the vectors of every other one, for every engine that a platform can have: only its own are open."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.access.data_access import PERMISSIONS
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

STORES: Mapping[str, Mapping[str, Any]] = {
    "opensearch": {"engine": "opensearch"},
    "pgvector": {"engine": "pgvector", "min_acu": 0.5, "max_acu": 2.0},
    "s3_vectors": {"engine": "s3_vectors"},
}
CALLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pgvector": ("own_user", ("rds-db:connect",)),
    "s3_vectors": (
        "own_index",
        tuple(f"s3vectors:{verb}Vectors" for verb in ("Delete", "Get", "List", "Put", "Query")),
    ),
}
"""Engine to the name of what a team has in it, and what is done with that."""

DOCUMENTS = {"aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument"}


@cache
def subjects(engine: str) -> tuple[Subject, ...]:
    """Everybody around a platform with this engine and three teams."""
    yaml = YAML(typ="safe", pure=True)
    with TemporaryDirectory() as place:
        folder = ladder.write(Path(place), "repeatable", vector_store=dict(STORES[engine]))
        stack = yaml.load((folder / f"Pulumi.{ladder.TEAM}.yaml").read_text())
        wishes = yaml.load((folder / "teams" / "claims.yaml").read_text())
        for team in TEAMS[1:]:
            stack["config"]["llmlz:settings"]["team"] = team
            yaml.dump(stack, folder / f"Pulumi.team-{team}.yaml")
            yaml.dump({**wishes, "team": team}, folder / "teams" / f"{team}.yaml")
        estate = load_estate(folder)
        return subjects_of(bundle(estate, record_estate(estate)))


def teams(engine: str) -> dict[str, Subject]:
    """Team to the subject that its role is."""
    found = {subject.names["team"][0]: subject for subject in subjects(engine) if subject.kind == "team"}
    assert set(found) == set(TEAMS)
    return found


def may(subject: Subject, action: str, resource: str, layer: Any = None) -> bool:
    """Whether the role is let; by one layer alone, with all others wide open, if ``layer`` names one."""
    role = str(subject.fixed["aws:principalarn"])
    context = {key: value for key, value in subject.fixed.items() if isinstance(value, str)}
    context |= {"aws:securetransport": "true", "aws:requestedregion": subject.names["region"][0]}
    world = only(subject.world, layer) if layer else subject.world
    decision = decide(Request(role, action, resource, context), world)
    assert decision.outcome in ("allowed", "denied"), decision.reason
    return decision.outcome == "allowed"


@pytest.mark.parametrize("engine", sorted(CALLS))
def test_a_team_reaches_its_own_vectors_and_no_others(engine: str) -> None:
    """Every operation of every team on what every team has: allowed on the diagonal, and nowhere else."""
    name, actions = CALLS[engine]
    everybody = teams(engine)
    for action in actions:
        matrix = {
            (caller, owner): may(subject, action, other.names[name][0])
            for caller, subject in everybody.items()
            for owner, other in everybody.items()
        }
        assert {pair for pair, allowed in matrix.items() if allowed} == {(team, team) for team in TEAMS}, action


def test_a_team_reaches_its_own_index_of_a_collection_and_no_others() -> None:
    """IAM lets all teams call the one collection; its policies let each do three things with one index."""
    everybody = teams("opensearch")
    assert len({subject.names["own_collection"] for subject in everybody.values()}) == 1
    assert all(may(one, "aoss:APIAccessAll", one.names["own_collection"][0]) for one in everybody.values())
    for operation in PERMISSIONS["index"]:
        open_to = {
            (caller, owner)
            for caller, subject in everybody.items()
            for owner, other in everybody.items()
            if may(subject, operation, other.names["own_collection_index"][0], "resource")
        }
        assert open_to == ({(team, team) for team in TEAMS} if operation in DOCUMENTS else set()), operation


def test_nobody_else_in_the_account_reads_an_index() -> None:
    """Every role of the platform: none reads or writes, and only the function's role makes and looks."""
    everybody = teams("opensearch")
    workloads = [subject for subject in subjects("opensearch") if subject.kind in ("workload", "break_glass")]
    assert len(workloads) > 1
    done = {
        (subject.name, operation)
        for subject in workloads
        for operation in PERMISSIONS["index"]
        for owner in everybody.values()
        if may(subject, operation, owner.names["own_collection_index"][0], "resource")
    }
    assert done == {("vectors-data-plane-role", "aoss:CreateIndex"), ("vectors-data-plane-role", "aoss:DescribeIndex")}
