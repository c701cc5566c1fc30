"""The team stack: one team on one platform, made from what the platform publishes."""

import pulumi

from components._budget import BudgetStop
from components._policy import Statement
from components.team_pipeline import TeamPipeline, TeamPipelineArgs
from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from components.vector_space import VectorSpace, VectorSpaceArgs, store_of
from stacks.access_list import approvals
from stacks.kinds import TeamStack
from stacks.network_problems import MODELS
from stacks.outputs import PlatformReference
from stacks.parts.published import publish_team
from stacks.providers import aws_provider
from stacks.published import readable_documents
from stacks.settings.platform import PgVector


def team(stack: TeamStack) -> None:
    """Build one team's space, and publish what its code needs to know."""
    name, settings = stack.team.team, stack.platform.settings
    opts = pulumi.ResourceOptions(providers=[aws_provider(stack)])
    platform = PlatformReference(stack.platform.name)

    space = _vector_space(stack, platform, opts)
    more: pulumi.Input[list[Statement]] = space.access_statements if space else []  # type: ignore[assignment]
    own = TeamSpace(
        name,
        TeamSpaceArgs(
            account_id=stack.account,
            applied_guardrail_arns=_applied_by_the_organization(stack),
            boundary_arn=platform.read("boundary_arn"),
            break_glass_arn=stack.platform.break_glass_arn,
            budget_usd=stack.team.limits.budget_usd,
            data_bucket_arn=platform.read("data_bucket_arn"),
            data_key_arn=platform.read("data_key_arn"),
            emails=[stack.team.owner],
            guardrail_arn=platform.read("guardrail_arn"),
            guardrail_key_arn=platform.read("guardrail_key_arn"),
            guardrail_versions=platform.read("guardrail_versions"),
            invoke_endpoint_ids=_endpoints(stack, platform),
            name_prefix=stack.platform.name_prefix,
            routes=model_routes(stack),
            secret_key=settings.team_keys,
            secrets_key_arn=platform.read("secrets_key_arn"),
            stop=_stop(stack, platform),
            services=[f"{service}.amazonaws.com" for service in stack.team.runs_on],
            team=name,
            document_arns=readable_documents(stack),
            more_statements=more,
        ),
        opts,
    )

    made: dict[str, pulumi.Input[object]] = {
        "data_prefix": pulumi.Output.concat("s3://", platform.read("data_bucket_name"), f"/teams/{name}/"),
        "profile_arns": own.profile_arns,
        "role_arn": own.role_arn,
        "secret_arn": own.secret_arn,
        "vectors": space.place if space else None,
    }
    for output, value in made.items():
        pulumi.export(output, value)
    if pipeline := _pipeline(stack, own, opts):
        pulumi.export("pipeline_role_arn", pipeline.role_arn)
    pulumi.export("guardrail_id", platform.read("guardrail_id"))
    pulumi.export("guardrail_version", platform.read("guardrail_versions").apply(lambda versions: versions[-1]))
    publish_team(stack, made, opts)


def model_routes(stack: TeamStack) -> dict[str, ModelRoute]:
    """``<model>-<geography>`` to route, for every model of the team file."""
    return {
        approval.profile: ModelRoute(
            copy_from=approval.route.copy_from,
            foundation_models=approval.route.foundation_models,
            guarded=approval.guarded,
        )
        for approval in approvals([stack])
    }


def _pipeline(stack: TeamStack, own: TeamSpace, opts: pulumi.ResourceOptions) -> TeamPipeline | None:
    """How the team deploys its own project; ``None`` where it does not."""
    wish, through = stack.team.pipeline, stack.platform.settings.pipelines
    if wish is None or through is None:
        return None
    args = TeamPipelineArgs(
        account_id=stack.account,
        boundary_arn=stack.platform.platform_boundary_arn,
        document_arns=readable_documents(stack),
        environment=wish.environment,
        name_prefix=stack.platform.name_prefix,
        partition=stack.partition,
        region=stack.region,
        repository=wish.repository,
        team=stack.team.team,
        team_role_arn=own.role_arn,
        workflow_ref=through.workflow_ref,
    )
    return TeamPipeline(f"{stack.team.team}-pipeline", args, opts)


def _stop(stack: TeamStack, platform: PlatformReference) -> BudgetStop | None:
    """What happens once the team's budget is spent; ``None`` where its owner only hears of it."""
    if stack.platform.settings.over_budget == "report":
        return None
    published = platform.read("spending_stop")
    return BudgetStop(policy_arn=published["policy_arn"], role_arn=published["role_arn"])


def _endpoints(stack: TeamStack, platform: PlatformReference) -> list[pulumi.Output[str]]:
    """Where model calls must come through; none where they may come from anywhere."""
    if stack.platform.settings.invoke_from == "anywhere":
        return []
    return [platform.read("endpoint_ids").apply(lambda ids: str(ids[MODELS]))]


def _applied_by_the_organization(stack: TeamStack) -> list[str]:
    """Guardrails of the management account, where the organization has Bedrock apply one."""
    above = stack.platform.organization
    if above is None or "bedrock" not in stack.platform.tier_data.unit_policies:
        return []
    return [f"arn:{stack.partition}:bedrock:{stack.region}:{above.management_account}:guardrail/*"]


def _vector_space(stack: TeamStack, platform: PlatformReference, opts: pulumi.ResourceOptions) -> VectorSpace | None:
    wish, store = stack.team.vectors, stack.platform.settings.vector_store
    if wish is None or store is None:
        return None
    published = platform.read("vector_store")
    names = (
        ("function_name", "users_arn")
        if isinstance(store, PgVector)
        else ("kms_key_arn", "vector_bucket_arn", "vector_bucket_name")
    )
    attributes = {name: published[name] for name in names}
    args = VectorSpaceArgs(
        store=store_of(store.engine, attributes), team=stack.team.team, dimensions=wish.dimensions, metric=wish.metric
    )
    return VectorSpace(f"{stack.team.team}-vectors", args, opts)
