"""Vectors in OpenSearch and in PostgreSQL climb the tiers, in front of the real provider, and lose nothing."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from llmlz.cli.moving import Asked, rules, verdict
from llmlz.cli.recording import record_estate
from llmlz.graph.model import Graph
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import load_estate
from tests import ladder
from tests.access.proof.change import changed

pytestmark = pytest.mark.ring(2)

CLIMBS = tuple((low, high) for low, high in ladder.CLIMBS if low != "foundation")
"""The first tier has no such engine."""

KEPT = ("vectors-collection", "vectors-encryption", "vectors-network", "vectors-endpoint", "vectors-data-plane-log")


@cache
def recorded(tier: str) -> Mapping[str, Graph]:
    """Organization, platform and team, at a tier."""
    with TemporaryDirectory() as place:
        folder = ladder.write(Path(place), tier, vector_store={"engine": "opensearch"})
        return record_estate(load_estate(folder))


@pytest.mark.parametrize(("low", "high"), CLIMBS)
def test_an_upward_move_keeps_the_collection(terraform: Terraform, low: str, high: str) -> None:
    """Nothing that holds state is replaced or deleted, and neither are the collection, its key, its network, its door."""
    move = verdict(Asked(before=recorded(low), after=recorded(high)))
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    gone = move.of("replace", "delete")
    assert [change for change in gone if change.type in rules().stateful] == []
    assert {change.urn.rpartition("::")[2] for change in gone} & {
        *KEPT,
        "claims-vectors-index",
        "claims-vectors-maker",
    } == set()


def test_a_collection_that_would_be_made_anew_is_caught(terraform: Terraform) -> None:
    """Another name, and replicas that come later: each is found at the collection, with what would be lost."""
    after = recorded("repeatable")
    platform = after[ladder.PLATFORM]
    before = changed(platform, "vectors-collection", "standbyReplicas", lambda _: "DISABLED")
    move = verdict(Asked(before={before.stack: before}, after={platform.stack: platform}))
    (finding,) = move.findings
    assert finding.urn.endswith("::vectors-collection")
    assert "lost would be every index in it" in str(finding)
    named = changed(platform, "vectors-collection", "name", lambda name: f"{name}-2")
    (finding,) = verdict(Asked(before={platform.stack: platform}, after={named.stack: named})).findings
    assert "replaced (name)" in str(finding)


@cache
def with_database(tier: str) -> Mapping[str, Graph]:
    """The same estate with vectors in PostgreSQL."""
    with TemporaryDirectory() as place:
        store = {"engine": "pgvector", "min_acu": 0.5, "max_acu": 2.0}
        folder = ladder.write(Path(place), tier, vector_store=store)
        return record_estate(load_estate(folder))


def test_a_database_gets_readers_and_stays(terraform: Terraform) -> None:
    """From the first tier to the third: two instances more, and the first one is not touched."""
    move = verdict(Asked(before=with_database("foundation"), after=with_database("reliable")))
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    made = {change.urn.rpartition("::")[2] for change in move.of("create")}
    assert {"vectors-reader-b", "vectors-reader-c"} <= made
    touched = {change.urn.rpartition("::")[2] for change in move.of("replace", "delete")}
    assert {"vectors-cluster", "vectors-writer", "claims-vectors-schema"} & touched == set()
