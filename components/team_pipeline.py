"""How a team's own repository deploys the team's own project: one role, that only jobs of one workflow can take.

Owns: the role, whom it trusts and what it may do.
Does not own: GitHub's identity provider (the bootstrap), the role that the team's code runs as (``TeamSpace``), the
workflow, and where the team keeps the state of its project.

The role is under the boundary of the platform, since a boundary of workloads lets nobody deploy. So its own policy says
twice what it may: what is allowed, and that everything else is denied, whatever is attached to the role besides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, deny, document

GITHUB, AUDIENCE = "token.actions.githubusercontent.com", "sts.amazonaws.com"
SESSION_SECONDS = 3600
RUNS_CODE = "lambda.amazonaws.com"
"""The one service that the team's role is passed to."""

DEPLOY: Sequence[str] = (
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:GetFunction",
    "lambda:GetFunctionCodeSigningConfig",
    "lambda:GetFunctionConfiguration",
    "lambda:ListTags",
    "lambda:ListVersionsByFunction",
    "lambda:PublishVersion",
    "lambda:TagResource",
    "lambda:UntagResource",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
)
"""What it takes to make, change, delete and read a function; neither to call one, nor to let others call it:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html (2026-11)"""

READ, PASS = "ssm:GetParameter", "iam:PassRole"


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamPipelineArgs:
    """What a team's pipeline is made of."""

    account_id: str
    """Twelve digits."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role: the one that lets a role deploy."""

    environment: str
    """Environment of the repository, on GitHub; no other job of it takes the role."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the functions are."""

    repository: str
    """The team's repository on GitHub, as tokens name it: ``owner/name``."""

    team: str
    """Short name; part of every physical name."""

    team_role_arn: pulumi.Input[str]
    """The role that the team's code runs as."""

    workflow_ref: str
    """The workflow and its ref, as tokens name them: ``owner/repo/.github/workflows/file.yml@refs/tags/v1``."""

    document_arns: Sequence[str] = field(default=())
    """Published documents that the role may read; none if left out."""


class TeamPipeline(pulumi.ComponentResource):
    """The role by which a team deploys."""

    role_arn: pulumi.Output[str]
    """What a job takes; ready when its policy is attached."""

    def __init__(self, name: str, args: TeamPipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role of ``args.team``'s pipeline."""
        super().__init__("llmlz:index:TeamPipeline", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=pipeline_role(args.name_prefix, args.team),
            description=f"Deploys {args.team}'s own project, through the platform's workflow alone.",
            assume_role_policy=json.dumps(trust(args)),
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=pulumi.Output.from_input(args.team_role_arn).apply(
                lambda arn: json.dumps(document(statements(args, arn)))
            ),
            opts=child,
        )
        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"role_arn": self.role_arn})


def pipeline_role(name_prefix: str, team: str) -> str:
    """Name of the role; raises ``ValueError`` for one that is too long."""
    return physical_name("role", name_prefix, team, "pipeline")


def trust(args: TeamPipelineArgs) -> dict[str, object]:
    """Jobs of one environment of one repository, and of these only what runs in one workflow at one ref.

    STS compares the claim ``job_workflow_ref`` since January 2026; where it does not, the key is missing, and
    ``StringEquals`` on a missing key does not match, so that nobody comes in:
    https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/ (2026-11).
    """
    claims = {
        "aud": AUDIENCE,
        "job_workflow_ref": args.workflow_ref,
        "sub": f"repo:{args.repository}:environment:{args.environment}",
    }
    return document(
        [
            {
                "Sid": "OnlyThroughTheWorkflow",
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn(args.partition, args.account_id)},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{GITHUB}:{claim}": value for claim, value in claims.items()}},
            }
        ]
    )


def provider_arn(partition: str, account_id: str) -> str:
    """GitHub's identity provider in an account, which the bootstrap made or found."""
    return f"arn:{partition}:iam::{account_id}:oidc-provider/{GITHUB}"


def statements(args: TeamPipelineArgs, team_role_arn: str) -> list[Statement]:
    """Functions of the team under the team's role, and documents; the denials hold whatever else is attached."""
    place = f"arn:{args.partition}:lambda:{args.region}:{args.account_id}"
    functions = [f"{place}:function:{args.name_prefix}-{args.team}-*"]
    to_lambda = {"StringEquals": {"iam:PassedToService": RUNS_CODE}}
    elsewhere = {"StringNotEquals": {"iam:PassedToService": RUNS_CODE}}
    documents = list(args.document_arns)
    return [
        allow("DeployOwnFunctions", DEPLOY, functions),
        allow("PassTheTeamsRole", [PASS], [team_role_arn], to_lambda),
        *([allow("ReadPublishedDocuments", [READ], documents)] if documents else []),
        {"Sid": "NothingElse", "Effect": "Deny", "NotAction": [*DEPLOY, PASS, READ], "Resource": "*"},
        _not_on("NoOtherFunctions", "lambda:*", functions),
        _not_on("NoOtherRoles", PASS, [team_role_arn]),
        deny("ToNoOtherService", [PASS], ["*"], elsewhere),
        _not_on("NoOtherDocuments", READ, documents) if documents else deny("NoDocuments", [READ], ["*"]),
    ]


def _not_on(sid: str, action: str, resources: Sequence[str]) -> Statement:
    return {"Sid": sid, "Effect": "Deny", "Action": action, "NotResource": list(resources)}
