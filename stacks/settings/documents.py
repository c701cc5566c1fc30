"""Settings of ingestion: how a team's documents become chunks, and when a platform looks at their quality."""

from typing import Annotated

from pydantic import Field, StringConstraints

from stacks.settings.base import SCHEDULE, Email, Settings, TagText
from stacks.settings.monitoring import Percent


class MaskedCopies(Settings):
    """Test data: a copy of every document in which pseudonyms stand for personal data. It has nothing to choose."""


class Documents(Settings):
    """The ingestion pipeline of a team: what lies below ``documents/`` of its prefix becomes chunks with provenance."""

    chunk_overlap: Annotated[int, Field(ge=0, le=4000)] = 100
    """Characters that a chunk shares with the one before; at most half of its size."""
    chunk_size: Annotated[int, Field(ge=200, le=8000)] = 1000
    """Characters of a chunk at most."""
    concurrency: Annotated[int, Field(ge=1, le=40)] = 4
    """Batches of documents that are worked on at the same time."""
    masked_copies: MaskedCopies | None = None
    """Masked copies below ``masked/``, for tests; none if left out. Write ``{}`` to have them."""
    owner: Email | None = None
    """Who answers for documents that do not say it; the team's owner if left out."""
    schedule: Annotated[str, StringConstraints(pattern=SCHEDULE)] | None = None
    """When a run starts by itself, in UTC; only when somebody starts one if left out."""
    source: TagText | None = None
    """Where documents come from that do not say it; the team's ``data_source`` if left out."""


class Registry(Settings):
    """The table of what teams have made. It has nothing to choose; write ``{}`` to have it."""


class DocumentQuality(Settings):
    """When somebody is called about the documents of a team. The platform's alarms say who that is."""

    held_percent: Percent
    """Documents that are held back, of all."""
    stale_days: Annotated[int, Field(ge=1, le=3650)]
    """Days since the newest document was written."""
    unreadable_percent: Percent
    """Documents that are empty or no text, of all."""
