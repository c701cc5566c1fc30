"""The catalogue: data that the platform owns, in ``stacks/catalogue``."""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stacks.settings.base import DataClass, Name

Geography = Literal["regional", "eu", "us", "apac", "global"]


class _Row(BaseModel):
    """Catalogue rows are as strict as settings, but take dates as YAML writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Route(_Row):
    """One way to call a model."""

    regions: Annotated[list[str], Field(min_length=1)]
    """Regions that a call may start from."""
    profile_id: str | None = None
    """System-defined inference profile; none where the model is called in the region itself."""
    destinations: list[str] = []
    """Regions that may answer; empty means the region of the call."""


class TokenPrice(_Row):
    """US dollars for a thousand tokens."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]


class Price(_Row):
    """A published price."""

    currency: Literal["USD"]
    per_1000_tokens: TokenPrice
    region: str
    source: Annotated[str, Field(pattern=r"^https://")]
    date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class Model(_Row):
    """One foundation model on Amazon Bedrock."""

    vendor: str
    model_id: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-zA-Z0-9.:_-]+$")]
    purpose: Literal["text", "embedding", "rerank", "image"]
    status: Literal["active", "legacy"]
    licence: str
    agreement: bool
    """Whether someone must accept terms before the first call."""
    data_classes: list[DataClass]
    """What the project approves it for; the estate's overlay may take classes away."""
    routes: Annotated[dict[Geography, Route], Field(min_length=1)]
    price: Price
    source: Annotated[str, Field(pattern=r"^https://")]
    source_date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class Region(_Row):
    """One AWS region."""

    partition: str
    code: Annotated[str, Field(pattern=r"^[a-z]{3,4}[0-9]$")]
    """Short name, unique in the world: part of every physical name in a second region."""
    geography: str
    zones: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]$")], str], Field(min_length=3, max_length=3)]
    """Letter to availability zone: three, in every account."""


class Catalogue(_Row):
    """Everything the platform knows by name."""

    models: dict[Name, Model]
    regions: dict[str, Region]
