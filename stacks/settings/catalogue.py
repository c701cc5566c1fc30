"""The catalogue: data that the platform owns, in ``stacks/catalogue``."""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stacks.settings.base import COMMIT, HUB_REPOSITORY, SHA256, WEIGHTS_FILE, DataClass, EntryName, Name

Geography = Literal["regional", "eu", "us", "apac", "global"]


class Row(BaseModel):
    """Catalogue rows are as strict as settings, but take dates as YAML writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Route(Row):
    """One way to call a model."""

    regions: Annotated[list[str], Field(min_length=1)]
    """Regions that a call may start from."""
    profile_id: str | None = None
    """System-defined inference profile; none where the model is called in the region itself."""
    destinations: list[str] = []
    """Regions that may answer; empty means the region of the call."""


class TokenPrice(Row):
    """US dollars for a thousand tokens."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]


class Price(Row):
    """A published price."""

    currency: Literal["USD"]
    per_1000_tokens: TokenPrice
    region: str
    source: Annotated[str, Field(pattern=r"^https://")]
    date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class Model(Row):
    """One foundation model on Amazon Bedrock."""

    vendor: str
    model_id: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-zA-Z0-9.:_-]+$")]
    purpose: Literal["text", "embedding", "rerank", "image"]
    status: Literal["active", "legacy"]
    licence: str
    agreement: bool
    """Whether someone must accept terms before the first call."""
    dimensions: list[Annotated[int, Field(ge=1)]] = []
    """Lengths of the vectors that an embedding model gives to a knowledge base, its default first; none for the others."""
    data_classes: list[DataClass]
    """What the project approves it for; the estate's overlay may take classes away."""
    routes: Annotated[dict[Geography, Route], Field(min_length=1)]
    price: Price
    source: Annotated[str, Field(pattern=r"^https://")]
    source_date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class WeightsFile(Row):
    """One file of an entry, as it was when somebody looked at it."""

    path: Annotated[str, Field(pattern=WEIGHTS_FILE)]
    """Below the repository. Tensors and plain text only: other formats can carry code."""
    sha256: Annotated[str, Field(pattern=SHA256)]
    size: Annotated[int, Field(ge=1)]
    """Bytes."""


class Weights(Row):
    """Weights of one open model, or one adapter, at one revision."""

    repository: Annotated[str, Field(pattern=HUB_REPOSITORY)]
    """Where they were published: owner and name on a hub."""
    revision: Annotated[str, Field(pattern=COMMIT)]
    """A commit; branches and tags move."""
    licence: str
    """SPDX identifier where there is one."""
    parameters: Annotated[int, Field(ge=1)]
    """How many numbers there are, embeddings included."""
    base: EntryName | None = None
    """The entry that an adapter changes; none for weights of their own."""
    files: list[WeightsFile] = []
    """Every file that is loaded, and there are no others; an entry without files can be listed and not loaded."""
    source: Annotated[str, Field(pattern=r"^https://")]
    source_date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class WeightsList(Row):
    """The list of weights on its own."""

    weights: dict[EntryName, Weights]


class Region(Row):
    """One AWS region."""

    partition: str
    code: Annotated[str, Field(pattern=r"^[a-z]{3,4}[0-9]$")]
    """Short name, unique in the world: part of every physical name in a second region."""
    geography: str
    zones: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]$")], str], Field(min_length=3, max_length=3)]
    """Letter to availability zone: three, in every account."""


class Catalogue(Row):
    """Everything the platform knows by name."""

    models: dict[Name, Model]
    regions: dict[str, Region]
    weights: dict[EntryName, Weights] = {}
    """What can be loaded into the private store of weights."""
