"""What an ingestion pipeline is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskedCopies:
    """Test data: a copy of every document in which pseudonyms stand for personal data. It has nothing to choose."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityLines:
    """Where quality is no longer good enough, and who hears of it."""

    held_percent: float
    """Documents held back, in per cent of all, from which somebody looks."""

    runbooks: str
    """Address of the folder with a page per alarm, without a slash at its end."""

    stale_days: int
    """Days after which the newest document is too old."""

    topic_arn: pulumi.Input[str]
    """Where alarms are reported."""

    unreadable_percent: float
    """Documents that are empty or no text, in per cent of all, from which somebody looks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestionArgs:
    """What an ingestion pipeline is made of. Raises ``ValueError`` for an overlap of more than half a chunk."""

    accepted_classes: Sequence[str]
    """Data classes that are taken in; a document of another one, or of none, is held back."""

    account_id: str
    """Twelve digits; only services of this account act as the roles."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of every role."""

    bucket_arn: pulumi.Input[str]
    """Bucket that holds the team's prefix."""

    bucket_name: pulumi.Input[str]
    """The same bucket by its name."""

    data_key_arn: pulumi.Input[str]
    """Key of the bucket, and of the function's settings."""

    defaults: Mapping[str, str]
    """``owner``, ``source`` and ``lawful-basis`` of documents that say nothing of their own. Never a data class."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where all of this is."""

    team: str
    """Short name; part of every physical name, and the prefix that is read and written."""

    break_glass_arn: str | None = field(default=None)
    """The role that alone may disable or delete the pipeline's own keys; whoever IAM allows to if left out."""

    chunk_overlap: int = field(default=100)
    """Characters that a chunk shares with the one before; at most half of its size. 100 if left out."""

    chunk_size: int = field(default=1000)
    """Characters of a chunk at most; 1,000 if left out."""

    concurrency: int = field(default=4)
    """Batches of documents that are worked on at the same time; four if left out."""

    shared_log_key_arn: pulumi.Input[str] | None = field(default=None)
    """Key of both log groups, whose policy must let CloudWatch Logs use it; one of the pipeline's own if left out."""

    log_retention_days: int = field(default=90)
    """Days the logs are kept; 90 if left out."""

    masked_copies: MaskedCopies | None = field(default=None)
    """Masked copies beside the chunks; none if left out."""

    quality: QualityLines | None = field(default=None)
    """Alarms about the quality of documents; counts without alarms if left out."""

    run_schedule: str | None = field(default=None)
    """When a run starts by itself, such as ``cron(0 3 * * ? *)`` in UTC; only when somebody starts one if left out."""

    def __post_init__(self) -> None:
        """Refuse here what would otherwise fail in the first run."""
        if not 0 <= self.chunk_overlap <= self.chunk_size // 2:
            raise ValueError(
                f"chunk_overlap {self.chunk_overlap}: expected 0 to {self.chunk_size // 2}, half of the size of a chunk"
            )
        if "data-class" in self.defaults:
            raise ValueError("defaults: a document without a data class is held back, so there is no default for it")
