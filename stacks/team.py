"""The team stack: one team on one platform, made from what the platform publishes."""

from collections.abc import Mapping, Sequence

import pulumi

from components._budget import BudgetStop
from components._policy import Statement
from components.index_access import IndexAccess, IndexAccessArgs
from components.team_pipeline import TeamPipeline, TeamPipelineArgs
from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from components.vector_space import VectorSpace, VectorSpaceArgs, store_of
from stacks.access_list import approvals
from stacks.kinds import TeamStack
from stacks.network_problems import MODELS
from stacks.outputs import PlatformReference, RuntimeReference
from stacks.parts.documents import ingestion, registry_access
from stacks.parts.knowledge import knowledge_bases
from stacks.parts.published import publish_team
from stacks.parts.qdrant import collection, token_access
from stacks.parts.team_cluster import pods, team_namespace
from stacks.providers import aws_provider
from stacks.published import readable_documents
from stacks.settings.platform import OpenSearch

NEEDED: Mapping[str, Sequence[str]] = {
    "opensearch": ("collection_arn", "collection_name", "function_name", "maker_arn"),
    "pgvector": ("function_name", "users_arn"),
    "s3_vectors": ("kms_key_arn", "vector_bucket_arn", "vector_bucket_name"),
}
"""Engine to what a space in it needs to know of the store, among what a platform publishes of it."""


def team(stack: TeamStack) -> None:
    """Build one team's space, and publish what its code needs to know."""
    name, settings = stack.team.team, stack.platform.settings
    aws_of_team = aws_provider(stack)
    opts = pulumi.ResourceOptions(providers=[aws_of_team])
    platform = PlatformReference(stack.platform.name)

    cluster = RuntimeReference(stack.runtime.name) if stack.runtime else None
    space = _vector_space(stack, platform, opts)
    more: pulumi.Input[list[Statement]] = pulumi.Output.all(
        space.access_statements if space else [],
        registry_access(stack, platform),
        token_access(stack, cluster),
    ).apply(lambda parts: [statement for part in parts for statement in part])
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
            pods=pods(stack, cluster),
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

    knowledge = knowledge_bases(stack, platform, own, opts)
    made: dict[str, pulumi.Input[object]] = {
        "data_prefix": pulumi.Output.concat("s3://", platform.read("data_bucket_name"), f"/teams/{name}/"),
        "knowledge_bases": {
            base: {"arn": found.knowledge_base_arn, "id": found.knowledge_base_id, "sources": found.source_ids}
            for base, found in knowledge.items()
        },
        "profile_arns": own.profile_arns,
        "qdrant": collection(stack, cluster),
        "role_arn": own.role_arn,
        "secret_arn": own.secret_arn,
        "vectors": _own_index(stack, platform, own, opts) or (space.place if space else None),
    }
    for output, value in made.items():
        pulumi.export(output, value)
    if cluster:
        pulumi.export("namespace", team_namespace(stack, cluster, own, aws_of_team))
    if taking_in := ingestion(stack, platform, opts):
        pulumi.export("ingestion_arn", taking_in.machine_arn)
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
    attributes = {name: published[name] for name in NEEDED[store.engine]}
    args = VectorSpaceArgs(
        store=store_of(store.engine, attributes), team=stack.team.team, dimensions=wish.dimensions, metric=wish.metric
    )
    return VectorSpace(f"{stack.team.team}-vectors", args, opts)


def _own_index(
    stack: TeamStack, platform: PlatformReference, own: TeamSpace, opts: pulumi.ResourceOptions
) -> pulumi.Output[str] | None:
    """The team's index, once its role is let in; ``None`` where the engine asks IAM alone."""
    if stack.team.vectors is None or not isinstance(stack.platform.settings.vector_store, OpenSearch):
        return None
    args = IndexAccessArgs(
        collection_name=platform.read("vector_store")["collection_name"],
        reader_arn=own.role_arn,
        team=stack.team.team,
    )
    return IndexAccess(f"{stack.team.team}-vectors-access", args, opts).index_name
