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
        "aws:s3/vectorsIndex:VectorsIndex",
        "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
        "aws:sfn/stateMachine:StateMachine",
    }
    assert rehearsal.plan is not None
    left_out = {row.token for row in rehearsal.unverified if not row.property}
    planned = rehearsal.plan["resource_changes"]
    assert len(planned) == len([r for r in graph.custom() if r.type not in left_out])


def test_policies_of_a_collection_reach_the_provider_whole(terraform: Terraform, tmp_path: Path) -> None:
    """They have a grammar of their own: the key's ARN, the endpoint's id and the collection's name are filled in."""
    state = rehearse(parts(), terraform, tmp_path).state
    assert state is not None
    found = {r["type"] + "." + r["name"]: r["instances"][0]["attributes"] for r in state["resources"]}
    policies = {
        name: json.loads(a["policy"]) for name, a in found.items() if "opensearchserverless" in name and "policy" in a
    }
    (endpoint,) = (a["id"] for name, a in found.items() if name.startswith("aws_opensearchserverless_vpc_endpoint."))
    keys = {a["arn"] for name, a in found.items() if name.startswith("aws_kms_key.")}
    texts = {name.partition(".")[2]: policy for name, policy in policies.items()}
    assert len(texts) == 5
    (encryption,) = (policy for policy in texts.values() if isinstance(policy, dict))
    assert encryption["KmsARN"] in keys
    ((network,),) = (
        [p for p in policy if "SourceVPCEs" in p] for policy in texts.values() if "SourceVPCEs" in str(policy)
    )
    assert network["SourceVPCEs"] == [endpoint]
    named = [rule["Resource"] for policy in texts.values() if isinstance(policy, list) for rule in policy[0]["Rules"]]
    name = "llmlz-parts-c-vectors"
    assert sorted(named) == [
        [f"collection/{name}"],
        [f"index/{name}/claims"],
        [f"index/{name}/claims"],
        [f"index/{name}/claims--handbook"],
    ]


def test_policies_that_hold_outputs_reach_the_provider_whole(terraform: Terraform, tmp_path: Path) -> None:
    """After deployment each says what the program said: the key's, the secret's, the endpoint's, the topic's."""
    rehearsal = rehearse(parts(), terraform, tmp_path)
    assert rehearsal.state is not None
    found = {r["name"]: r["instances"][0]["attributes"] for r in rehearsal.state["resources"]}
    sids = {
        name: [s["Sid"] for s in json.loads(text)["Statement"]]
        for name, attributes in found.items()
        if (text := attributes.get("policy") or attributes.get("policy_document")) and '"Statement"' in text
    }
    said = {sid for listed in sids.values() for sid in listed}
    assert {
        "AlarmsOfThisAccount",
        "AlarmsPublish",
        "ApplyTheGuardrail",
        "AttachTheStopAndNothingElse",
        "BudgetIsSpent",
        "CallTheSteps",
        "CallApprovedModels",
        "ConfigDelivers",
        "ConfigDeliversForThisAccount",
        "DeliverQueryLogs",
        "MakePseudonyms",
        "NobodyFromOutside",
        "NoCallFromElsewhere",
        "OnlyBreakGlassSwitchesOff",
        "NothingElse",
        "OnlyThePipelineMakesCodes",
        "OnlyTheTeamDecrypts",
        "OnlyTheTeamReads",
        "OwnPrefixOnly",
        "OwnPrincipals",
        "PassTheTeamsRole",
        "ReadDocuments",
        "RulesPublish",
        "StartRuns",
    } <= said
