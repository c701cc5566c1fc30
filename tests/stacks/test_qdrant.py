"""Qdrant in a runtime: collections of the teams that want one, and for everybody else nothing of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from llmlz.checks.evaluate import evaluate
from llmlz.graph.model import Graph
from stacks.consistency import RESERVED
from stacks.engines import load_engines
from stacks.estate import load_estate
from stacks.kinds import RuntimeStack, TeamStack
from stacks.problems import SettingsError
from stacks.settings.base import DATA_CLASSES
from stacks.tier import TIERS, load_tier
from tests import in_qdrant, ladder

TEAMS = (*in_qdrant.COLLECTIONS, in_qdrant.WITHOUT)
ROLE, SECRET = "aws:iam/role:Role", "aws:secretsmanager/secret:Secret"  # types of resources


@pytest.fixture(scope="module")
def runtime() -> Graph:
    """The runtime of the lowest tier that may have it."""
    return in_qdrant.recorded()[ladder.RUNTIME]


def of_team(team: str) -> Graph:
    """The stack of a team."""
    return in_qdrant.recorded()[f"team-{team}"]


def test_a_runtime_knows_the_collections_of_its_teams() -> None:
    """With the length of their vectors; a team without a wish has none."""
    stack = in_qdrant.estate().stack(ladder.RUNTIME)
    assert isinstance(stack, RuntimeStack)
    assert stack.qdrant_teams == in_qdrant.COLLECTIONS
    without = in_qdrant.estate().stack(f"team-{in_qdrant.WITHOUT}")
    assert isinstance(without, TeamStack)
    assert without.collection is None


def test_each_collection_has_a_secret_for_its_teams_role_alone(runtime: Graph) -> None:
    """The role is made after the runtime: its name is known before, and is the one that it gets."""
    tokens = {
        str(one.inputs["name"]).rpartition("/")[2]: one
        for one in runtime.of_type(SECRET)
        if "/qdrant/teams/" in str(one.inputs["name"])
    }
    assert set(tokens) == set(in_qdrant.COLLECTIONS)
    for team in in_qdrant.COLLECTIONS:
        policy = json.loads(runtime.named(f"qdrant-{team}-secret-policy").inputs["policy"])
        readers = {s["Sid"]: s for s in policy["Statement"]}["OnlyTheirsRead"]["Condition"]["ArnNotLike"]
        keeper = f"arn:aws:iam::{ladder.ACCOUNT}:role/llmlz-pilots-qdrant-keys"
        name = of_team(team).named(f"{team}-role").inputs["name"]
        assert readers["aws:PrincipalArn"] == [f"arn:aws:iam::{ladder.ACCOUNT}:role/{name}", keeper]


def test_disks_have_the_class_of_the_cluster(runtime: Graph) -> None:
    """Which encrypts them with a customer's key."""
    (nodes,) = runtime.of_type("kubernetes:apps/v1:StatefulSet")
    classes = {claim["spec"]["storageClassName"] for claim in nodes.inputs["spec"]["volumeClaimTemplates"]}
    assert classes == {runtime.named("cluster-defaults-disks").inputs["metadata"]["name"]}


@pytest.mark.parametrize("team", TEAMS)
def test_pods_reach_qdrant_where_the_team_has_a_collection_and_nowhere_else(team: str) -> None:
    """Both doors: the label that Qdrant's namespace asks for, and the way out to its two ports."""
    graph, wanted = of_team(team), team in in_qdrant.COLLECTIONS
    labels = graph.named(f"{team}-cluster-namespace").inputs["metadata"]["labels"]
    assert ("llmlz.io/qdrant" in labels) == wanted
    specs = [one.inputs["spec"] for one in graph.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")]
    ways = [rule for spec in specs for rule in spec.get("egress", []) if "llmlz-qdrant" in json.dumps(rule)]
    assert bool(ways) == wanted
    for way in ways:
        assert [port["port"] for port in way["ports"]] == [6333, 6334]
        assert way["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "llmlz-qdrant"}}}]


@pytest.mark.parametrize("team", TEAMS)
def test_a_teams_document_says_where_its_collection_is_and_no_other_document_does(team: str) -> None:
    """Address, name and the secret; never the token."""
    graph = of_team(team)
    said = _document(graph, f"{team}-published")["qdrant"]
    if team not in in_qdrant.COLLECTIONS:
        assert said is None
        return
    assert (said["collection"], said["url"]) == (team, "http://qdrant.llmlz-qdrant.svc:6333")
    assert said["token_arn"] == in_qdrant.recorded()[ladder.RUNTIME].outputs["qdrant"]["token_arns"][team]
    assert "qdrant" not in json.dumps(_document(in_qdrant.recorded()[ladder.RUNTIME], "published"))


def _document(graph: Graph, name: str) -> dict[str, Any]:
    (found,) = (one for one in graph.of_type("aws:ssm/parameter:Parameter") if one.name.startswith(name))
    text = found.inputs.get("value") or found.inputs["insecureValue"]
    read: dict[str, Any] = json.loads(text)
    return read


def test_no_team_can_take_the_name_of_a_role_of_qdrant(runtime: Graph) -> None:
    """Every role that it makes ends in a reserved name."""
    names = {str(role.inputs["name"]).removeprefix("llmlz-pilots-") for role in runtime.of_type(ROLE)}
    assert {name for name in names if name.startswith("qdrant")} == {"qdrant-backup", "qdrant-keys", "qdrant-server"}
    assert {name for name in names if name.startswith("qdrant")} <= RESERVED


@pytest.mark.parametrize("tier", ["reliable", "scaled"])
def test_controls_of_the_higher_tiers_find_nothing(tier: str) -> None:
    """In the runtime and in a team with a collection, with the other stacks of the estate known to the rules."""
    estate, graphs = in_qdrant.estate(tier), in_qdrant.recorded(tier)
    for name in (ladder.RUNTIME, ladder.TEAM):
        others = [graph for other, graph in graphs.items() if other != name]
        found = evaluate(graphs[name], estate.stack(name).level, others)
        assert [f"{one.control} {one.urn} {one.message}" for one in found.findings] == []


@pytest.mark.parametrize("tier", TIERS)
def test_the_lock_and_the_catalogue_name_the_same_tiers(tier: str) -> None:
    """A tier permits it exactly from the row's tier on."""
    lock = load_tier(tier).runtime.locks.get("qdrant")
    permitted = lock is None or lock.permits(in_qdrant.WISH)
    assert permitted == (TIERS.index(load_engines()["qdrant"].from_tier) <= TIERS.index(tier))


@pytest.mark.parametrize("data_class", DATA_CLASSES)
def test_it_is_refused_exactly_where_the_row_says_so(tmp_path: Path, data_class: str) -> None:
    """By the data of the platform: one message, with what it may hold and why."""
    in_qdrant.write(tmp_path, "scaled", data_class=data_class)
    row, problems = load_engines()["qdrant"], []
    try:
        load_estate(tmp_path)
    except SettingsError as error:
        problems = [problem for problem in error.problems if "qdrant" in problem.path]
    if data_class in row.data_classes:
        assert not problems
        return
    (problem,) = problems
    assert (problem.path, problem.value) == ("llmlz:settings.qdrant", data_class)
    assert row.because in problem.expected


def test_a_runtime_without_it_makes_nothing_of_it() -> None:
    """It is a wish, and no tier has it by default."""
    graphs = ladder.recorded("reliable")
    assert not [one for one in graphs[ladder.RUNTIME].custom() if "Qdrant" in one.urn]
    assert graphs[ladder.RUNTIME].outputs["qdrant"] == {}
