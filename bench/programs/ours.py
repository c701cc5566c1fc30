"""Teams made by our components."""

from bench.programs import values
from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from components.vector_space import S3VectorsStore, VectorSpace, VectorSpaceArgs


def program(teams: int) -> None:
    """Register ``teams`` teams: a vector space and a team space each."""
    routes = {
        key: ModelRoute(copy_from=values.copied_from(model), foundation_models=values.foundation_models(model))
        for key, model in values.MODELS.items()
    }
    store = S3VectorsStore(
        kms_key_arn=values.VECTORS_KEY,
        vector_bucket_arn=values.VECTOR_BUCKET_ARN,
        vector_bucket_name=values.VECTOR_BUCKET,
    )
    for team in values.team_names(teams):
        space = VectorSpace(f"{team}-vectors", VectorSpaceArgs(store=store, team=team, dimensions=values.DIMENSIONS))
        TeamSpace(
            team,
            TeamSpaceArgs(
                account_id=values.ACCOUNT,
                boundary_arn=values.BOUNDARY,
                budget_usd=values.BUDGET_USD,
                data_bucket_arn=values.DATA_BUCKET,
                data_key_arn=values.DATA_KEY,
                emails=[values.OWNER],
                guardrail_arn=values.GUARDRAIL,
                guardrail_key_arn=values.GUARDRAIL_KEY,
                guardrail_versions=values.GUARDRAIL_VERSIONS,
                name_prefix=values.PREFIX,
                routes=routes,
                secrets_key_arn=values.SECRETS_KEY,
                services=values.SERVICES,
                team=team,
                more_statements=space.access_statements,
            ),
        )
