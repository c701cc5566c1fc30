"""Knowledge bases climb through all tiers in front of the real provider, and lose nothing."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ruamel.yaml import YAML

from llmlz.cli.moving import Asked, rules, verdict
from llmlz.cli.recording import record_estate
from llmlz.graph.model import Graph
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import load_estate
from tests import ladder
from tests.access.proof.change import changed

pytestmark = pytest.mark.ring(2)

BASE = "claims-handbook-base"
KEPT = {BASE, "claims-handbook-index", "claims-handbook-source-manuals", "claims-handbook-role"}


@cache
def recorded(tier: str) -> Mapping[str, Graph]:
    """Organization, platform and a team with a knowledge base, at a tier."""
    yaml = YAML(typ="safe", pure=True)
    with TemporaryDirectory() as place:
        folder = ladder.write(Path(place), tier)
        file = folder / "teams" / "claims.yaml"
        wishes = yaml.load(file.read_text())
        models = [*(model for model in wishes["models"] if model != "titan-embed-v2"), "titan-embed-v2"]
        base = {"model": "titan-embed-v2", "connectors": {"manuals": {"kind": "s3"}}}
        yaml.dump({**wishes, "models": models, "knowledge": {"handbook": base}}, file)
        return record_estate(load_estate(folder))


@pytest.mark.parametrize(("low", "high"), ladder.CLIMBS)
def test_an_upward_move_keeps_what_a_team_knows(terraform: Terraform, low: str, high: str) -> None:
    """Nothing that holds state is replaced or deleted, and nothing of the knowledge base at all."""
    move = verdict(Asked(before=recorded(low), after=recorded(high)))
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    gone = {change.urn.rpartition("::")[2] for change in move.of("replace", "delete")}
    assert gone & KEPT == set()
    there = {resource.name for resource in recorded(low)[ladder.TEAM].resources}
    assert there >= KEPT


def test_another_store_or_another_cut_is_caught(terraform: Terraform) -> None:
    """Both are found where they stand, with what would be lost."""
    team = recorded("repeatable")[ladder.TEAM]
    assert {"aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase", "aws:bedrock/agentDataSource:AgentDataSource"} <= set(
        rules().stateful
    )
    other = changed(team, BASE, "storageConfiguration", lambda _: {"type": "OPENSEARCH_SERVERLESS"})
    found = [str(one) for one in verdict(Asked(before={team.stack: team}, after={other.stack: other})).findings]
    assert any(BASE in one and "every source of it" in one for one in found), found
    cut = {"chunkingConfiguration": {"chunkingStrategy": "NONE"}}
    whole = changed(team, "claims-handbook-source-manuals", "vectorIngestionConfiguration", lambda _: cut)
    found = [str(one) for one in verdict(Asked(before={team.stack: team}, after={whole.stack: whole})).findings]
    assert any("claims-handbook-source-manuals" in one for one in found), found
