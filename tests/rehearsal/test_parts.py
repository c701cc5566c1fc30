"""Every layer of access with all that it can have, in front of the real provider."""

import json
from pathlib import Path

import pytest

from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.parts import parts

pytestmark = pytest.mark.ring(2)


def test_every_part_is_accepted_and_comes_to_rest(terraform: Terraform, tmp_path: Path) -> None:
    """No finding; what the provider does not know is on the list, and everything else was planned."""
    graph = parts()
    rehearsal = rehearse(graph, terraform, tmp_path)
    assert [str(finding) for finding in rehearsal.findings] == []
    assert {row.token for row in rehearsal.unverified if not row.property} == {
        "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration",
        "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
    }
    assert rehearsal.plan is not None
    left_out = {row.token for row in rehearsal.unverified if not row.property}
    planned = rehearsal.plan["resource_changes"]
    assert len(planned) == len([r for r in graph.custom() if r.type not in left_out])


def test_policies_that_hold_outputs_reach_the_provider_whole(terraform: Terraform, tmp_path: Path) -> None:
    """After deployment each says what the program said: the key's, the secret's, the endpoint's, the topic's."""
    rehearsal = rehearse(parts(), terraform, tmp_path)
    assert rehearsal.state is not None
    found = {r["name"]: r["instances"][0]["attributes"] for r in rehearsal.state["resources"]}
    sids = {
        name: [s["Sid"] for s in json.loads(text)["Statement"]]
        for name, attributes in found.items()
        if (text := attributes.get("policy") or attributes.get("policy_document"))
    }
    said = {sid for listed in sids.values() for sid in listed}
    assert {
        "AlarmsOfThisAccount",
        "AlarmsPublish",
        "ApplyTheGuardrail",
        "AttachTheStopAndNothingElse",
        "BudgetIsSpent",
        "CallApprovedModels",
        "ConfigDelivers",
        "ConfigDeliversForThisAccount",
        "DeliverQueryLogs",
        "NobodyFromOutside",
        "NoCallFromElsewhere",
        "OnlyBreakGlassSwitchesOff",
        "NothingElse",
        "OnlyTheTeamDecrypts",
        "OnlyTheTeamReads",
        "OwnPrefixOnly",
        "OwnPrincipals",
        "PassTheTeamsRole",
        "RulesPublish",
    } <= said
