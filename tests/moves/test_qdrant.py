"""Vectors in Qdrant climb the tiers, in front of the real provider, and lose nothing."""

import pytest

from llmlz.cli.moving import Asked, rules, verdict
from llmlz.rehearsal.terraform import Terraform
from tests import in_qdrant, ladder
from tests.access.proof.change import changed

pytestmark = pytest.mark.ring(2)

KEPT = {
    "qdrant-admin-secret",
    "qdrant-backups",
    "qdrant-claims-secret",
    "qdrant-keys-qdrant",
    "qdrant-namespace",
    "qdrant-nodes",
    "qdrant-search-secret",
}


@pytest.mark.parametrize("high", ["reliable", "scaled"])
def test_an_upward_move_keeps_nodes_secrets_and_backups(terraform: Terraform, high: str) -> None:
    """Nothing that holds state is replaced or deleted, and of Qdrant nothing is touched that holds something."""
    before = in_qdrant.recorded()
    runtime = before[ladder.RUNTIME]
    assert {one.name for one in runtime.custom()} >= KEPT
    move = verdict(Asked(before=before, after=in_qdrant.recorded(high)))
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    gone = move.of("replace", "delete")
    assert [change for change in gone if change.type in rules().stateful] == []
    assert {change.urn.rpartition("::")[2] for change in gone} & KEPT == set()


def test_nodes_that_would_lose_their_disks_are_caught(terraform: Terraform) -> None:
    """Another name of the set, and other disks: each is found at the nodes, with what would be lost or why not."""
    runtime = in_qdrant.recorded()[ladder.RUNTIME]
    named = changed(runtime, "qdrant-nodes", "metadata", lambda found: {**found, "name": "qdrant-two"})
    (finding,) = verdict(Asked(before={runtime.stack: runtime}, after={named.stack: named})).findings
    assert finding.urn.endswith("::qdrant-nodes")
    assert "lost would be the disks of its pods" in str(finding)
    larger = changed(runtime, "qdrant-nodes", "spec", lambda found: {**found, "volumeClaimTemplates": []})
    (finding,) = verdict(Asked(before={runtime.stack: runtime}, after={larger.stack: larger})).findings
    assert "refused (spec.volumeClaimTemplates)" in str(finding)
