"""What stopping a team promises."""

import json

import pytest

from components.spending_stop import SpendingStop, SpendingStopArgs, no_calls
from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, role

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The stop of one platform."""
    args = SpendingStopArgs(account_id=ACCOUNT, boundary_arn=BOUNDARY, name_prefix="llmlz-test", partition="aws")

    def program() -> None:
        SpendingStop("spending", args)

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region="eu-central-1")


def allowed(action: str, resource: str) -> bool:
    """Whether a role that may do everything still may once the stop is attached."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    text = {"Version": "2012-10-17", "Statement": [everything, no_calls()]}
    world = World(account=ACCOUNT, identity=(parse(text, Origin(layer="identity", name="team")),))
    return (
        decide(Request(principal=role("llmlz-test-claims"), action=action, resource=resource), world).outcome
        == "allowed"
    )


@pytest.mark.parametrize(
    "action",
    [
        "bedrock:ApplyGuardrail",
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithBidirectionalStream",
        "bedrock:InvokeModelWithResponseStream",
    ],
)
def test_whoever_is_stopped_pays_no_more(action: str) -> None:
    """No call of any model in any form, and no guardrail, which is billed by what it reads."""
    assert not allowed(action, f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:application-inference-profile/a")


@pytest.mark.parametrize("action", ["s3:GetObject", "s3vectors:QueryVectors", "secretsmanager:GetSecretValue"])
def test_whoever_is_stopped_still_reaches_what_is_stored(action: str) -> None:
    """A team that finds its mistake needs its data."""
    assert allowed(action, "arn:aws:s3:::data/teams/claims/a")


def test_the_policy_is_attached_to_nobody(graph: Graph) -> None:
    """Nobody is stopped by a deployment; AWS Budgets attaches it, outside of any stack."""
    (policy,) = graph.of_type("aws:iam/policy:Policy")
    assert policy.inputs["name"] == "llmlz-test-spending-stop"
    assert [s["Effect"] for s in json.loads(policy.inputs["policy"])["Statement"]] == ["Deny"]
    assert not graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")


def test_the_role_attaches_this_policy_and_nothing_else(graph: Graph) -> None:
    """To roles of this platform's prefix, and takes it off again."""
    (policy,) = graph.of_type("aws:iam/rolePolicy:RolePolicy")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Action"] == ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]
    assert statement["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/llmlz-test-*"]
    made = graph.named("spending-policy").urn
    assert {r.to for r in policy.references if r.at == "policy"} == {made}
    assert list(statement["Condition"]) == ["ArnEquals"]
    assert list(statement["Condition"]["ArnEquals"]) == ["iam:PolicyARN"]


def test_only_budgets_of_this_account_take_the_role(graph: Graph) -> None:
    """Under the boundary of the platform, since workloads change no role at all."""
    inputs = graph.named("spending-role").inputs
    assert inputs["permissionsBoundary"] == BOUNDARY
    (statement,) = json.loads(inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:budgets::{ACCOUNT}:budget/*"},
    }
    assert OTHER not in json.dumps(statement)


def test_declared_outputs_are_registered(graph: Graph) -> None:
    """What a budget's action names."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(SpendingStop.__annotations__)
