"""Birth shapes: what cannot be added later is there at every tier."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import stacks
from llmlz.graph.model import Graph, Resource
from stacks.tier import TIERS
from tests import generated, goldens, ladder
from tests.rehearsal import sdk

ROWS: list[Mapping[str, Any]] = YAML(typ="safe", pure=True).load(
    (Path(stacks.__file__).parent / "birth.yaml").read_text(encoding="utf-8")
)
FIELDS = {"id", "type", "property", "is", "because", "source"}


def all_graphs() -> list[Graph]:
    """Platforms, teams and organizations at every tier, with every vector store."""
    ours = [graph for tier in TIERS for graph in ladder.recorded(tier).values()]
    stores = [goldens.graph_of(f"foundation/{kind}-pgvector") for kind in ("platform", "team")]
    search = goldens.graph_of("repeatable/platform-opensearch")
    return [*ours, *stores, search, *generated.recorded(4).values()]


def meant(row: Mapping[str, Any], graph: Graph) -> list[Resource]:
    """The resources of a graph that a row is about."""
    return [r for r in graph.of_type(row["type"]) if row.get("only_named", "") in r.name]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_resource_is_born_in_its_shape(row: Mapping[str, Any]) -> None:
    """In all graphs of all tiers, and in at least one."""
    found = [resource for graph in all_graphs() for resource in meant(row, graph)]
    assert found
    for resource in found:
        value = resource.inputs.get(row["property"])
        held = {"present": value is not None, "absent": value is None}.get(row["is"], value == row["is"])
        assert held, f"{resource.urn}: {row['property']} is {value!r}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_whole_and_names_an_input_that_exists(row: Mapping[str, Any]) -> None:
    """With its reason, and a page with the day it was read."""
    assert set(row) - {"only_named"} == FIELDS
    assert row["property"] in sdk.properties(sdk.arguments(row["type"]))
    assert row["source"].startswith("https://")
    assert row["source"].endswith("(2026-11)")


def test_networks_have_every_subnet_from_birth_and_keep_them() -> None:
    """Twelve subnets, four kinds in three zones, with the same blocks at every tier: what stands in one can stay."""
    shapes = [
        {
            (subnet.name, subnet.inputs["cidrBlock"], subnet.inputs["availabilityZone"])
            for subnet in ladder.recorded(tier)[ladder.PLATFORM].of_type("aws:ec2/subnet:Subnet")
        }
        for tier in TIERS
    ]
    assert len(shapes[0]) == 12
    assert all(shape == shapes[0] for shape in shapes)


def test_physical_names_are_the_same_at_every_tier() -> None:
    """A name that carried the tier would make everything again at the next one."""
    named = ("bucket", "name", "clusterIdentifier", "vectorBucketName", "vpcId")
    by_tier = [
        {
            (r.type, r.name): tuple(r.inputs.get(key) for key in named if isinstance(r.inputs.get(key), str))
            for graph in ladder.recorded(tier).values()
            for r in graph.custom()
        }
        for tier in TIERS
    ]
    for low, high in itertools.pairwise(by_tier):
        assert {key: low[key] for key in low.keys() & high.keys()} == {
            key: high[key] for key in low.keys() & high.keys()
        }
