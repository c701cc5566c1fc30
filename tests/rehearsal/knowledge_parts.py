"""Knowledge bases with every kind of source, in front of the real provider."""

from dataclasses import replace

import pulumi

from components.knowledge_base import (
    S3,
    Chunking,
    Confluence,
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
from tests.rehearsal.program import ACCOUNT, REGION

TITAN = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-embed-text-v2:0"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/abcdefghijkl"


def _secret(name: str) -> str:
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:llmlz-parts/claims/{name}-AbCdEf"


def knowledge(
    keys: dict[str, pulumi.Output[str]], bucket_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> None:
    """One in a collection, with every source; one in a vector bucket, which takes objects alone."""
    args = KnowledgeBaseArgs(
        account_id=ACCOUNT,
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        chunking=Chunking(tokens=300, overlap_percent=20),
        connectors={
            "manuals": S3(prefix="documents/"),
            "help": Web(
                max_pages=100,
                pages_per_minute=30,
                seed_urls=["https://www.example.com/help"],
                filter=Filter(exclude=[r".*\.zip"]),
                whole_host=True,
            ),
            "wiki": Confluence(
                auth="oauth2",
                host_url="https://example.atlassian.net",
                secret_arn=_secret("wiki"),
                filters={"Space": Filter(include=["Claims"])},
            ),
            "sites": SharePoint(
                auth="app_only",
                domain="example",
                secret_arn=_secret("sites"),
                site_urls=["https://example.sharepoint.com/sites/claims"],
                tenant_id="01234567-89ab-cdef-0123-456789abcdef",
            ),
            "cases": Salesforce(host_url="https://example.my.salesforce.com", secret_arn=_secret("cases")),
        },
        data_bucket_arn=bucket_arn,
        data_class="internal",
        data_key_arn=keys["data"],
        embedding=Embedding(dimensions=1024, foundation_models=[TITAN], profile_arn=PROFILE, asks_dimensions=True),
        guardrail_arn=f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abcdefghijkl",
        guardrail_versions=["1"],
        knowledge="handbook",
        name_prefix="llmlz-parts",
        partition="aws",
        place=OpenSearchPlace(
            collection_arn=f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abcdefghijklmnopqrst",
            collection_name="llmlz-parts-c-vectors",
            function_name="llmlz-parts-c-vectors-data-plane",
            maker_arn=f"arn:aws:iam::{ACCOUNT}:role/llmlz-parts-c-vectors-data-plane",
        ),
        region=REGION,
        secrets_key_arn=keys["data"],
        team="claims",
        team_role_name="llmlz-parts-claims",
    )
    KnowledgeBase("claims-handbook", args, opts)
    bucket = S3VectorsPlace(kms_key_arn=keys["vectors"], vector_bucket_name="llmlz-parts-vectors")
    manuals = {"manuals": S3(prefix="documents/")}
    KnowledgeBase("claims-manuals", replace(args, connectors=manuals, knowledge="manuals", place=bucket), opts)
