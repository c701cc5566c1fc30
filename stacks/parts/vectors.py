"""The vector store of a platform, and what a team's stack needs to know of it."""

from typing import Any

import pulumi

from components.network import NetworkPlaces
from components.vector_store import OpenSearch, PgVector, S3Vectors, VectorStore, VectorStoreArgs
from stacks.kinds import PlatformStack
from stacks.settings.platform import OpenSearch as OpenSearchSettings
from stacks.settings.platform import PgVector as PgVectorSettings


def vector_store(
    stack: PlatformStack, kms_key_arn: pulumi.Input[str], network: NetworkPlaces, opts: pulumi.ResourceOptions
) -> dict[str, Any] | None:
    """Kind and attributes of the store, as a platform publishes them; ``None`` without a store."""
    wish = stack.settings.vector_store
    if wish is None:
        return None
    engine: OpenSearch | PgVector | S3Vectors = S3Vectors()
    clients = {f"private-{zone}": cidr for zone, cidr in network.subnet_cidrs["private"].items()}
    if isinstance(wish, OpenSearchSettings):
        engine = OpenSearch(
            boundary_arn=stack.boundary_arn,
            subnet_ids=network.subnet_ids["data"],
            vpc_id=network.vpc_id,
            client_cidrs=clients,
            log_retention_days=stack.settings.logs.retention_days,
            services=["bedrock.amazonaws.com"] if stack.settings.connectors else [],
        )
    if isinstance(wish, PgVectorSettings):
        engine = PgVector(
            boundary_arn=stack.boundary_arn,
            max_acu=wish.max_acu,
            min_acu=wish.min_acu,
            subnet_ids=network.subnet_ids["data"],
            vpc_id=network.vpc_id,
            client_cidrs=clients,
            log_retention_days=stack.settings.logs.retention_days,
            reader_zones=_readers(stack),
        )
    store = VectorStore(
        "vectors",
        VectorStoreArgs(
            account_id=stack.account,
            engine=engine,
            kms_key_arn=kms_key_arn,
            name_prefix=stack.name_prefix,
            partition=stack.partition,
            region=stack.region,
        ),
        opts,
    )
    return {"kind": store.kind, **store.attributes}


def _readers(stack: PlatformStack) -> dict[str, str]:
    """Zones with a reader: the last ones of the region, as many as the settings say."""
    zones = sorted(stack.catalogue.regions[stack.region].zones.items())
    return dict(zones[len(zones) - stack.settings.vector_readers :])
