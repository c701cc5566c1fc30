"""The example estate, stack by stack, in front of the real provider."""

import json
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


def test_what_is_published_is_what_was_made(terraform: Terraform, tmp_path: Path) -> None:
    """After deployment every id in a platform's document is that of the resource it names; the list takes links on trust."""
    graph = generated.recorded(4)["platform-reliable"]
    rehearsal = rehearse(graph, terraform, tmp_path)
    assert rehearsal.state is not None
    found = rehearsal.state["resources"]  # a label ends with a dash and a hash of the identity
    made = {(r["type"], r["name"][:-7]): r["instances"][0]["attributes"] for r in found}
    document = json.loads(made["aws_ssm_parameter", "published-parameter"]["insecure_value"])
    network, guardrail = document["network"], document["guardrail"]
    assert network["vpc_id"] == made["aws_vpc", "network-vpc"]["id"]
    for kind, zones in network["subnet_ids"].items():
        for zone, subnet in zones.items():
            assert subnet == made["aws_subnet", f"network-{kind}-{zone}"]["id"]
    for service, endpoint in network["endpoint_ids"].items():
        assert endpoint == made["aws_vpc_endpoint", f"network-endpoint-{service.replace('.', '-')}"]["id"]
    assert document["data_bucket"]["arn"] == made["aws_s3_bucket", "data-bucket"]["arn"]
    assert guardrail["id"] == made["aws_bedrock_guardrail", "models-guardrail"]["guardrail_id"]
    assert len(guardrail["versions"]) == 2
