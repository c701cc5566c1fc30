"""What the provider did not get to see of two documents is put together, resource by resource."""

import json
from pathlib import Path

import pytest

from llmlz.graph.model import Graph, Resource
from llmlz.moves.planned import over, plan
from llmlz.rehearsal.terraform import Terraform

QUEUE = "aws:sqs/queue:Queue"


def graph(**inputs: object) -> Graph:
    """One queue with these inputs."""
    urn = f"urn:pulumi:s::p::{QUEUE}::one"
    made = Resource(urn=urn, type=QUEUE, name="one", kind="custom", parent=None, inputs={"name": "one", **inputs})
    return Graph(project="p", stack="s", resources=(made,), account="111122223333", region="eu-central-1")


@pytest.mark.ring(2)
def test_an_input_that_only_one_document_misses_is_missed(terraform: Terraform, tmp_path: Path) -> None:
    """One that goes and one that comes: the later document alone would say nothing of the first."""
    state = {"version": 4, "terraform_version": terraform.version, "serial": 1, "lineage": "one", "resources": []}
    before = over(graph(older="a"), json.loads(json.dumps(state)), terraform)
    found = plan(before, graph(newer="b"), terraform, tmp_path)
    assert {name: set(paths) for name, paths in found.left_out.items()} == {
        f"urn:pulumi:s::p::{QUEUE}::one": {"older", "newer"}
    }
