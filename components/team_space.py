"""Everything that belongs to one team: how it calls models, what it reads, what it may spend.

Owns: an application inference profile per model and routing, the team's role under the permission boundary, its
secret and perhaps the key of that, its prefix in the data bucket and its budget.
Does not own: the guardrail (``ModelAccess``), the team's place in the vector store (``VectorSpace``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._budget import BudgetStop, notifications, stop_action
from components._naming import physical_name
from components._policy import Statement, document
from components._team_policy import TeamGrants, team_statements
from components._team_secret import SecretKey, SecretShape, team_secret
from components._team_trust import Pods, team_trust


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRoute:
    """One model as one team calls it."""

    copy_from: str
    """ARN that the profile is copied from: a foundation model, or a system-defined cross-Region profile."""

    foundation_models: Sequence[str]
    """ARNs of the model in every Region where a call may be answered."""

    guarded: bool = True
    """False for a model that no guardrail can look at, such as one that makes embeddings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamSpaceArgs:
    """What a team space is made of."""

    account_id: str
    """Twelve digits; only services of this account act as the team."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the team's role."""

    budget_usd: int
    """What the team may spend a month, in US dollars."""

    data_bucket_arn: pulumi.Input[str]
    """Bucket that holds the team's prefix."""

    data_key_arn: pulumi.Input[str]
    """Key of the data bucket."""

    emails: Sequence[str]
    """Who hears of the budget."""

    guardrail_arn: pulumi.Input[str]
    """Guardrail that every call must carry."""

    guardrail_key_arn: pulumi.Input[str]
    """Key of the guardrail: whoever calls through it must be able to decrypt its rules."""

    guardrail_versions: pulumi.Input[Sequence[str]]
    """Versions of the guardrail that are accepted."""

    name_prefix: str
    """Start of every physical name."""

    routes: Mapping[str, ModelRoute]
    """``<model>-<geography>`` to route. The key is identity: another model is another profile."""

    secrets_key_arn: pulumi.Input[str]
    """The platform's key for secrets."""

    services: Sequence[str]
    """Service principals that run the team's code, such as ``lambda.amazonaws.com``."""

    team: str
    """Short name; part of every physical name."""

    applied_guardrail_arns: Sequence[str] = field(default=())
    """Guardrails that the organization applies to every call; none if left out."""

    break_glass_arn: str | None = field(default=None)
    """The role that alone may disable or delete an own key; whoever IAM allows to if left out."""

    document_arns: Sequence[str] = field(default=())
    """Published documents that the role may read: its platform's and its own; none if left out."""

    invoke_endpoint_ids: Sequence[pulumi.Input[str]] = field(default=())
    """VPC endpoints that model calls must come through; from anywhere if left out."""

    more_statements: pulumi.Input[Sequence[Statement]] = field(default=())
    """What else the role may do, such as reach its vector space; nothing if left out."""

    pods: Pods | None = field(default=None)
    """Pods that act as the team; none if left out."""

    secret_key: SecretKey = field(default="shared")
    """``own`` encrypts the secret with a key that only the team and the pipeline can use; the platform's if left out."""

    stop: BudgetStop | None = field(default=None)
    """What happens by itself once the budget is spent; the owner hears of it, and no more, if left out."""


class TeamSpace(pulumi.ComponentResource):
    """One team on the landing zone."""

    profile_arns: dict[str, pulumi.Output[str]]
    """``<model>-<geography>`` to the ARN that the team passes as model id."""

    role_arn: pulumi.Output[str]
    """The role the team's code runs as; ready when its policy is attached."""

    role_name: pulumi.Output[str]
    """The same role by its name, for further policies on it."""

    secret_arn: pulumi.Output[str]
    """An empty secret for the team to fill; its value never passes through here. Ready when nobody else can read it."""

    def __init__(self, name: str, args: TeamSpaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the space of ``args.team``."""
        super().__init__("llmlz:index:TeamSpace", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=True)

        profiles = {
            key: aws.bedrock.InferenceProfile(
                f"{name}-{key}",
                name=physical_name("inference-profile", args.team, key),
                description=f"{args.team} calls {key}",
                model_source={"copy_from": route.copy_from},
                opts=kept,
            )
            for key, route in args.routes.items()
        }
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name("role", args.name_prefix, args.team),
            description=f"What {args.team}'s code runs as.",
            assume_role_policy=team_trust(args.services, args.account_id, args.pods),
            force_detach_policies=True,  # a spent budget attaches a policy that no program knows of
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        secret_arn, secret_key_arn = team_secret(
            f"{name}-secret",
            SecretShape(
                account_id=args.account_id,
                break_glass_arn=args.break_glass_arn,
                key=args.secret_key,
                name_prefix=args.name_prefix,
                shared_key_arn=args.secrets_key_arn,
                team=args.team,
            ),
            role,
            parent=self,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=pulumi.Output.all(
                profiles=[profile.arn for profile in profiles.values()],
                guardrail=args.guardrail_arn,
                versions=args.guardrail_versions,
                guardrail_key=args.guardrail_key_arn,
                bucket=args.data_bucket_arn,
                data_key=args.data_key_arn,
                endpoints=list(args.invoke_endpoint_ids),
                secret=secret_arn,
                secret_key=secret_key_arn,
                more=args.more_statements,
            ).apply(lambda got: json.dumps(_policy(args, got))),
            opts=child,
        )
        budget = aws.budgets.Budget(
            f"{name}-budget",
            name=f"{args.name_prefix}-{args.team}",
            budget_type="COST",
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:team${args.team}"]}],
            limit_amount=str(args.budget_usd),
            limit_unit="USD",
            time_unit="MONTHLY",
            notifications=notifications(args.emails),
            opts=child,
        )
        if args.stop:
            stop_action(f"{name}-budget-stop", args.stop, budget=budget, emails=args.emails, role=role, parent=self)

        self.profile_arns = {key: profile.arn for key, profile in profiles.items()}
        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0]))
        self.role_name = role.name
        self.secret_arn = secret_arn
        self.register_outputs(
            {
                "profile_arns": self.profile_arns,
                "role_arn": self.role_arn,
                "role_name": self.role_name,
                "secret_arn": self.secret_arn,
            }
        )


def _policy(args: TeamSpaceArgs, got: Mapping[str, object]) -> dict[str, object]:
    routes = args.routes.values()
    grants = TeamGrants(
        team=args.team,
        bucket_arn=str(got["bucket"]),
        data_key_arn=str(got["data_key"]),
        foundation_model_arns=sorted({arn for route in routes for arn in route.foundation_models}),
        guardrail_arn=str(got["guardrail"]),
        guardrail_key_arn=str(got["guardrail_key"]),
        guardrail_versions=got["versions"],  # type: ignore[arg-type]  # Output.all loses the types of its parts
        profile_arns=got["profiles"],  # type: ignore[arg-type]
        secret_arn=str(got["secret"]),
        secrets_key_arn=str(got["secret_key"]),
        invoke_endpoint_ids=got["endpoints"],  # type: ignore[arg-type]
        applied_guardrail_arns=args.applied_guardrail_arns,
        document_arns=args.document_arns,
        unguarded_model_arns=sorted({arn for route in routes if not route.guarded for arn in route.foundation_models}),
    )
    return document([*team_statements(grants), *got["more"]])  # type: ignore[misc]
