"""Controls over the stacks of an estate: spoiled graphs are caught, and other stacks are known to the rules."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest

from llmlz.cli.checking import evaluate_stack, evaluated, known
from llmlz.graph.model import Graph
from tests.estates import example

PLATFORM, TEAM = "platform-sandbox", "team-claims-sandbox"


def spoiled(graphs: Mapping[str, Graph], stack: str, name: str, **inputs: Any) -> dict[str, Graph]:
    """The graphs with other inputs for one resource; ``None`` takes an input away."""
    graph = graphs[stack]
    changed = []
    for resource in graph.resources:
        if resource.name == name and resource.kind == "custom":
            values = {key: value for key, value in {**resource.inputs, **inputs}.items() if value is not None}
            assert values != resource.inputs
            changed.append(dataclasses.replace(resource, inputs=values))
        else:
            changed.append(resource)
    return {**graphs, stack: dataclasses.replace(graph, resources=tuple(changed))}


def blocking(graphs: Mapping[str, Graph], stack: str, level: int = 1) -> set[tuple[str, str]]:
    """Control and name of the resource, for all that blocks."""
    found = evaluate_stack(graphs, stack, level).findings
    return {(finding.control, finding.urn.rpartition("::")[2]) for finding in found if finding.mandatory}


def test_the_level_is_the_stacks_own_unless_told() -> None:
    """A team has the level of its platform."""
    assert [evaluated(example(), name)[2] for name in (PLATFORM, TEAM)] == [1, 1]
    assert evaluated(example(), PLATFORM, 2)[2] == 2


@pytest.mark.parametrize(
    ("stack", "name", "inputs", "control"),
    [
        (PLATFORM, "keys-logs", {"enableKeyRotation": False}, "KEY-01"),
        (PLATFORM, "logs-trail", {"isMultiRegionTrail": False}, "LOG-06"),
        (TEAM, "claims-role", {"permissionsBoundary": None}, "IAM-01"),
    ],
)
def test_a_spoiled_graph_is_caught(
    stack: str, name: str, inputs: dict[str, Any], control: str, graphs: Mapping[str, Graph]
) -> None:
    """One changed input blocks the stack, names the control and the resource, and nothing else."""
    assert blocking(graphs, stack) == set()
    caught = {found for found in blocking(spoiled(graphs, stack, name, **inputs), stack) if found[1] == name}
    assert control in {found[0] for found in caught}


def test_a_malformed_document_is_caught(graphs: Mapping[str, Graph]) -> None:
    """A policy that AWS would refuse blocks before anything is deployed."""
    text = graphs[PLATFORM].named("keys-data", "aws:kms/key:Key").inputs["policy"]
    document = json.loads(text)
    document["Statement"][0]["Efect"] = document["Statement"][0].pop("Effect")
    found = blocking(spoiled(graphs, PLATFORM, "keys-data", policy=json.dumps(document)), PLATFORM)
    assert "keys-data" in {name for _, name in found}


def test_a_team_is_checked_with_its_platform_alone(graphs: Mapping[str, Graph]) -> None:
    """That gives the findings and the coverage that the whole estate gives; a platform is checked with everything."""
    found, evaluation, level = evaluated(example(), TEAM)
    assert list(known(example(), TEAM)) == [PLATFORM, TEAM]
    assert (found[TEAM], evaluation) == (graphs[TEAM], evaluate_stack(graphs, TEAM, level))
    assert list(known(example(), PLATFORM)) == list(graphs)
