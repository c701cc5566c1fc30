"""Settings of a team stack, and the team file that holds a team's wishes."""

from typing import Annotated, Literal

from pydantic import Field

from stacks.settings.base import DataClass, Email, LawfulBasis, Name, Settings, StackName, TagText
from stacks.settings.documents import Documents
from stacks.settings.knowledge import Knowledge
from stacks.settings.pipelines import Pipeline
from stacks.settings.qdrant import QdrantCollection


class TeamSettings(Settings):
    """A team stack has nothing of its own: which team, on which platform."""

    team: Name
    """A file of this name stands in ``teams``."""
    platform: StackName
    """The platform stack that the team is deployed onto."""


class Limits(Settings):
    """What a team may use up."""

    budget_usd: Annotated[int, Field(ge=1, le=10_000_000)]
    """A month, in US dollars."""


class Vectors(Settings):
    """The team's place in the platform's vector store."""

    dimensions: Annotated[int, Field(ge=1, le=4096)] = 1024
    """Numbers per vector: what the embedding model gives."""
    metric: Literal["cosine", "euclidean"] = "cosine"
    """How distance is measured."""


class ClusterSpace(Settings):
    """The team's namespace in the platform's cluster, and what its pods may ask for together."""

    cpus: Annotated[int, Field(ge=1, le=8192)]
    """Processors."""
    memory_gib: Annotated[int, Field(ge=1, le=32768)]
    """Memory, in GiB."""
    gpus: Annotated[int, Field(ge=0, le=256)] = 0
    """GPUs; none if left out."""
    storage_gib: Annotated[int, Field(ge=0, le=65536)] = 0
    """Disks, in GiB; none if left out."""
    qdrant: QdrantCollection | None = None
    """A collection in the Qdrant of the cluster; none if left out."""


class TeamFile(Settings):
    """One team's wishes, in one file."""

    team: Name
    """The team's short name; the same as the file's."""
    owner: Email
    """Who answers for the team."""
    cost_centre: TagText
    """Who pays."""
    data_class: DataClass
    """The most sensitive data that the team works with."""
    lawful_basis: LawfulBasis | None = None
    """On which ground personal data is worked with; needed from confidential data on."""
    data_source: TagText | None = None
    """Where the data comes from, in a word; needed from confidential data on."""
    system_id: TagText
    """The entry in the company's register of AI systems."""
    environments: Annotated[list[Name], Field(min_length=1)]
    """Environments that the team may be deployed to."""
    limits: Limits
    models: Annotated[list[str], Field(min_length=1)]
    """Models by their aliases in the catalogue; the platform must have approved each."""
    runs_on: Annotated[list[Literal["lambda", "ecs-tasks", "ec2", "sagemaker"]], Field(min_length=1)] = Field(
        default=["lambda"]
    )
    """AWS services that run the team's code and act as its role."""
    vectors: Vectors | None = None
    """A space in the vector store; none if left out."""
    knowledge: dict[Name, Knowledge] = Field(default={})
    """Name to knowledge base; none if left out."""
    cluster: ClusterSpace | None = None
    """A namespace in the platform's cluster; none if left out."""
    documents: Documents | None = None
    """The team's documents, and how they become chunks; nobody takes any in if left out."""
    pipeline: Pipeline | None = None
    """How the team deploys its own project; only the platform deploys for it if left out."""
