"""The example estate, stack by stack, in front of the real provider."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from llmlz.graph.model import Graph
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from tests import generated, two_regions

pytestmark = pytest.mark.ring(2)


@pytest.mark.parametrize("estate", ["example", "generated", "two regions"])
def test_every_stack_is_accepted_and_comes_to_rest(
    terraform: Terraform, graphs: Mapping[str, Graph], tmp_path: Path, estate: str
) -> None:
    """No finding in any stack, of any tier or of the organization; everything that the provider knows was planned."""
    generated_graphs = two_regions.graphs if estate == "two regions" else partial(generated.recorded, 4)
    for name, graph in (graphs if estate == "example" else generated_graphs()).items():
        rehearsal = rehearse(graph, terraform, tmp_path / name)
        assert [str(finding) for finding in rehearsal.findings] == [], name
        assert rehearsal.plan is not None
        left_out = {row.token for row in rehearsal.unverified if not row.property}
        known = [resource for resource in graph.custom() if resource.type not in left_out]
        assert len(rehearsal.plan["resource_changes"]) == len(known) > 0, name
