"""What the pipeline of a team promises: whom it lets in, and what it can reach."""

import json
from typing import Any

import pytest

from components.team_pipeline import TeamPipeline, TeamPipelineArgs, pipeline_role
from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.trusts import trusts
from llmlz.access.world import World
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, WIDE, allowed, document, role

REGION = "eu-central-1"
TEAM_ROLE = role("llmlz-test-claims")
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary"
DOCUMENT = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/llmlz/test/teams/claims/v1"
CLAIM = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{CLAIM}"
WORKFLOW, REF = "example/landing-zone/.github/workflows/team.yml", "refs/tags/v0.1.0"
FUNCTIONS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
OWN = f"{FUNCTIONS}:llmlz-test-claims-answer"


def recorded(**changes: Any) -> Graph:
    """The pipeline of one team."""
    args: dict[str, Any] = {
        "account_id": ACCOUNT,
        "boundary_arn": BOUNDARY,
        "document_arns": [DOCUMENT],
        "environment": "live",
        "name_prefix": "llmlz-test",
        "partition": "aws",
        "region": REGION,
        "repository": "example/claims",
        "team": "claims",
        "team_role_arn": TEAM_ROLE,
        "workflow_ref": f"{WORKFLOW}@{REF}",
        **changes,
    }

    def program() -> None:
        TeamPipeline("claims-pipeline", TeamPipelineArgs(**args))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A pipeline."""
    return recorded()


TOKEN = {
    "aud": "sts.amazonaws.com",
    "sub": "repo:example/claims:environment:live",
    "job_workflow_ref": f"{WORKFLOW}@{REF}",
}
"""What the trust reads of the token of a job that comes as it should."""

ROWS: list[tuple[str, dict[str, str | None], bool]] = [
    ("through the workflow", {}, True),
    ("without any workflow that others can call", {"job_workflow_ref": None}, False),
    ("with an empty claim", {"job_workflow_ref": ""}, False),
    ("another file", {"job_workflow_ref": f"{WORKFLOW.replace('team', 'mine')}@{REF}"}, False),
    ("another tag", {"job_workflow_ref": f"{WORKFLOW}@refs/tags/v0.0.9"}, False),
    ("a branch with the name of the tag", {"job_workflow_ref": f"{WORKFLOW}@refs/heads/v0.1.0"}, False),
    ("a longer tag", {"job_workflow_ref": f"{WORKFLOW}@{REF}-mine"}, False),
    (
        "a copy in the team's repository",
        {"job_workflow_ref": f"example/claims/.github/workflows/team.yml@{REF}"},
        False,
    ),
    ("another environment", {"sub": "repo:example/claims:environment:test"}, False),
    ("a pull request", {"sub": "repo:example/claims:pull_request"}, False),
    ("a branch", {"sub": "repo:example/claims:ref:refs/heads/main"}, False),
    ("another repository", {"sub": "repo:example/fraud:environment:live"}, False),
    ("another owner", {"sub": "repo:somebody/claims:environment:live"}, False),
    ("no subject", {"sub": None}, False),
    ("another audience", {"aud": "https://github.com/example"}, False),
    ("no audience", {"aud": None}, False),
]


def taken(graph: Graph, claims: dict[str, str | None], by: str = PROVIDER, how: str = "WithWebIdentity") -> str:
    """What AWS says to whoever brings a token with these claims, as IAM decides it; others may do everything besides."""
    context = {f"{CLAIM}:{claim}": value for claim, value in {**TOKEN, **claims}.items() if value is not None}
    guards = trusts(graph)
    request = Request(by, f"sts:AssumeRole{how}", guards[0].resources[0], context)
    identity = () if by == PROVIDER else (WIDE,)
    return decide(request, World(account=ACCOUNT, identity=identity, guards=guards)).outcome


@pytest.mark.parametrize(("claims", "comes_in"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_only_a_job_of_the_workflow_takes_the_role(graph: Graph, claims: dict[str, str | None], comes_in: bool) -> None:
    """The three claims to the letter, and nothing else; a claim that AWS does not compare refuses everybody."""
    assert taken(graph, claims) == ("allowed" if comes_in else "denied")


@pytest.mark.parametrize("by", [PROVIDER.replace(ACCOUNT, OTHER), PROVIDER.replace(CLAIM, "gitlab.com"), TEAM_ROLE])
def test_nobody_else_takes_it(graph: Graph, by: str) -> None:
    """Neither with a token of another issuer, nor from within the account, whatever the claims say."""
    assert taken(graph, {}, by) == "denied"
    assert taken(graph, {}, by, how="") == "denied"


def test_the_role_is_short_lived_bounded_and_named_by_the_formula(graph: Graph) -> None:
    """An hour; a name that says whose it is."""
    inputs = graph.named("claims-pipeline-role").inputs
    assert (inputs["name"], inputs["maxSessionDuration"]) == ("llmlz-test-claims-pipeline", 3600)
    assert inputs["permissionsBoundary"] == BOUNDARY
    with pytest.raises(ValueError, match="70 characters, 64 are allowed"):
        pipeline_role("llmlz-test", "c" * 50)


def may(action: str, resource: str, context: dict[str, str] | None = None, wide: bool = False, **changes: Any) -> bool:
    """Whether the role may; ``wide`` attaches a policy that allows everything besides."""
    text = recorded(**changes).named("claims-pipeline-role-policy").inputs["policy"]
    more = [{"Sid": "Attached", "Effect": "Allow", "Action": "*", "Resource": "*"}] if wide else []
    identity = document("identity", *json.loads(text)["Statement"], *more)
    return allowed(action, resource, by=role("llmlz-test-claims-pipeline"), context=context or {}, identity=identity)


TO_LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}
DONE = [
    *((f"lambda:{verb}", OWN, {}) for verb in ("CreateFunction", "DeleteFunction", "GetFunction", "TagResource")),
    *((f"lambda:UpdateFunction{what}", OWN, {}) for what in ("Code", "Configuration")),
    ("iam:PassRole", TEAM_ROLE, TO_LAMBDA),
    ("ssm:GetParameter", DOCUMENT, {}),
]
REFUSED = [
    ("lambda:CreateFunction", f"{FUNCTIONS}:llmlz-test-fraud-answer", {}),
    ("lambda:UpdateFunctionCode", f"{FUNCTIONS}:llmlz-test-claims", {}),
    ("lambda:UpdateFunctionCode", OWN.replace(REGION, "us-east-1"), {}),
    ("lambda:InvokeFunction", OWN, {}),
    ("lambda:AddPermission", OWN, {}),
    ("lambda:CreateFunctionUrlConfig", OWN, {}),
    ("iam:PassRole", TEAM_ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", TEAM_ROLE, {}),
    ("iam:PassRole", role("llmlz-test-fraud"), TO_LAMBDA),
    ("iam:PassRole", role("llmlz-apply"), TO_LAMBDA),
    ("iam:PutRolePolicy", TEAM_ROLE, {}),
    ("iam:CreateRole", role("llmlz-test-claims-more"), {}),
    ("sts:AssumeRole", TEAM_ROLE, {}),
    ("bedrock:InvokeModel", f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0", {}),
    ("bedrock:InvokeModel", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/a", {}),
    ("bedrock:ApplyGuardrail", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/a", {}),
    ("s3:GetObject", f"arn:aws:s3:::llmlz-state-{ACCOUNT}-{REGION}/.pulumi/stacks/llmlz/platform.json", {}),
    ("s3:GetObject", "arn:aws:s3:::data/teams/claims/a", {}),
    ("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/a", {}),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:llmlz-test/claims/app-a", {}),
    ("ssm:GetParameter", DOCUMENT.replace("claims", "fraud"), {}),
    ("ssm:PutParameter", DOCUMENT, {}),
]


@pytest.mark.parametrize(("action", "resource", "context"), DONE)
def test_what_a_project_needs_is_allowed(action: str, resource: str, context: dict[str, str]) -> None:
    """Functions under the team's name and role, and what is published to the team."""
    assert may(action, resource, context)


@pytest.mark.parametrize("wide", [False, True], ids=["as it is", "with everything attached"])
@pytest.mark.parametrize(("action", "resource", "context"), REFUSED)
def test_everything_else_is_refused(action: str, resource: str, context: dict[str, str], wide: bool) -> None:
    """No model, no role, no state, nothing of others; also where somebody attaches a policy to the role."""
    assert not may(action, resource, context, wide)


def test_without_documents_none_is_read() -> None:
    """Absence is off, and stays so with everything attached."""
    assert not may("ssm:GetParameter", DOCUMENT, wide=True, document_arns=[])


def test_no_statement_allows_everything(graph: Graph) -> None:
    """No wildcard resource and no wildcard action in any Allow; the documents are understood to the last word."""
    text = graph.named("claims-pipeline-role-policy").inputs["policy"]
    for statement in json.loads(text)["Statement"]:
        if statement["Effect"] == "Allow":
            assert "*" not in statement["Resource"], statement["Sid"]
            assert all("*" not in action for action in statement["Action"]), statement["Sid"]
    assert parse(text, Origin(layer="identity", name="policy")).undecided is None


def test_declared_outputs_are_registered(graph: Graph) -> None:
    """What a job takes, once its policy is there."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(TeamPipeline.__annotations__)
