"""What a knowledge base is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.knowledge_base.connectors import Connector


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedding:
    """How texts become vectors."""

    dimensions: int
    """Numbers per vector."""

    foundation_models: Sequence[str]
    """ARNs of the model in every Region where a call may be answered."""

    profile_arn: pulumi.Input[str]
    """The team's inference profile of the model. Calls go through it, so that they are the team's in the bill:
    https://docs.aws.amazon.com/cli/latest/reference/bedrock-agent/create-knowledge-base.html (2026-11)"""

    asks_dimensions: bool = field(default=False)
    """Whether the model gives vectors of several lengths, and is to be told which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunking:
    """How documents are cut; fixed once a source is made."""

    overlap_percent: int
    """How much of a piece the next one repeats."""

    tokens: int
    """Length of a piece; 0 keeps each document in one piece."""


@dataclass(frozen=True, kw_only=True, slots=True)
class S3VectorsPlace:
    """Vectors in an index of the knowledge base's own, in a vector bucket."""

    kms_key_arn: pulumi.Input[str]
    """Key of the bucket."""

    vector_bucket_name: pulumi.Input[str]
    """The bucket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSearchPlace:
    """Vectors in an index of the knowledge base's own, in a collection of OpenSearch Serverless."""

    collection_arn: pulumi.Input[str]
    """The collection."""

    collection_name: pulumi.Input[str]
    """The same collection by its name, as data access policies call it."""

    function_name: pulumi.Input[str]
    """Function that makes indexes."""

    maker_arn: pulumi.Input[str]
    """Role of that function."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeBaseArgs:
    """What a knowledge base is made of."""

    account_id: str
    """Twelve digits; Bedrock takes the role for knowledge bases of this account alone."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role."""

    chunking: Chunking
    """How documents are cut."""

    connectors: Mapping[str, Connector]
    """Name to source. The name is identity: another source is another name."""

    data_bucket_arn: pulumi.Input[str]
    """Bucket that holds the team's prefix."""

    data_class: str
    """The most sensitive data in it; a tag."""

    data_key_arn: pulumi.Input[str]
    """Key of the data bucket, and of documents while they are taken in."""

    embedding: Embedding
    """How texts become vectors."""

    guardrail_arn: pulumi.Input[str]
    """Guardrail without which no other model than the embedding model could be called."""

    guardrail_versions: pulumi.Input[Sequence[str]]
    """Versions of the guardrail that are accepted."""

    knowledge: str
    """Short name of the knowledge base; part of every physical name."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    place: S3VectorsPlace | OpenSearchPlace
    """Where the vectors are."""

    region: str
    """Where all of this is."""

    secrets_key_arn: pulumi.Input[str]
    """Key of the secrets that sources name."""

    team: str
    """Short name of the team whose knowledge this is."""

    team_role_name: pulumi.Input[str]
    """The team's role, which alone may retrieve."""
