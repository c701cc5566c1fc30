"""The example estate, stack by stack, in front of the real provider."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from llmlz.cli.recording import record_estate
from llmlz.graph.model import Graph
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import load_estate
from tests import estates, generated, two_regions

pytestmark = pytest.mark.ring(2)


ESTATES: Mapping[str, Callable[[], Mapping[str, Graph]]] = {
    "example": estates.recorded,
    "generated": partial(generated.recorded, 4),
    "organization": lambda: record_estate(load_estate(estates.EXAMPLE.with_name("organization"))),
    "runtime": lambda: record_estate(load_estate(estates.EXAMPLE.with_name("runtime"))),
    "two regions": two_regions.graphs,
}


@pytest.mark.parametrize("estate", ESTATES)
def test_every_stack_is_accepted_and_comes_to_rest(terraform: Terraform, tmp_path: Path, estate: str) -> None:
    """No finding in any stack, of any tier or of the organization; everything that the provider knows was planned."""
    for name, graph in ESTATES[estate]().items():
        rehearsal = rehearse(graph, terraform, tmp_path / name)
        assert [str(finding) for finding in rehearsal.findings] == [], name
        assert rehearsal.plan is not None
        left_out = {row.token for row in rehearsal.unverified if not row.property}
        known = [one for one in graph.custom() if one.type.startswith("aws:") and one.type not in left_out]
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
