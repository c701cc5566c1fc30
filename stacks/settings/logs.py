"""Settings of evidence: how long it is kept, what is masked and recorded, who keeps it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stacks.settings.base import Account, OneOfTwo, Settings

Identifier = Literal[
    "Address",
    "AwsSecretKey",
    "CreditCardExpiration",
    "CreditCardNumber",
    "CreditCardSecurityCode",
    "EmailAddress",
    "IpAddress",
    "LatLong",
    "Name",
    "OpenSshPrivateKey",
    "PgpPrivateKey",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
    "VehicleIdentificationNumber",
]
"""Managed data identifiers that mean the same in every country:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-managed-data-identifiers.html (2026-11)."""

RecordedData = Literal[
    "agents",
    "async_invocations",
    "flows",
    "guardrails",
    "inline_agents",
    "knowledge_bases",
    "models",
    "prompts",
    "s3_objects",
    "vectors",
]

Days = Annotated[int, Field(ge=1, le=36500)]


class Masking(Settings):
    """What is masked in the log of model calls, from the day it is set: what was logged before stays readable."""

    identifiers: Annotated[list[Identifier], Field(min_length=1)]
    """Kinds of data, by the names that CloudWatch Logs gives them."""


class Governance(Settings):
    """Objects that only a role with ``s3:BypassGovernanceRetention`` can delete."""

    days: Days
    """Days from the moment an object is stored."""


class Compliance(Settings):
    """Objects that nobody can delete, whatever happens."""

    days: Days
    """Days from the moment an object is stored."""
    confirmation: Literal["nobody can delete or shorten this, not even AWS"]
    """This sentence, so that nobody comes here by accident."""


class Lock(OneOfTwo):
    """Exactly one of the two modes of object lock."""

    ALTERNATIVES = ("governance", "compliance")

    governance: Governance | None = None
    """Whoever has the right to pass it by could delete, and the organization lets nobody have it but break-glass, which has
    to be given it first."""
    compliance: Compliance | None = None
    """Nobody can delete before the days are over, and the days cannot be shortened for what is stored."""

    def days(self) -> int:
        """Days that an object is kept in either mode."""
        modes: list[Governance | Compliance | None] = [self.governance, self.compliance]
        return next(mode.days for mode in modes if mode)


class NewArchive(Settings):
    """The platform's own archive bucket."""


class OwnArchive(Settings):
    """A bucket that exists already; its owner must let the trail in."""

    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    """The bucket."""
    key_arn: Annotated[str, Field(pattern=r"^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+$")]
    """Key that the trail encrypts with."""
    account: Account
    """Who owns bucket and key."""

    @model_validator(mode="after")
    def _key_of_the_owner(self) -> "OwnArchive":
        if self.key_arn.split(":")[4] != self.account:
            raise ValueError(f"a key_arn in account {self.account}, which owns the bucket")
        return self


class Archive(OneOfTwo):
    """Where the trail delivers: exactly one of the platform's own bucket and one that exists already."""

    new: NewArchive | None = None
    """The platform's own bucket."""
    existing: OwnArchive | None = None
    """This bucket. Prompts that are too large for a log event stay in the platform's own: Bedrock delivers within one
    account and region only."""


class Logs(Settings):
    """What is recorded as evidence, where, for how long, and what is masked in it."""

    retention_days: Literal[30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
    """Log groups; CloudWatch takes these numbers only."""
    archive_days: Annotated[int, Field(ge=90, le=36500)] | None = None
    """Objects of the archive bucket; for ever if left out."""
    archive: Archive
    """Where the trail delivers."""
    data_events: list[RecordedData]
    """What the trail records beside management events, among which calls of models are; CloudTrail bills each event."""
    masking: Masking | None
    """Masking of personal data in the log of model calls; nothing is masked if null."""
    object_lock: Lock | None
    """How long new objects of the archive bucket cannot be deleted; they can be if null."""
    replica: Literal["log_archive"] | None
    """``log_archive``: every new object is copied to the log archive of the organization; nowhere if null."""

    @model_validator(mode="after")
    def _kept_while_locked(self) -> "Logs":
        if self.object_lock and self.archive_days is not None and self.archive_days < self.object_lock.days():
            raise ValueError(
                f"archive_days of at least {self.object_lock.days()}, as long as object_lock keeps objects"
            )
        return self
