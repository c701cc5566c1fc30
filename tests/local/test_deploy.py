"""Stacks on the local cloud: what was made is there, and what failed is named."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from llmlz.errors import LocalCloudError
from llmlz.graph.known import unfilled
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from llmlz.local.calls import Caller, Evaluate, Judgement, first_calls, guardrail_rules
from llmlz.local.deploy import Deployment, deploy
from llmlz.local.emulator import Emulator
from llmlz.local.excluded import Row, rows
from llmlz.rehearsal.terraform import Terraform
from tests.local.conftest import ACCOUNT, REGION
from tests.local.programs import small, step

pytestmark = pytest.mark.ring(5)


def always(judged: Judgement) -> Evaluate:
    """A judge with one answer."""
    return lambda graph, arn: judged


@pytest.fixture(scope="module")
def graphs() -> tuple[Graph, Graph]:
    """The small platform and the team on it."""
    return small()


@pytest.fixture(scope="module")
def running(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator for the tests that only look."""
    with Emulator(tmp_path_factory.mktemp("cloud"), account=ACCOUNT, region=REGION) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def deployment(
    graphs: tuple[Graph, Graph], running: Emulator, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """Both stacks, deployed."""
    return deploy(graphs, running, terraform, tmp_path_factory.mktemp("stacks"), print)


def test_everything_is_made(deployment: Deployment) -> None:
    """Each resource is in the engine's state and, where it matters, known to the cloud."""
    deployment.check()
    assert deployment.coverage == 1.0
    assert sorted(urn.rpartition("::")[2] for urn in deployment.stacks["platform-small"].existing) == [
        "bucket",
        "bucket-encryption",
        "guardrail",
        "key",
        "logs",
        "version",
    ]


def test_a_team_gets_what_the_platform_really_became(deployment: Deployment, running: Emulator) -> None:
    """The team's policy names the real bucket and key: no stand-in reaches the cloud."""
    platform = deployment.stacks["platform-small"].outputs
    assert unfilled(platform) == ()
    assert unfilled(deployment.stacks["team-small"].outputs) == ()
    iam = boto3.Session("test", "test", region_name=REGION).client("iam", endpoint_url=running.endpoint)
    (name,) = iam.list_role_policies(RoleName="llmlz-small-claims")["PolicyNames"]
    statements = iam.get_role_policy(RoleName="llmlz-small-claims", PolicyName=name)["PolicyDocument"]["Statement"]
    assert [statement["Resource"] for statement in statements] == [
        f"{platform['bucket_arn']}/teams/claims/*",
        platform["key_arn"],
    ]
    assert platform["guardrail_versions"] == ["1"]


def test_the_first_calls(deployment: Deployment, graphs: tuple[Graph, Graph], running: Emulator) -> None:
    """Answered, blocked, masked; the refusal is the evaluator's, whatever it says, and so is what decided."""
    platform, team = (deployment.stacks[graph.stack].outputs for graph in graphs)
    word, masks = guardrail_rules(graphs[0])
    caller = Caller(
        endpoint=running.endpoint,
        region=REGION,
        account=ACCOUNT,
        role_arn=team["role_arn"],
        profile_arn=team["profile_arns"]["nova-micro-regional"],
        guardrail=platform["guardrail_id"],
        version=platform["guardrail_versions"][-1],
        blocked_word=word,
        masks_cards=masks,
    )
    refused = Judgement(outcome="denied", decided="Deny NotYours of boundary b (a.py:1)")
    calls = first_calls(caller, graphs[1], "arn:of:another", always(refused))
    assert [(call.name, call.got) for call in calls] == [
        ("approved model", "answered"),
        ("word blocked by the guardrail", "blocked"),
        ("card number masked by the guardrail", "masked"),
        ("profile of another team", "refused"),
    ]
    assert all(call.passed for call in calls)
    assert [call.decided for call in calls] == ["", "", "", refused.decided]
    assert calls[-1].note.startswith(f"denied: {refused.decided}; arn:of:another; ")
    open_, doubt = Judgement(outcome="allowed", decided="x"), Judgement(outcome="indeterminate", decided="x")
    for judged, got in ((open_, "answered"), (doubt, "failed")):
        assert first_calls(caller, graphs[1], "arn", always(judged))[-1].got == got


def test_what_fails_without_a_row_is_named(
    graphs: tuple[Graph, Graph], emulator: Emulator, terraform: Terraform, tmp_path: Path
) -> None:
    """A name that the cloud refuses is an error with the provider's words, and what needs it is named too."""
    text = json.dumps(json.loads(graphs[0].to_json())).replace("llmlz-small-data", "Not_A_Bucket")
    deployment = deploy([Graph.from_json(text)], emulator, terraform, tmp_path, print)
    missing = {urn.rpartition("::")[2]: reason for urn, reason in deployment.unexpected.items()}
    assert set(missing) == {"bucket", "bucket-encryption"}
    assert "Not_A_Bucket" in missing["bucket"]
    assert missing["bucket-encryption"] == "not made, because something that it needs is missing"
    with pytest.raises(LocalCloudError, match=r"only 67% of the resources exist; at least 85% must"):
        deployment.check()


def test_a_row_leaves_out_and_is_counted(
    graphs: tuple[Graph, Graph], emulator: Emulator, terraform: Terraform, tmp_path: Path
) -> None:
    """What is left out is not an error, but it does count as missing."""
    left_out = [
        Row(token="aws:kms/key:Key", reason="for the test"),
        Row(token="aws:bedrock/guardrailVersion:GuardrailVersion", reason="too"),
    ]
    deployment = deploy(graphs[:1], emulator, terraform, tmp_path, print, left_out=left_out)
    assert deployment.unexpected == {}
    missing = {urn.rpartition("::")[2]: reason for urn, reason in deployment.stacks["platform-small"].missing.items()}
    assert missing == {"key": "for the test", "version": "too"}
    assert deployment.coverage == pytest.approx(4 / 6)


def test_steps_inside_a_database_still_need_their_row(emulator: Emulator, terraform: Terraform, tmp_path: Path) -> None:
    """The function is made and its call fails; the row goes when the emulator's functions find boto3."""
    graph = record(step, project="llmlz", stack_name="step", account=ACCOUNT, region=REGION)
    deployment = deploy([graph], emulator, terraform, tmp_path, print, left_out=())
    ((urn, reason),) = deployment.unexpected.items()
    assert urn == graph.named("call").urn
    assert "No module named 'boto3'" in reason or "Worker" in reason
    assert [row.token for row in rows() if row.fits(graph.by_urn[urn])] == ["aws:lambda/invocation:Invocation"]
