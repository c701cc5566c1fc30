"""A small estate: two teams with one profile each, a guardrail, and the boundary that a bootstrap would make."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.access.documents import Document, Origin, parse
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT = "111122223333"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
GUARDRAIL = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:guardrail/g7h3k2"
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
NOVA = "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0"
TITAN = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-text-lite-v1"


def invoke_policy(profiles: list[str]) -> dict[str, Any]:
    """What a team may call: its profiles, the models behind them, and only with version 1 of the guardrail."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "CallProfiles", "Effect": "Allow", "Action": INVOKE, "Resource": profiles},
            {
                "Sid": "CallModels",
                "Effect": "Allow",
                "Action": INVOKE,
                "Resource": "arn:aws:bedrock:*::foundation-model/*",
                "Condition": {"ArnEquals": {"bedrock:InferenceProfileArn": profiles}},
            },
            {
                "Sid": "OnlyGuarded",
                "Effect": "Deny",
                "Action": INVOKE,
                "Resource": "*",
                "Condition": {"StringNotEquals": {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}},
            },
            {"Sid": "UseGuardrail", "Effect": "Allow", "Action": "bedrock:ApplyGuardrail", "Resource": GUARDRAIL},
        ],
    }


def boundary_text(actions: list[str]) -> str:
    """A boundary that lets these actions through."""
    statement = {"Sid": "Within", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def team(name: str, copy_from: str, *, managed: bool = False) -> None:
    """A role under the boundary, a profile, and the invoke policy, inline or as a managed policy."""
    trust = {"Version": "2012-10-17", "Statement": []}
    role = aws.iam.Role(
        f"{name}-app",
        name=f"llmlz-{name}-app",
        assume_role_policy=json.dumps(trust),
        permissions_boundary=BOUNDARY,
        tags={"team": name},
    )
    profile = aws.bedrock.InferenceProfile(
        f"{name}-lite", name=f"{name}-lite", model_source={"copy_from": copy_from}, tags={"team": name}
    )
    text = profile.arn.apply(lambda arn: json.dumps(invoke_policy([arn])))
    if managed:
        policy = aws.iam.Policy(f"{name}-invoke", policy=text)
        aws.iam.RolePolicyAttachment(f"{name}-invoke", role=role.name, policy_arn=policy.arn)
    else:
        aws.iam.RolePolicy(f"{name}-invoke", role=role.id, policy=text)


@pytest.fixture
def recorded() -> Callable[[Callable[[], None]], Graph]:
    """Records a program as the stack ``teams-dev``."""

    def run(program: Callable[[], None]) -> Graph:
        return record(program, project="llmlz", stack_name="teams-dev", account=ACCOUNT, region="eu-central-1")

    return run


@pytest.fixture(scope="session")
def estate() -> Graph:
    """Team claims calls a system-defined profile, team fraud a model of one region through a managed policy."""

    def program() -> None:
        team("claims", NOVA)
        team("fraud", TITAN, managed=True)

    return record(program, project="llmlz", stack_name="teams-dev", account=ACCOUNT, region="eu-central-1")


@pytest.fixture
def wide_boundary() -> dict[str, str]:
    """A boundary that allows everything a team needs."""
    return {BOUNDARY: boundary_text([*INVOKE, "bedrock:ApplyGuardrail"])}


@pytest.fixture
def make() -> Callable[..., Document]:
    """A document from statements; ``layer`` is identity unless given."""

    def document(*statements: dict[str, Any], layer: str = "identity", **elements: Any) -> Document:
        raw = {"Version": "2012-10-17", "Statement": list(statements), **elements}
        return parse(json.dumps(raw), Origin(layer=layer, name="test"))  # type: ignore[arg-type]

    return document


@pytest.fixture
def attach_elsewhere() -> Callable[[], None]:
    """A program that attaches a policy to a role of another stack, and one managed by AWS to its own."""

    def program() -> None:
        aws.iam.RolePolicy("extra", role="made-elsewhere", policy=json.dumps(invoke_policy(["*"])))
        role = aws.iam.Role("own", assume_role_policy="{}", name="own")
        aws.iam.RolePolicyAttachment("aws-managed", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        pulumi.export("role", role.name)

    return program
