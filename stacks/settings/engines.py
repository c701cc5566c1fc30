"""The catalogue of engines for vectors: what each can do, and what it may hold. ``stacks/catalogue/engines.yaml``."""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stacks.settings.base import DataClass

Tier = Literal["foundation", "repeatable", "reliable", "scaled"]


class Engine(BaseModel):
    """One engine. As strict as settings, but takes dates as YAML writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    title: str
    """What it is called."""
    made_by: Literal["platform", "runtime"]
    """Kind of stack that makes it: an engine of the platform is a setting, ``vector_store.engine``."""
    filters: str
    """What a query can be narrowed by."""
    hybrid_search: str
    """Whether words and vectors are searched in one query."""
    scale: str
    """How much it takes, and what scales."""
    idle_cost: str
    """What it costs while nobody uses it."""
    isolation: str
    """What keeps one team out of another's vectors."""
    encryption_at_birth: str
    """Whose key it is, and whether that can change later."""
    backup: str
    """How lost vectors come back."""
    data_classes: Annotated[list[DataClass], Field(min_length=1)]
    """The data that it may hold."""
    because: str
    """Why it may hold these, and no others."""
    from_tier: Tier
    """The lowest tier that may have it."""
    sources: Annotated[list[Annotated[str, Field(pattern=r"^https://")]], Field(min_length=1)]
    """Where the facts were read."""
    source_date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    """When."""


class Engines(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engines: dict[Literal["opensearch", "pgvector", "qdrant", "s3_vectors"], Engine]
