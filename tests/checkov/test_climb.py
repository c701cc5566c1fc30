"""The projection and the real provider's plan, judged side by side."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.checkov.process import Checkov
from llmlz.checkov.resolved import resolved
from llmlz.checkov.scan import Scan, known, scan, scan_plan
from llmlz.graph.model import Graph
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import load_estate
from tests import goldens

pytestmark = pytest.mark.ring(2)

ROOT = Path(__file__).parents[2]
DIFFERENCES = Path(__file__).parent / "data" / "climb.yaml"
COLLECTION = ("opensearch/platform-pilot", "opensearch/team-claims-pilot")
"""Stacks of the estate with a collection, which has an engine that the example does not have."""
STACKS = [
    *sorted(path.stem.partition(".")[2] for path in (ROOT / "docs/examples/climb").glob("Pulumi.*.yaml")),
    *COLLECTION,
]


@cache
def graphs() -> Mapping[str, Graph]:
    """The graphs of the example that climbs all tiers, and of the estate with a collection."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # the only test that needs them

    collection = {name: goldens.recorded("opensearch")[name.partition("/")[2]] for name in COLLECTION}
    return {**record_estate(load_estate(ROOT / "docs" / "examples" / "climb")), **collection}


def aws_checks(checkov: Checkov) -> list[str]:
    """All AWS checks of checkov that judge resources."""
    every = checkov.hello().checks.values()
    return sorted(c.id for c in every if c.id.startswith(("CKV_AWS_", "CKV2_AWS_")) and c.homes & {"python", "graph"})


def verdicts(found: Scan) -> dict[tuple[str, str], str]:
    """Check and URN to verdict."""
    return {(result.check, result.urn): result.verdict for result in found.results}


def differences() -> list[dict[str, Any]]:
    """The committed list."""
    rows: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(DIFFERENCES.read_text(encoding="utf-8"))
    return rows


@pytest.mark.parametrize("stack", STACKS)
def test_both_ways_lead_to_the_same_verdicts(
    stack: str, checkov: Checkov, terraform: Terraform, tmp_path: Path
) -> None:
    """Every AWS check, every resource, no doubts; a difference has a row with its reason, and a row has a difference."""
    graph = graphs()[stack]
    checks = aws_checks(checkov)
    rehearsal = rehearse(graph, terraform, tmp_path)
    plan = resolved(rehearsal, ProviderBlock.offline(graph.region, graph.account))
    assert plan is not None
    planned = {r["address"] for r in plan["planned_values"]["root_module"]["resources"]}
    urns = {address: urn for address, urn in rehearsal.rendered.addresses.items() if address in planned}
    ours = scan(graph, checks, checkov=checkov)
    theirs = scan_plan(plan, urns, graph, known(checks, checkov), checkov=checkov)
    assert (ours.doubts, theirs.doubts) == ((), ())
    assert len(ours.results) > 10
    mine, real = verdicts(ours), verdicts(theirs)
    differ = {key for key in mine.keys() | real.keys() if mine.get(key) != real.get(key)}
    found = {(check, urn.rpartition("::")[2], mine.get((check, urn)), real.get((check, urn))) for check, urn in differ}
    listed = {(r["check"], r["resource"], r["graph"], r["plan"]) for r in differences() if stack in r["stacks"]}
    assert found == listed


def test_every_difference_has_a_reason() -> None:
    """And speaks of stacks that exist."""
    for row in differences():
        assert len(row["reason"].split()) > 8, row
        assert set(row["stacks"]) <= set(STACKS), row
