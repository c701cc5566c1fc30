"""Qdrant and teams with collections, as stacks make them, in a real API server: accepted, unchanged, and both doors open."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.definitions import definitions
from llmlz.cluster.manifests import manifests
from tests import in_qdrant, ladder
from tests.cluster.asking import content
from tests.cluster.test_estate import real

pytestmark = pytest.mark.ring(4)

UNDEFINED = {"ClusterPolicy"}
"""Kinds whose definition comes with a program that is not here: Kyverno's."""

TEAMS = (*in_qdrant.COLLECTIONS, in_qdrant.WITHOUT)
STACKS = (ladder.RUNTIME, *(f"team-{team}" for team in TEAMS))


def objects(stack: str) -> list[Mapping[str, Any]]:
    """What a stack puts into its cluster, as far as it is defined here."""
    graph = in_qdrant.recorded("scaled")[stack]
    return [one for one in manifests(graph, real(graph)) if one["kind"] not in UNDEFINED]


@pytest.fixture(scope="module")
def made(built: Path) -> Iterator[tuple[Client, Mapping[str, list[Any]]]]:
    """A control plane that holds the runtime and the teams, and what it answered to each stack."""
    with ControlPlane() as plane:
        apply_all(plane.client, definitions())
        yield plane.client, {stack: list(apply_all(plane.client, objects(stack))) for stack in STACKS}


Made = tuple[Client, Mapping[str, list[Any]]]


def test_every_kind_of_object_of_qdrant_is_there(made: Made) -> None:
    """Or what follows would be about little."""
    _, answered = made
    kinds = {one["kind"] for one in answered[ladder.RUNTIME] if one["metadata"].get("namespace") == "llmlz-qdrant"}
    assert kinds == {
        "ConfigMap",
        "CronJob",
        "Job",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
        "StatefulSet",
    }


@pytest.mark.parametrize("stack", STACKS)
def test_a_second_deployment_changes_nothing(made: Made, stack: str) -> None:
    """The set of nodes, whose claims the server takes only once, and jobs, whose pods it takes only once, among it."""
    client, answered = made
    assert [content(one) for one in answered[stack]] == [content(one) for one in apply_all(client, objects(stack))]


@pytest.mark.parametrize("team", TEAMS)
def test_qdrant_lets_in_the_namespaces_that_it_has_collections_for(made: Made, team: str) -> None:
    """The selector of its door, as the server keeps it, fits the labels of these namespaces alone."""
    _, answered = made
    (door,) = (
        o for o in answered[ladder.RUNTIME] if o["kind"] == "NetworkPolicy" and o["metadata"]["name"] == "to-server"
    )
    peers = [peer for rule in door["spec"]["ingress"] for peer in rule["from"] if "namespaceSelector" in peer]
    assert peers
    (space,) = (one for one in answered[f"team-{team}"] if one["kind"] == "Namespace")
    labels = space["metadata"]["labels"].items()
    fits = [peer["namespaceSelector"]["matchLabels"].items() <= labels for peer in peers]
    assert set(fits) == {team in in_qdrant.COLLECTIONS}
