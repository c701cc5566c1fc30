"""The knowledge bases of a team, from its wishes and from what the platform publishes."""

from collections.abc import Mapping

import pulumi

from components.knowledge_base import (
    S3,
    Chunking,
    Confluence,
    Connector,
    Embedding,
    Filter,
    KnowledgeBase,
    KnowledgeBaseArgs,
    OpenSearchPlace,
    S3VectorsPlace,
    Salesforce,
    SharePoint,
    Web,
)
from components.team_space import TeamSpace
from stacks.access_list import approvals
from stacks.kinds import TeamStack
from stacks.knowledge_problems import knowledge_class
from stacks.outputs import PlatformReference
from stacks.settings.knowledge import (
    ConfluenceSource,
    Filters,
    Knowledge,
    KnowledgeFilter,
    S3Source,
    SalesforceSource,
    SharePointSource,
    Source,
    WebSource,
)
from stacks.settings.platform import OpenSearch


def knowledge_bases(
    stack: TeamStack, platform: PlatformReference, own: TeamSpace, opts: pulumi.ResourceOptions
) -> dict[str, KnowledgeBase]:
    """Name to knowledge base, for every one of the team file."""
    return {
        name: KnowledgeBase(
            f"{stack.team.team}-{name}",
            KnowledgeBaseArgs(
                account_id=stack.account,
                boundary_arn=platform.read("boundary_arn"),
                chunking=Chunking(tokens=wish.chunking.tokens, overlap_percent=wish.chunking.overlap_percent),
                connectors={key: connector(source) for key, source in wish.connectors.items()},
                data_bucket_arn=platform.read("data_bucket_arn"),
                data_class=knowledge_class(stack, wish),
                data_key_arn=platform.read("data_key_arn"),
                embedding=_embedding(stack, wish, own),
                guardrail_arn=platform.read("guardrail_arn"),
                guardrail_versions=platform.read("guardrail_versions"),
                knowledge=name,
                name_prefix=stack.platform.name_prefix,
                partition=stack.partition,
                place=_place(stack, platform),
                region=stack.region,
                secrets_key_arn=platform.read("secrets_key_arn"),
                team=stack.team.team,
                team_role_name=own.role_name,
            ),
            opts,
        )
        for name, wish in stack.team.knowledge.items()
    }


def connector(source: Source) -> Connector:
    """A source of the settings, as the component takes it."""
    match source:
        case S3Source():
            return S3(prefix=source.prefix)
        case WebSource():
            return Web(
                max_pages=source.max_pages,
                pages_per_minute=source.pages_per_minute,
                seed_urls=source.seed_urls,
                filter=_filter(source.filter),
                whole_host=source.whole_host,
            )
        case ConfluenceSource():
            return Confluence(
                auth=source.auth,
                host_url=source.host_url,
                secret_arn=source.secret,
                filters=_filters(source.filters),
            )
        case SharePointSource():
            return SharePoint(
                auth=source.auth,
                domain=source.domain,
                secret_arn=source.secret,
                site_urls=source.site_urls,
                tenant_id=source.tenant_id,
                filters=_filters(source.filters),
            )
        case SalesforceSource():
            return Salesforce(host_url=source.host_url, secret_arn=source.secret, filters=_filters(source.filters))


def _filters(found: Filters) -> Mapping[str, Filter]:
    return {kind: _filter(one) for kind, one in found.items()}


def _filter(found: KnowledgeFilter) -> Filter:
    return Filter(exclude=found.exclude, include=found.include)


def _embedding(stack: TeamStack, wish: Knowledge, own: TeamSpace) -> Embedding:
    """The team's profile of the model, and the length of its vectors."""
    (approval,) = [one for one in approvals([stack]) if one.alias == wish.model]
    lengths = stack.platform.catalogue.models[wish.model].dimensions
    return Embedding(
        dimensions=wish.dimensions or lengths[0],
        foundation_models=approval.route.foundation_models,
        profile_arn=own.profile_arns[approval.profile],
        asks_dimensions=len(lengths) > 1,
    )


def _place(stack: TeamStack, platform: PlatformReference) -> S3VectorsPlace | OpenSearchPlace:
    """Where the platform keeps vectors."""
    published = platform.read("vector_store")
    if isinstance(stack.platform.settings.vector_store, OpenSearch):
        return OpenSearchPlace(
            collection_arn=published["collection_arn"],
            collection_name=published["collection_name"],
            function_name=published["function_name"],
            maker_arn=published["maker_arn"],
        )
    return S3VectorsPlace(kms_key_arn=published["kms_key_arn"], vector_bucket_name=published["vector_bucket_name"])
