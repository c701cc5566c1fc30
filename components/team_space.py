"""Everything that belongs to one team: how it calls models, what it reads, what it may spend.

Owns: an application inference profile per model and routing, the team's role under the permission boundary, its
secret, its prefix in the data bucket and its budget.
Does not own: the guardrail (``ModelAccess``), the team's place in the vector store (``VectorSpace``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._budget import notifications
from components._naming import physical_name
from components._policy import Statement, document, service_trust
from components._team_policy import TeamGrants, team_statements

SECRET_RECOVERY_DAYS = 30
"""The longest that Secrets Manager offers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRoute:
    """One model as one team calls it."""

    copy_from: str
    """ARN that the profile is copied from: a foundation model, or a system-defined cross-Region profile."""

    foundation_models: Sequence[str]
    """ARNs of the model in every Region where a call may be answered."""


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
    """Key of the team's secret."""

    services: Sequence[str]
    """Service principals that run the team's code, such as ``lambda.amazonaws.com``."""

    team: str
    """Short name; part of every physical name."""

    more_statements: pulumi.Input[Sequence[Statement]] = field(default=())
    """What else the role may do, such as reach its vector space; nothing if left out."""


class TeamSpace(pulumi.ComponentResource):
    """One team on the landing zone."""

    profile_arns: dict[str, pulumi.Output[str]]
    """``<model>-<geography>`` to the ARN that the team passes as model id."""

    role_arn: pulumi.Output[str]
    """The role the team's code runs as; ready when its policy is attached."""

    secret_arn: pulumi.Output[str]
    """An empty secret for the team to fill; its value never passes through here."""

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
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=physical_name("secret", f"{args.name_prefix}/{args.team}/app"),
            description=f"Credentials of {args.team}'s application; the team sets the value.",
            kms_key_id=args.secrets_key_arn,
            recovery_window_in_days=SECRET_RECOVERY_DAYS,
            opts=kept,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name("role", args.name_prefix, args.team),
            description=f"What {args.team}'s code runs as.",
            assume_role_policy=json.dumps(service_trust(args.services, args.account_id)),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        foundation_models = sorted({arn for route in args.routes.values() for arn in route.foundation_models})
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
                secret=secret.arn,
                secrets_key=args.secrets_key_arn,
                more=args.more_statements,
            ).apply(lambda got: json.dumps(_policy(args.team, foundation_models, got))),
            opts=child,
        )
        aws.budgets.Budget(
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

        self.profile_arns = {key: profile.arn for key, profile in profiles.items()}
        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0]))
        self.secret_arn = secret.arn
        self.register_outputs(
            {"profile_arns": self.profile_arns, "role_arn": self.role_arn, "secret_arn": self.secret_arn}
        )


def _policy(team: str, foundation_models: Sequence[str], got: Mapping[str, object]) -> dict[str, object]:
    grants = TeamGrants(
        team=team,
        bucket_arn=str(got["bucket"]),
        data_key_arn=str(got["data_key"]),
        foundation_model_arns=foundation_models,
        guardrail_arn=str(got["guardrail"]),
        guardrail_key_arn=str(got["guardrail_key"]),
        guardrail_versions=got["versions"],  # type: ignore[arg-type]  # Output.all loses the types of its parts
        profile_arns=got["profiles"],  # type: ignore[arg-type]
        secret_arn=str(got["secret"]),
        secrets_key_arn=str(got["secrets_key"]),
    )
    return document([*team_statements(grants), *got["more"]])  # type: ignore[misc]
