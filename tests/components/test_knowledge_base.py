"""What a team's knowledge base promises."""

import json
from dataclasses import replace
from typing import Any

import pytest

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
from components.knowledge_base.connectors import configuration
from components.knowledge_base.policy import knowledge_trust
from llmlz.access.layers import output_of
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEYS = f"arn:aws:kms:{REGION}:{ACCOUNT}:key"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/abcdefghijkl"
TITAN = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-embed-text-v2:0"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc"
BUCKET = "arn:aws:s3:::llmlz-sandbox-data"
MAKER = f"arn:aws:iam::{ACCOUNT}:role/llmlz-vectors-data-plane"
COLLECTION = f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/vectors"


def secret(name: str) -> str:
    """ARN of a secret of the team."""
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:llmlz-sandbox/claims/{name}-AbCdEf"


WEB = Web(max_pages=100, pages_per_minute=30, seed_urls=["https://www.example.com/help"])
WIKI = Confluence(auth="basic", host_url="https://example.atlassian.net", secret_arn=secret("wiki"))
SITES = SharePoint(
    auth="app_only",
    domain="example",
    secret_arn=secret("sites"),
    site_urls=["https://example.sharepoint.com/sites/claims"],
    tenant_id="01234567-89ab-cdef-0123-456789abcdef",
    filters={"File": Filter(include=[r".*\.pdf"]), "Event": Filter(exclude=[".*"])},
)
CASES = Salesforce(host_url="https://example.my.salesforce.com", secret_arn=secret("cases"))
INDEXED = OpenSearchPlace(
    collection_arn=COLLECTION,
    collection_name="llmlz-vectors",
    function_name="llmlz-vectors-data-plane",
    maker_arn=MAKER,
)
ARGS = KnowledgeBaseArgs(
    account_id=ACCOUNT,
    boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
    chunking=Chunking(tokens=300, overlap_percent=20),
    connectors={"manuals": S3(prefix="documents/manuals/")},
    data_bucket_arn=BUCKET,
    data_class="internal",
    data_key_arn=f"{KEYS}/data",
    embedding=Embedding(dimensions=512, foundation_models=[TITAN], profile_arn=PROFILE, asks_dimensions=True),
    guardrail_arn=GUARDRAIL,
    guardrail_versions=["1", "2"],
    knowledge="handbook",
    name_prefix="llmlz-sandbox",
    partition="aws",
    place=S3VectorsPlace(kms_key_arn=f"{KEYS}/vectors", vector_bucket_name="llmlz-sandbox-vectors"),
    region=REGION,
    secrets_key_arn=f"{KEYS}/secrets",
    team="claims",
    team_role_name="llmlz-sandbox-claims",
)
EVERYWHERE = replace(
    ARGS,
    connectors={"manuals": S3(prefix="documents/"), "help": WEB, "wiki": WIKI, "sites": SITES, "cases": CASES},
    place=INDEXED,
)


def recorded(args: KnowledgeBaseArgs) -> Graph:
    """The graph of one knowledge base."""

    def program() -> None:
        KnowledgeBase("claims-handbook", args)

    return record(program, project="llmlz", stack_name="team", account=ACCOUNT, region=REGION)


def named(args: KnowledgeBaseArgs, name: str) -> Resource:
    """One child of it."""
    return recorded(args).named(f"claims-handbook-{name}")


def output(args: KnowledgeBaseArgs, name: str, which: str = "arn") -> str:
    """What stands in for an output of one child."""
    graph = recorded(args)
    return output_of(graph, graph.named(f"claims-handbook-{name}"), which)


