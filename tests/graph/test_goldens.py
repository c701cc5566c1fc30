"""Goldens: nothing appears, changes or vanishes unnoticed."""

import dataclasses
import json

import pytest

from llmlz.graph.inventory import counts, identities, vanished
from llmlz.graph.model import Graph
from tests import goldens


@pytest.mark.parametrize("golden", goldens.VARIANTS)
def test_inventory_is_the_committed_one(golden: str) -> None:
    """Every resource, option and input is as it was reviewed."""
    for path, text in goldens.texts(golden).items():
        assert path.read_text() == text, (
            f"{path.name} differs; if that is meant: {goldens.REFRESH}, and review it like code"
        )


@pytest.mark.parametrize("golden", goldens.VARIANTS)
def test_no_identity_vanished(golden: str) -> None:
    """What a live state may hold is still there, or covered by an alias."""
    before = (goldens.FOLDER / f"{golden}.identities.txt").read_text().splitlines()
    assert vanished(before, goldens.graph_of(golden)) == []


def _without(graph: Graph, name: str) -> Graph:
    return dataclasses.replace(graph, resources=tuple(r for r in graph.resources if r.name != name))


def test_a_vanished_identity_fails(platform_graph: Graph) -> None:
    """The rule above is alive."""
    assert vanished(identities(platform_graph), _without(platform_graph, "keys-logs")) == [
        "aws:kms/key:Key keys-logs < keys"
    ]


def test_an_alias_covers_a_renamed_resource(platform_graph: Graph) -> None:
    """A rename with an alias keeps the state's resource."""
    key = platform_graph.named("keys-logs")
    renamed = dataclasses.replace(
        key, name="keys-trail", options=dataclasses.replace(key.options, aliases=("keys-logs",))
    )
    others = tuple(r for r in platform_graph.resources if r.name != "keys-logs")
    after = dataclasses.replace(platform_graph, resources=(*others, renamed))
    assert vanished(identities(platform_graph), after) == []


def test_counts_equal_the_golden(platform_graph: Graph) -> None:
    """What ``llmlz record`` counts is what was reviewed."""
    golden = json.loads((goldens.FOLDER / "foundation" / "platform.inventory.json").read_text())
    assert counts(platform_graph) == golden["counts"]
