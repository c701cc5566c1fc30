"""One team's place in the vector store, and what the team's role may do there.

Owns: the team's index (S3 Vectors, OpenSearch), or its schema and database role (pgvector).
Does not own: the store (``VectorStore``), the team's role (``TeamSpace``), who reads an index in OpenSearch
(``IndexAccess``, which comes after the role that it names).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._index_policy import index_policy
from components._naming import physical_name
from components._policy import Statement, allow

LONGEST_TEAM, TEAM = 40, re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SHORTEST_INDEX = 3
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3VectorBuckets_CreateIndex.html (2026-11)"""

MAKING = ("aoss:CreateIndex", "aoss:DescribeIndex")
"""What the step needs that makes an index:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html (2026-11)"""

TEXT_KEYS = ("AMAZON_BEDROCK_METADATA", "AMAZON_BEDROCK_TEXT", "text")
"""Metadata that filters cannot use, and that may therefore be longer than 2 KB: the passage itself, under the names
that Bedrock knowledge bases and our own examples give it. An index cannot learn further names later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSearchStore:
    """What a space in OpenSearch Serverless needs to know of the store."""

    collection_arn: pulumi.Input[str]
    """The collection."""

    collection_name: pulumi.Input[str]
    """The same collection by its name, as data access policies call it."""

    function_name: pulumi.Input[str]
    """Function that makes indexes."""

    maker_arn: pulumi.Input[str]
    """Role of that function."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PgVectorStore:
    """What a space in PostgreSQL needs to know of the store."""

    function_name: pulumi.Input[str]
    """Function that runs steps inside the database."""

    users_arn: pulumi.Input[str]
    """Start of the ARNs that IAM knows the database's users by, without the user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class S3VectorsStore:
    """What a space in S3 Vectors needs to know of the store."""

    kms_key_arn: pulumi.Input[str]
    """Key of the bucket."""

    vector_bucket_arn: pulumi.Input[str]
    """The bucket."""

    vector_bucket_name: pulumi.Input[str]
    """The same bucket by its name."""


Store = OpenSearchStore | PgVectorStore | S3VectorsStore
"""The store that a space is in."""


def store_of(kind: str, attributes: Mapping[str, pulumi.Input[str]]) -> Store:
    """The store from the two outputs of a ``VectorStore``; raises ``ValueError`` for an unknown kind."""
    match kind:
        case "opensearch":
            return OpenSearchStore(
                collection_arn=attributes["collection_arn"],
                collection_name=attributes["collection_name"],
                function_name=attributes["function_name"],
                maker_arn=attributes["maker_arn"],
            )
        case "pgvector":
            return PgVectorStore(function_name=attributes["function_name"], users_arn=attributes["users_arn"])
        case "s3_vectors":
            return S3VectorsStore(
                kms_key_arn=attributes["kms_key_arn"],
                vector_bucket_arn=attributes["vector_bucket_arn"],
                vector_bucket_name=attributes["vector_bucket_name"],
            )
    raise ValueError(f"vector store of kind {kind!r}, expected opensearch, pgvector or s3_vectors")


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorSpaceArgs:
    """What a vector space is made of. Raises ``ValueError`` for a team name that no engine takes."""

    store: Store
    """The store that the space is in."""

    team: str
    """The team's short name; identity of the index, the schema and the database role."""

    dimensions: int = field(default=1024)
    """Numbers per vector, as the embedding model gives them; fixed for ever but in PostgreSQL, where it is free."""

    metric: str = field(default="cosine")
    """``cosine`` or ``euclidean``; fixed for ever but in PostgreSQL, where it is free."""

    def __post_init__(self) -> None:
        """Refuse names here, where the message can name the team, and not in the middle of a deployment."""
        if not SHORTEST_INDEX <= len(self.team) <= LONGEST_TEAM or not TEAM.fullmatch(self.team):
            raise ValueError(
                f"team {self.team!r}: expected {SHORTEST_INDEX} to {LONGEST_TEAM} lower-case letters and digits"
                " in words joined by dashes"
            )


