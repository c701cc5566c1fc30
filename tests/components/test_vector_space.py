"""What a team's vector space promises."""

import json
from typing import Any

import pytest

from components.vector_space import (
    PgVectorStore,
    S3VectorsStore,
    VectorSpace,
    VectorSpaceArgs,
    database_statements,
    index_statements,
    store_of,
)
from components.vector_store import PgVector, S3Vectors, VectorStore, VectorStoreArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/vectors"
BUCKET = S3VectorsStore(
    kms_key_arn=KEY,
    vector_bucket_arn=f"arn:aws:s3vectors:eu-central-1:{ACCOUNT}:bucket/llmlz-vectors",
    vector_bucket_name="llmlz-vectors",
)
DATABASE = PgVectorStore(
    function_name="llmlz-vectors-data-plane", users_arn=f"arn:aws:rds-db:eu-central-1:{ACCOUNT}:dbuser:cluster-1"
)


def recorded(store: Any, **changes: Any) -> Graph:
    """The graph of the space of team ``claims-ai``."""
    args = VectorSpaceArgs(**{"store": store, "team": "claims-ai", **changes})

    def program() -> None:
        VectorSpace("space", args)

    return record(
        program,
        project="llmlz",
        stack_name="team",
        account=ACCOUNT,
        region="eu-central-1",
    )


def outputs(graph: Graph) -> dict[str, Any]:
    """What the component registered."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    return dict(component.outputs)


@pytest.mark.parametrize(("store", "child"), [(BUCKET, "space-index"), (DATABASE, "space-schema")])
def test_a_space_is_one_resource_of_the_component(store: Any, child: str) -> None:
    """And what the component declares is what it registers."""
    graph = recorded(store)
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert [(r.name, r.parent) for r in graph.custom()] == [(child, component.urn)]
    assert set(component.outputs) == set(VectorSpace.__annotations__)


def test_the_index_is_the_teams_own_and_cannot_be_lost() -> None:
    """Named like the team, in the platform's bucket, with what can never be changed later."""
    index = recorded(BUCKET, dimensions=256, metric="euclidean").named("space-index")
    assert index.inputs == {
        "indexName": "claims-ai",
        "vectorBucketName": "llmlz-vectors",
        "dataType": "float32",
        "dimension": 256,
        "distanceMetric": "euclidean",
        "metadataConfiguration": {
            "nonFilterableMetadataKeys": ["AMAZON_BEDROCK_METADATA", "AMAZON_BEDROCK_TEXT", "text"]
        },
    }
    assert index.options.protect is True


def test_the_role_reaches_its_own_index_only() -> None:
    """Vectors of one index, no other index, and no way to make or delete one."""
    statements = index_statements(index_arn="index", key_arn="key")
    assert {s["Sid"]: (s["Effect"], s["Action"], s["Resource"]) for s in statements} == {
        "UseOwnIndex": (
            "Allow",
            [
                "s3vectors:GetIndex",
                "s3vectors:DeleteVectors",
                "s3vectors:GetVectors",
                "s3vectors:ListVectors",
                "s3vectors:PutVectors",
                "s3vectors:QueryVectors",
            ],
            ["index"],
        ),
        "UseVectorsKey": ("Allow", ["kms:Decrypt", "kms:GenerateDataKey"], ["key"]),
    }


def test_the_index_statements_of_the_graph_name_this_index() -> None:
    """The pure function gets the ARN that AWS gives the index, so the role waits for it."""
    found = outputs(recorded(BUCKET))
    assert found["access_statements"] == index_statements(index_arn=found["place"], key_arn=KEY)


def test_the_schema_is_asked_for_in_plain_json() -> None:
    """Exactly the event that the step inside the database takes; destroying the space calls nothing."""
    call = recorded(DATABASE).named("space-schema").inputs
    assert (call["functionName"], json.loads(call["input"])) == (
        "llmlz-vectors-data-plane",
        {"step": "space", "team": "claims-ai"},
    )
    assert "lifecycleScope" not in call


def test_the_role_signs_in_as_its_own_user_only() -> None:
    """One database user, by the name that the step gives it."""
    assert outputs(recorded(DATABASE))["access_statements"] == database_statements(
        users_arn=f"arn:aws:rds-db:eu-central-1:{ACCOUNT}:dbuser:cluster-1", user="team_claims_ai"
    )
    (statement,) = database_statements(users_arn="users", user="team_claims")
    assert (statement["Action"], statement["Resource"]) == (["rds-db:connect"], ["users/team_claims"])
    assert outputs(recorded(DATABASE))["place"] == "team_claims_ai"


@pytest.mark.parametrize("team", ["ai", "Claims", "claims_ai", "claims--ai", "-claims", "x" * 41, "a/b", "*"])
def test_names_that_an_engine_refuses_are_refused_first(team: str) -> None:
    """The same rule for both engines, so that a team can move between them; no wildcard reaches a policy."""
    with pytest.raises(ValueError, match=r"expected 3 to 40 lower-case"):
        VectorSpaceArgs(store=BUCKET, team=team)


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        (S3Vectors(), S3VectorsStore),
        (
            PgVector(boundary_arn="b", max_acu=1, min_acu=0, subnet_ids={"a": "s"}, vpc_id="v"),
            PgVectorStore,
        ),
    ],
)
def test_what_a_store_offers_is_what_a_space_takes(engine: Any, expected: type) -> None:
    """The contract between platform and team stacks, over the real outputs of the store."""
    made: list[VectorStore] = []
    args = VectorStoreArgs(
        account_id=ACCOUNT, engine=engine, kms_key_arn=KEY, name_prefix="llmlz", partition="aws", region="eu-central-1"
    )
    record(
        lambda: made.append(VectorStore("vectors", args)),
        project="llmlz",
        stack_name="platform",
        account=ACCOUNT,
        region="eu-central-1",
    )
    assert isinstance(store_of(made[0].kind, made[0].attributes), expected)


def test_an_unknown_store_is_refused() -> None:
    """A platform of a later release may have an engine that this one does not know."""
    with pytest.raises(ValueError, match="vector store of kind 'qdrant', expected opensearch, pgvector or s3_vectors"):
        store_of("qdrant", {})
