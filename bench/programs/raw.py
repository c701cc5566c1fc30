"""The same resources in a flat program: typed resources in a loop, outputs combined with ``Output.all``.

The text of the policies comes from the same pure functions as ours: what is compared is how resources are made.
"""

import json
from collections.abc import Sequence
from functools import partial

import pulumi
import pulumi_aws as aws

from bench.programs import values
from components._policy import document, service_trust
from components._team_policy import TeamGrants, team_statements
from components._team_secret import secret_policy
from components.vector_space import TEXT_KEYS, index_statements

THRESHOLDS = (("ACTUAL", 50), ("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


def program(teams: int) -> None:
    """Register what ``teams`` teams need, without any component."""
    models = sorted({arn for model in values.MODELS.values() for arn in values.foundation_models(model)})
    for team in values.team_names(teams):
        profiles = [
            aws.bedrock.InferenceProfile(
                f"{team}-{key}",
                name=f"{team}-{key}",
                description=f"{team} calls {key}",
                model_source={"copy_from": values.copied_from(model)},
                opts=pulumi.ResourceOptions(protect=True),
            )
            for key, model in values.MODELS.items()
        ]
        secret = aws.secretsmanager.Secret(
            f"{team}-secret",
            name=f"{values.PREFIX}/{team}/app",
            description=f"Credentials of {team}'s application; the team sets the value.",
            kms_key_id=values.SECRETS_KEY,
            recovery_window_in_days=30,
            opts=pulumi.ResourceOptions(protect=True),
        )
        index = aws.s3.VectorsIndex(
            f"{team}-vectors-index",
            index_name=team,
            vector_bucket_name=values.VECTOR_BUCKET,
            data_type="float32",
            dimension=values.DIMENSIONS,
            distance_metric="cosine",
            metadata_configuration={"non_filterable_metadata_keys": list(TEXT_KEYS)},
            opts=pulumi.ResourceOptions(protect=True),
        )
        role = aws.iam.Role(
            f"{team}-role",
            name=f"{values.PREFIX}-{team}",
            description=f"What {team}'s code runs as.",
            assume_role_policy=json.dumps(service_trust(values.SERVICES, values.ACCOUNT)),
            force_detach_policies=True,
            permissions_boundary=values.BOUNDARY,
        )
        aws.secretsmanager.SecretPolicy(
            f"{team}-secret-policy",
            secret_arn=secret.arn,
            block_public_policy=True,
            policy=role.arn.apply(lambda arn: json.dumps(secret_policy(arn))),
        )
        aws.iam.RolePolicy(
            f"{team}-role-policy",
            role=role.name,
            policy=pulumi.Output.all(secret.arn, index.index_arn, *[profile.arn for profile in profiles]).apply(
                partial(role_policy, team, models)
            ),
        )
        aws.budgets.Budget(
            f"{team}-budget",
            name=f"{values.PREFIX}-{team}",
            budget_type="COST",
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:team${team}"]}],
            limit_amount=str(values.BUDGET_USD),
            limit_unit="USD",
            time_unit="MONTHLY",
            notifications=[
                {
                    "comparison_operator": "GREATER_THAN",
                    "notification_type": kind,
                    "subscriber_email_addresses": [values.OWNER],
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                }
                for kind, percent in THRESHOLDS
            ],
        )


def role_policy(team: str, models: Sequence[str], arns: Sequence[str]) -> str:
    """What a team's role may do, as JSON; ``arns`` are those of its secret, its index and its profiles."""
    secret, index, *profiles = arns
    grants = TeamGrants(
        team=team,
        bucket_arn=values.DATA_BUCKET,
        data_key_arn=values.DATA_KEY,
        foundation_model_arns=models,
        guardrail_arn=values.GUARDRAIL,
        guardrail_key_arn=values.GUARDRAIL_KEY,
        guardrail_versions=values.GUARDRAIL_VERSIONS,
        profile_arns=profiles,
        secret_arn=secret,
        secrets_key_arn=values.SECRETS_KEY,
    )
    more = index_statements(index_arn=index, key_arn=values.VECTORS_KEY)
    return json.dumps(document([*team_statements(grants), *more]))