class VectorSpace(pulumi.ComponentResource):
    """One team's vectors."""

    access_statements: pulumi.Output[Sequence[Statement]]
    """What the team's role must be allowed, for its policy; ready when the space exists."""

    place: pulumi.Output[str]
    """What the team's code names: the ARN or the name of its index, or its schema and role in the database."""

    def __init__(self, name: str, args: VectorSpaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the space of ``args.team``. Taking it away later leaves schema and role in the database."""
        super().__init__("llmlz:index:VectorSpace", name, {}, opts)

        match args.store:
            case S3VectorsStore() as bucket:
                index = aws.s3.VectorsIndex(
                    f"{name}-index",
                    index_name=args.team,
                    vector_bucket_name=bucket.vector_bucket_name,
                    data_type="float32",
                    dimension=args.dimensions,
                    distance_metric=args.metric,
                    metadata_configuration={"non_filterable_metadata_keys": list(TEXT_KEYS)},
                    opts=pulumi.ResourceOptions(parent=self, protect=True),
                )
                self.place = index.index_arn
                self.access_statements = pulumi.Output.all(index.index_arn, bucket.kms_key_arn).apply(
                    lambda arns: index_statements(index_arn=arns[0], key_arn=arns[1])
                )
            case OpenSearchStore() as collection:
                # the function that makes the index may make this one, and look at it: nothing else, and no document
                maker = aws.opensearch.ServerlessAccessPolicy(
                    f"{name}-maker",
                    name=physical_name("collection", args.team, "maker"),
                    type="data",
                    description=f"The platform makes the index of {args.team}",
                    policy=pulumi.Output.all(collection.collection_name, collection.maker_arn).apply(
                        lambda made: index_policy(made[0], args.team, MAKING, reader_arn=made[1])
                    ),
                    opts=pulumi.ResourceOptions(parent=self),
                )
                step = {"step": "index", "team": args.team, "dimensions": args.dimensions, "metric": args.metric}
                asked = aws.lambda_.Invocation(
                    f"{name}-index",
                    function_name=collection.function_name,
                    input=json.dumps(step),
                    opts=pulumi.ResourceOptions(parent=self, depends_on=[maker]),
                )
                self.place = asked.id.apply(lambda _: args.team)
                self.access_statements = pulumi.Output.all(collection.collection_arn, asked.id).apply(
                    lambda ready: collection_statements(collection_arn=ready[0])
                )
            case PgVectorStore() as database:
                made = aws.lambda_.Invocation(
                    f"{name}-schema",
                    function_name=database.function_name,
                    input=json.dumps({"step": "space", "team": args.team}),
                    opts=pulumi.ResourceOptions(parent=self),
                )
                schema = team_schema(args.team)
                self.place = made.id.apply(lambda _: schema)
                self.access_statements = pulumi.Output.all(database.users_arn, made.id).apply(
                    lambda ready: database_statements(users_arn=ready[0], user=schema)
                )
        self.register_outputs({"access_statements": self.access_statements, "place": self.place})


def team_schema(team: str) -> str:
    """Schema and role of a team in PostgreSQL, as the step inside the database spells them."""
    return "team_" + team.replace("-", "_")


def index_statements(*, index_arn: str, key_arn: str) -> list[Statement]:
    """Read and write the vectors of one index; neither make nor delete indexes.

    Filters and metadata in answers need GetVectors beside QueryVectors:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3VectorBuckets_QueryVectors.html (2026-11)
    """
    vectors = [f"s3vectors:{verb}Vectors" for verb in ("Delete", "Get", "List", "Put", "Query")]
    return [
        allow("UseOwnIndex", ["s3vectors:GetIndex", *vectors], [index_arn]),
        allow("UseVectorsKey", ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn]),
    ]


def database_statements(*, users_arn: str, user: str) -> list[Statement]:
    """Sign in to the database as one user, with a token instead of a password."""
    return [allow("ConnectAsOwnUser", ["rds-db:connect"], [f"{users_arn}/{user}"])]


def collection_statements(*, collection_arn: str) -> list[Statement]:
    """Call the collection; IAM knows one action for all calls, and which index is up to data access policies.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html (2026-11)
    """
    return [allow("CallTheCollection", ["aoss:APIAccessAll"], [collection_arn])]
