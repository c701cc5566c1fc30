"""The documents that projects, tools and applications read: their shape, which is an API, and their names.

A document is JSON without secrets in one parameter of Parameter Store. A field may be added to a format; one that
vanishes, or means something else, needs the next format beside it, for one release:
``docs/concepts/published-outputs.md``.
"""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

FORMAT: Final = 1
"""Part of the names; raised when a field vanishes or changes its meaning."""


def platform_document_name(environment: str) -> str:
    """Where the platform of an environment says what it offers. Each region has parameters of its own."""
    return f"/llmlz/{environment}/platform/v{FORMAT}"


def team_document_name(environment: str, team: str) -> str:
    """Where a team in an environment finds what it has."""
    return f"/llmlz/{environment}/teams/{team}/v{FORMAT}"


def runtime_document_name(environment: str) -> str:
    """Where the runtime of an environment says which cluster it is."""
    return f"/llmlz/{environment}/runtime/v{FORMAT}"


def document_arn(name: str, *, partition: str, region: str, account: str) -> str:
    """A document, as policies name it.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html (2026-11)
    """
    return f"arn:{partition}:ssm:{region}:{account}:parameter{name}"


class Part(BaseModel):
    """Part of a document. Readers ignore what they do not know, so the schema lets them."""

    model_config = ConfigDict(frozen=True, strict=True, use_attribute_docstrings=True)


class Document(Part):
    """What all documents have."""

    format: Literal[1]
    """Rises when a field vanishes or changes its meaning; the name of the parameter rises with it."""
    account: str
    """AWS account, twelve digits."""
    environment: str
    """The platform's environment; part of every physical name."""
    region: str
    """AWS region of everything in this document."""

    def text(self) -> str:
        """The document as it is published: no white space, as every character counts."""
        return self.model_dump_json()


class Guardrail(Part):
    """What every call of a model carries."""

    arn: str
    """The guardrail, as policies name it."""
    id: str
    """The guardrail, as callers name it."""
    versions: list[str]
    """Accepted versions, oldest first; callers use the last."""


class Network(Part):
    """Where a project may place what it runs."""

    endpoint_ids: dict[str, str]
    """AWS service, such as bedrock-runtime, to its endpoint; a service that is not listed has none."""
    subnet_ids: dict[str, dict[str, str]]
    """Kind (public, private, data, model) to zone letter to subnet."""
    vpc_id: str
    """The network."""


class DataBucket(Part):
    """The bucket with one prefix per team."""

    arn: str
    """The bucket, as policies name it."""
    name: str
    """The bucket, as callers name it."""


class VectorStore(Part):
    """The engine that holds the vectors of all teams."""

    attributes: dict[str, str]
    """What clients of the engine need, such as vector_bucket_name, or endpoint and database."""
    kind: str
    """s3_vectors, pgvector or opensearch; another release may know more."""


class PlatformDocument(Document):
    """What a platform offers to everybody on it."""

    assurance_level: int
    """1 to 4: how much is promised, and checked, of everything here."""
    data_bucket: DataBucket
    guardrail: Guardrail
    invocation_log_group: str
    """Where model calls are logged."""
    network: Network
    vector_store: VectorStore | None
    """Null where the platform has none."""


class RuntimeDocument(Document):
    """The cluster of a platform."""

    cluster_arn: str
    """The cluster, as policies name it."""
    cluster_certificate_authority: str
    """What the certificate of the cluster's API is signed with, in base64."""
    cluster_endpoint: str
    """Address of the cluster's API; where it is reached from is the platform's choice."""
    cluster_name: str
    """The cluster, as callers name it."""
    kubernetes_version: str | None
    """Such as 1.35; null where the cluster is not the landing zone's own."""


class Profile(Part):
    """One way to call a model, with its price."""

    arn: str
    """What calls pass as model id; finance finds it in the bill."""
    price_usd: dict[str, float] | None
    """Kind of use, such as input and output, to US dollars for a thousand tokens; null where no price is known."""


class CallableModel(Part):
    """A model that the team may call."""

    geography: str
    """The profile that new code uses; another one in the list is on its way out."""
    model_id: str
    """The model behind all profiles, as AWS names it."""
    profiles: dict[str, Profile]
    """Where calls may be answered, such as eu or regional, to the team's inference profile."""


class KnowledgeBase(Part):
    """Documents that are found by their meaning."""

    arn: str
    """The knowledge base, as policies name it."""
    id: str
    """The knowledge base, as calls of Retrieve name it."""
    sources: dict[str, str]
    """Name of each source of documents to its id, as ingestion jobs name it."""


class QdrantCollection(Part):
    """The team's collection in the Qdrant of the cluster."""

    collection: str
    """Its name."""
    token_arn: str
    """The secret with the token that opens it; read it again when a call is refused. The value is not here."""
    url: str
    """Where pods of the team call it."""


class TeamDocument(Document):
    """What one team has on a platform."""

    budget_usd: int
    """What the team may spend a month, in US dollars."""
    data_prefix: str
    """Where the team's objects are, as s3://bucket/prefix/."""
    knowledge_bases: dict[str, KnowledgeBase]
    """Name to knowledge base; empty without one."""
    models: dict[str, CallableModel]
    """Model by its alias, which stays when the model behind it changes its version or route."""
    platform: str
    """Name of the platform's document."""
    qdrant: QdrantCollection | None
    """Null without a collection."""
    role_arn: str
    """The role that the team's code runs as."""
    secret_arn: str
    """Where the team keeps its credentials. The value is not here."""
    team: str
    """The team's short name."""
    vectors: str | None
    """The ARN or the name of the team's index, or its schema and user in the database; null without a space."""


SCHEMAS: dict[str, type[Document]] = {
    "platform-document-v1.schema.json": PlatformDocument,
    "runtime-document-v1.schema.json": RuntimeDocument,
    "team-document-v1.schema.json": TeamDocument,
}
"""File name of the committed schema to what it describes."""


def schema_of(model: type[Document]) -> dict[str, Any]:
    """What a reader can rely on: every field that is always there is required."""
    return model.model_json_schema(mode="serialization")
