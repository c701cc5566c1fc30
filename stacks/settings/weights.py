"""Settings of the private store of model weights."""

from typing import Annotated

from pydantic import Field

from stacks.settings.base import ROLE, WEIGHTS_SOURCE, EntryName, Image, Settings

RoleName = Annotated[str, Field(pattern=ROLE, max_length=64)]


class WeightStore(Settings):
    """Weights and adapters that servers of the company may load, and from where they are fetched once."""

    entries: Annotated[list[EntryName], Field(min_length=1)]
    """Approved entries, by their names in the list of weights."""
    readers: list[RoleName]
    """Roles of this account that load weights, by their names, which need not exist yet; nobody does if empty."""
    source: Annotated[str, Field(pattern=WEIGHTS_SOURCE)]
    """A mirror of a hub (``https://``, files at ``<repository>/resolve/<revision>/``), or a prefix where somebody lays files
    down (``s3://``, files at ``<name>/<revision>/``)."""


class WeightsLoader(Settings):
    """Jobs in a cluster that load the entries which its platform approves."""

    image: Image
    """Python 3.11 or later with boto3."""
    scratch_class: str | None = None
    """Storage class of the disk that files are checked on; the node's own disk if left out."""
