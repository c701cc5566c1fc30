"""The part of Qdrant that lies in AWS, in front of the real provider."""

import json
from pathlib import Path

import pytest

from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from tests.components.test_qdrant import TEAMS, recorded

pytestmark = pytest.mark.ring(2)


def test_the_provider_takes_secrets_roles_and_the_bucket(terraform: Terraform, tmp_path: Path) -> None:
    """No finding; only objects of the cluster were left to another ring, and each secret's policy arrived whole."""
    graph = recorded()
    rehearsal = rehearse(graph, terraform, tmp_path)
    assert [str(finding) for finding in rehearsal.findings] == []
    assert {row.token for row in rehearsal.unverified} == {"kubernetes:*"}
    assert rehearsal.plan is not None
    assert rehearsal.state is not None
    assert len(rehearsal.plan["resource_changes"]) == len([r for r in graph.custom() if r.type.startswith("aws:")])
    made = {r["name"].rpartition("-")[0]: r["instances"][0]["attributes"] for r in rehearsal.state["resources"]}
    for team, wish in TEAMS.items():
        policy = json.loads(made[f"qdrant-{team}-secret-policy"]["policy"])
        reads = {s["Sid"]: s for s in policy["Statement"]}["OnlyTheirsRead"]
        assert wish.reader_role_arn in reads["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