def policy(args: KnowledgeBaseArgs, name: str = "role-policy") -> dict[str, dict[str, Any]]:
    """Sid to statement."""
    found = json.loads(named(args, name).inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def test_everything_is_a_child_and_every_output_is_registered() -> None:
    """With all kinds of source at once."""
    graph = recorded(EVERYWHERE)
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert {r.parent for r in graph.custom()} == {component.urn}
    assert set(component.outputs) == {"knowledge_base_arn", "knowledge_base_id", "source_ids"}


def test_what_cannot_be_made_again_cannot_be_lost() -> None:
    """The index, the knowledge base whose id applications hold, and the sources that know what they brought."""
    kept = {r.name.removeprefix("claims-handbook-") for r in recorded(ARGS).custom() if r.options.protect}
    assert kept == {"index", "base", "source-manuals"}


def test_the_index_is_below_the_name_of_the_team_and_as_long_as_the_models_vectors() -> None:
    """No team has a dot in its name, so that no index of one team is called like that of another."""
    inputs = named(ARGS, "index").inputs
    assert (inputs["indexName"], inputs["dimension"]) == ("claims.handbook", 512)
    assert inputs["metadataConfiguration"] == {
        "nonFilterableMetadataKeys": ["AMAZON_BEDROCK_METADATA", "AMAZON_BEDROCK_TEXT"]
    }


def test_it_embeds_through_the_profile_of_the_team() -> None:
    """So that embeddings are the team's in the bill; the length is said where the model has several."""
    asked = named(ARGS, "base").inputs["knowledgeBaseConfiguration"]["vectorKnowledgeBaseConfiguration"]
    assert asked["embeddingModelArn"] == PROFILE
    assert asked["embeddingModelConfiguration"]["bedrockEmbeddingModelConfiguration"]["dimensions"] == 512
    one = replace(ARGS, embedding=replace(ARGS.embedding, asks_dimensions=False))
    told = named(one, "base").inputs["knowledgeBaseConfiguration"]["vectorKnowledgeBaseConfiguration"]
    assert "embeddingModelConfiguration" not in told


def test_the_role_is_taken_by_knowledge_bases_of_this_account_alone() -> None:
    """Under the boundary; the service brings account and origin, or gets nothing."""
    role = named(ARGS, "role").inputs
    assert role["permissionsBoundary"].endswith("policy/llmlz-boundary")
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    assert knowledge_trust(account_id=ACCOUNT, partition="aws-cn", region=REGION) != json.loads(
        role["assumeRolePolicy"]
    )


def test_the_role_calls_one_embedding_model_through_one_profile() -> None:
    """Bedrock actions on nothing else."""
    found = [s for s in policy(ARGS).values() if any(action.startswith("bedrock") for action in s["Action"])]
    *found, without = found
    assert without["Effect"] == "Deny"
    assert without["NotResource"] == [TITAN, "arn:aws:bedrock:*:*:application-inference-profile/*"]
    assert without["Condition"] == {
        "StringNotEquals": {"bedrock:GuardrailIdentifier": [f"{GUARDRAIL}:1", f"{GUARDRAIL}:2"]}
    }
    assert [(s["Action"], s["Resource"]) for s in found] == [
        (["bedrock:GetInferenceProfile", "bedrock:InvokeModel"], [PROFILE]),
        (["bedrock:InvokeModel"], [TITAN]),
    ]
    assert found[1]["Condition"] == {"ArnEquals": {"bedrock:InferenceProfileArn": PROFILE}}


def test_the_role_reads_the_documents_of_its_sources_and_writes_none() -> None:
    """One prefix per source in S3; without such a source no object at all."""
    statements = policy(ARGS)
    assert statements["ReadOwnDocuments"]["Action"] == ["s3:GetObject"]
    assert statements["ReadOwnDocuments"]["Resource"] == [f"{BUCKET}/teams/claims/documents/manuals/*"]
    assert statements["ListOwnDocuments"]["Condition"] == {
        "StringLike": {"s3:prefix": ["teams/claims/documents/manuals/*"]}
    }
    elsewhere = policy(replace(EVERYWHERE, connectors={"help": WEB}))
    assert not [s for s in elsewhere.values() if any(a.startswith("s3:") for a in s["Action"])]


def test_the_role_uses_its_own_vectors_only() -> None:
    """The index in S3 Vectors with its key; or the collection, where a policy names one index and this role."""
    s3 = policy(ARGS)
    assert s3["UseOwnIndex"]["Resource"] == [output(ARGS, "index", "indexArn")]
    assert s3["UseVectorsKey"]["Resource"] == [f"{KEYS}/vectors"]
    open_search = policy(EVERYWHERE)
    assert open_search["CallTheCollection"]["Resource"] == [COLLECTION]
    assert not {"UseOwnIndex", "UseVectorsKey"} & set(open_search)
    access = named(EVERYWHERE, "index-policy").inputs
    making, using = json.loads(access["policy"])
    assert making["Principal"] == [MAKER]
    assert making["Rules"][0]["Permission"] == ["aoss:CreateIndex", "aoss:DescribeIndex"]
    assert using["Principal"] == [output(EVERYWHERE, "role")]
    assert not {"aoss:CreateIndex", "aoss:DeleteIndex"} & set(using["Rules"][0]["Permission"])
    for rule in (*making["Rules"], *using["Rules"]):
        assert rule["Resource"] == ["index/llmlz-vectors/claims--handbook"]
        assert not any("*" in permission for permission in rule["Permission"])


def test_an_index_of_a_collection_is_made_before_bedrock_looks_for_it() -> None:
    """By the one step of the platform, which names team and knowledge base; the policy lets the step in first."""
    asked = named(EVERYWHERE, "index")
    assert json.loads(asked.inputs["input"]) == {
        "step": "index",
        "team": "claims",
        "knowledge": "handbook",
        "dimensions": 512,
        "metric": "cosine",
    }
    urns = {name: named(EVERYWHERE, name).urn for name in ("index", "index-policy")}
    assert urns["index-policy"] in asked.options.depends_on
    assert urns["index"] in named(EVERYWHERE, "base").options.depends_on
    where = named(EVERYWHERE, "base").inputs["storageConfiguration"]["opensearchServerlessConfiguration"]
    assert where["vectorIndexName"] == "claims--handbook"
    assert where["fieldMapping"] == {"metadataField": "metadata", "textField": "text", "vectorField": "vector"}


def test_secrets_are_named_and_read_by_the_knowledge_base_alone() -> None:
    """It decrypts with their key what is encrypted as one of them, and nothing else; each is closed to everybody else."""
    secrets = [secret("wiki"), secret("sites"), secret("cases")]
    statements = policy(EVERYWHERE)
    assert statements["ReadOwnSecrets"]["Resource"] == secrets
    assert statements["DecryptOwnSecrets"]["Condition"]["StringEquals"] == {
        "kms:EncryptionContext:SecretARN": secrets,
        "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
    }
    (closed,) = policy(EVERYWHERE, "secret-wiki").values()
    assert (closed["Effect"], closed["Action"]) == ("Deny", ["secretsmanager:GetSecretValue"])
    assert closed["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [output(EVERYWHERE, "role", "arn")]}}
    assert not {"ReadOwnSecrets", "DecryptOwnSecrets"} & set(policy(ARGS))


@pytest.mark.parametrize("args", [ARGS, EVERYWHERE], ids=["one source", "every source"])
def test_no_grant_is_wide(args: KnowledgeBaseArgs) -> None:
    """No wildcard in an action, no bare one in a resource."""
    for name in ("role-policy", "team-policy"):
        for statement in [found for found in policy(args, name).values() if found["Effect"] == "Allow"]:
            assert not [action for action in statement["Action"] if "*" in action]
            assert not [r for r in statement["Resource"] if "*" in r.removesuffix("/*")]


def test_the_team_retrieves_from_this_knowledge_base_and_nobody_answers_for_it() -> None:
    """Passages only: RetrieveAndGenerate would call a model around the team's profile and guardrail."""
    (statement,) = policy(ARGS, "team-policy").values()
    assert statement["Action"] == ["bedrock:Retrieve"]
    assert statement["Resource"] == [output(ARGS, "base", "arn")]
    assert named(ARGS, "team-policy").inputs["role"] == "llmlz-sandbox-claims"


def test_documents_on_their_way_are_under_the_customers_key_and_stay_when_a_source_goes() -> None:
    """For every kind of source."""
    found = [r for r in recorded(EVERYWHERE).custom() if r.type == "aws:bedrock/agentDataSource:AgentDataSource"]
    assert len(found) == 5
    for source in found:
        assert source.inputs["serverSideEncryptionConfiguration"] == {"kmsKeyArn": f"{KEYS}/data"}
        assert source.inputs["dataDeletionPolicy"] == "RETAIN"


def test_the_tags_say_what_is_in_it_and_where_it_comes_from() -> None:
    """Whoever writes the documents writes the answers."""
    tags = named(EVERYWHERE, "base").inputs["tags"]
    assert tags == {"data-class": "internal", "source": "confluence s3 salesforce sharepoint web"}


def test_a_crawl_stays_on_the_hosts_of_its_seeds() -> None:
    """Below the path of a seed, or on its whole host; subdomains are never asked for."""
    crawler = configuration(WEB, account_id=ACCOUNT, bucket_arn=BUCKET, team="claims")["web_configuration"]
    assert crawler["source_configuration"]["url_configuration"]["seed_urls"] == [
        {"url": "https://www.example.com/help"}
    ]
    assert crawler["crawler_configuration"] == {"crawler_limits": {"max_pages": 100, "rate_limit": 30}}
    whole = configuration(replace(WEB, whole_host=True), account_id=ACCOUNT, bucket_arn=BUCKET, team="claims")
    assert whole["web_configuration"]["crawler_configuration"]["scope"] == "HOST_ONLY"


def test_filters_are_written_as_bedrock_reads_them() -> None:
    """One entry per kind of thing, with the lists that are not empty."""
    found = configuration(SITES, account_id=ACCOUNT, bucket_arn=BUCKET, team="claims")["share_point_configuration"]
    assert found["crawler_configuration"]["filter_configuration"] == {
        "type": "PATTERN",
        "pattern_object_filters": [
            {
                "filters": [
                    {"object_type": "Event", "exclusion_filters": [".*"]},
                    {"object_type": "File", "inclusion_filters": [r".*\.pdf"]},
                ]
            }
        ],
    }
    assert "crawler_configuration" not in configuration(WIKI, account_id=ACCOUNT, bucket_arn=BUCKET, team="claims")


@pytest.mark.parametrize(
    ("chunking", "expected"),
    [
        (
            Chunking(tokens=300, overlap_percent=20),
            {
                "chunkingStrategy": "FIXED_SIZE",
                "fixedSizeChunkingConfiguration": {"maxTokens": 300, "overlapPercentage": 20},
            },
        ),
        (Chunking(tokens=0, overlap_percent=0), {"chunkingStrategy": "NONE"}),
    ],
)
def test_documents_are_cut_as_asked(chunking: Chunking, expected: dict[str, Any]) -> None:
    """Pieces of a size, or whole documents that were cut before."""
    source = named(replace(ARGS, chunking=chunking), "source-manuals")
    assert source.inputs["vectorIngestionConfiguration"] == {"chunkingConfiguration": expected}


def test_names_too_long_for_a_role_are_refused() -> None:
    """Before anything is made, with both lengths."""
    with pytest.raises(ValueError, match="64 are allowed"):
        recorded(replace(ARGS, knowledge="k" * 50))
