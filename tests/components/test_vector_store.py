"""What both engines of the vector store promise, and what S3 Vectors promises."""

import json
from typing import Any

import pytest

from components.vector_store import PgVector, S3Vectors, VectorStore, VectorStoreArgs
from components.vector_store.s3_vectors import own_index_only, perimeter
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, allowed, document, role

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/vectors"
BUCKET = f"arn:aws:s3vectors:eu-central-1:{ACCOUNT}:bucket/llmlz-vectors"

POSTGRES = PgVector(
    boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    max_acu=4,
    min_acu=0,
    subnet_ids={"a": "subnet-a", "b": "subnet-b", "c": "subnet-c"},
    vpc_id="vpc-1",
    client_cidrs={"private-a": "10.0.0.0/19"},
)


def recorded(engine: Any) -> Graph:
    """The graph of one store called ``vectors``."""

    def program() -> None:
        VectorStore(
            "vectors",
            VectorStoreArgs(
                account_id=ACCOUNT,
                engine=engine,
                kms_key_arn=KEY,
                name_prefix="llmlz",
                partition="aws",
                region="eu-central-1",
            ),
        )

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region="eu-central-1")


@pytest.mark.parametrize("engine", [S3Vectors(), POSTGRES])
def test_declared_outputs_are_registered(engine: Any) -> None:
    """The component's annotations and what the engine stores are the same."""
    (component,) = [r for r in recorded(engine).resources if r.kind == "component"]
    assert set(component.outputs) == set(VectorStore.__annotations__)


@pytest.mark.parametrize("engine", [S3Vectors(), POSTGRES])
def test_only_the_component_hangs_from_the_stack(engine: Any) -> None:
    """Every child has the component as its parent, and carries its name."""
    graph = recorded(engine)
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert {r.parent for r in graph.custom()} == {component.urn}
    assert not [r.name for r in graph.custom() if not r.name.startswith("vectors-")]


@pytest.mark.parametrize(
    ("engine", "kind", "attributes"),
    [
        (S3Vectors(), "s3_vectors", {"kms_key_arn", "vector_bucket_arn", "vector_bucket_name"}),
        (POSTGRES, "pgvector", {"cluster_arn", "database", "endpoint", "function_name", "users_arn"}),
    ],
)
def test_the_store_says_what_a_space_needs(engine: Any, kind: str, attributes: set[str]) -> None:
    """These names are what team stacks read: a contract between two stacks."""
    (component,) = [r for r in recorded(engine).resources if r.kind == "component"]
    assert (component.outputs["kind"], set(component.outputs["attributes"])) == (kind, attributes)


def test_s3_vectors_is_a_bucket_and_its_policy() -> None:
    """Nothing that costs while nothing is stored."""
    assert sorted(r.name for r in recorded(S3Vectors()).custom()) == ["vectors-bucket", "vectors-bucket-policy"]


def test_the_vector_bucket_has_its_key_from_birth_and_cannot_be_lost() -> None:
    """AWS cannot change the encryption later, and nothing may delete vectors on the way."""
    bucket = recorded(S3Vectors()).named("vectors-bucket")
    assert bucket.inputs["encryptionConfigurations"] == [{"sseType": "aws:kms", "kmsKeyArn": KEY}]
    assert bucket.inputs["vectorBucketName"] == "llmlz-vectors"
    assert (bucket.inputs["forceDestroy"], bucket.options.protect) == (False, True)


def test_the_vector_bucket_is_ready_when_it_is_closed() -> None:
    """The policy of the graph is the perimeter around this bucket, and the store's outputs wait for it."""
    graph = recorded(S3Vectors())
    policy = graph.named("vectors-bucket-policy")
    assert {r.output for r in policy.references} == {"vectorBucketArn"}
    statements = json.loads(policy.inputs["policy"])["Statement"]
    arn = policy.inputs["vectorBucketArn"]
    assert statements == [*perimeter(arn, ACCOUNT), own_index_only(arn)]


def test_the_perimeter_only_denies() -> None:
    """It opens nothing; teams get in by their roles' policies."""
    statements = perimeter(BUCKET, ACCOUNT)
    assert {s["Effect"] for s in statements} == {"Deny"}
    assert {tuple(s["Resource"]) for s in statements} == {(BUCKET, f"{BUCKET}/*")}


def test_the_perimeter_keeps_out_plain_http_and_other_accounts() -> None:
    """Both conditions, exactly: a deny with a wrong condition denies nobody, or everybody."""
    conditions = {s["Sid"]: s["Condition"] for s in perimeter(BUCKET, ACCOUNT)}
    assert conditions == {
        "NothingWithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
        "NobodyFromOutside": {
            "StringNotEquals": {"aws:PrincipalAccount": ACCOUNT},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }


DATA = [f"s3vectors:{verb}Vectors" for verb in ("Delete", "Get", "List", "Put", "Query")]


def reaches(action: str, resource: str, team: str | None, by: str = role("app")) -> bool:
    """Whether someone with this tag, whose own policies allow everything, gets in."""
    context = {"aws:PrincipalTag/team": team} if team is not None else {}
    return allowed(action, resource, by=by, context=context, on_resource=document("resource", own_index_only(BUCKET)))


@pytest.mark.parametrize("action", DATA)
def test_a_team_reaches_the_vectors_of_its_own_index_only(action: str) -> None:
    """Not a neighbour's, and not those of an index whose name starts like its own."""
    assert reaches(action, f"{BUCKET}/index/claims", "claims")
    for index in ("fraud", "claims-2", "claim"):
        assert not reaches(action, f"{BUCKET}/index/{index}", "claims"), index


@pytest.mark.parametrize("action", DATA)
@pytest.mark.parametrize("team", [None, "", "platform"])
def test_a_role_without_a_team_reaches_no_vectors(action: str, team: str | None) -> None:
    """Not even of a team that is called nobody; the pipeline needs none either."""
    for by in (role("app"), role("llmlz-apply")):
        for index in ("claims", "nobody"):
            assert not reaches(action, f"{BUCKET}/index/{index}", team, by), index


@pytest.mark.parametrize("action", ["s3vectors:CreateIndex", "s3vectors:GetIndex", "s3vectors:DeleteIndex"])
def test_the_pipeline_still_makes_indexes(action: str) -> None:
    """Whoever has the permission; the statement is about vectors."""
    assert reaches(action, f"{BUCKET}/index/claims", "platform", role("llmlz-apply"))
