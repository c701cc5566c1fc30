"""The translation is right for every property of every type in use, whoever sets it first."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from llmlz.graph.model import Graph
from llmlz.rehearsal.render import write
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal import structure
from tests.rehearsal.refresh import NEWER, newer

STRUCTURAL = (
    "Extraneous JSON object property",
    "Incorrect attribute value type",
    "Incorrect JSON value type",
    "Insufficient",
    "Invalid reference",
    "Invalid resource type",
    "Missing required argument",
    "Too many",
    "Unsupported",
)
"""Starts of what Terraform says when the shape of a document is wrong, whatever its values are."""


@pytest.mark.ring(2)
def test_every_property_of_every_type_in_use_has_the_right_shape(
    terraform: Terraform, graphs: Mapping[str, Graph], tmp_path: Path
) -> None:
    """All properties at once, nested ones too: the provider complains of values, never of the structure."""
    tokens = structure.in_use(graphs.values())
    rendered = structure.rendered(tokens)
    write(rendered, tmp_path)
    terraform.init(tmp_path)
    said = terraform.validate(tmp_path)
    assert len(tokens) >= len(structure.TYPES)
    assert len({d.address for d in said if d.severity == "error"}) > len(tokens) // 2  # it did look at them
    assert [d for d in said if d.summary.startswith(STRUCTURAL)] == []


def test_what_only_the_sdk_has_is_a_reviewed_list() -> None:
    """A property that no rule maps shows up here. If the change is right: python -m tests.rehearsal.refresh."""
    assert newer() == NEWER.read_text(encoding="utf-8")
