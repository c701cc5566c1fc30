"""Kinds of bad input about documents of teams."""

from collections.abc import Mapping
from pathlib import Path

from tests.stacks.bad_input import CLAIMS, PLATFORM, Change, copy, setting

STACK = "Pulumi.team-claims-sandbox.yaml"
LINES = {"held_percent": 20, "stale_days": 30, "unreadable_percent": 5}


def _named(folder: Path) -> None:
    """A team whose role would have the name of a pipeline."""
    copy(CLAIMS, "teams/ingestion-eu.yaml", team="ingestion-eu")(folder)
    copy(STACK, "Pulumi.team-ingestion-eu-sandbox.yaml", team="ingestion-eu")(folder)


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "chunks that overlap too much": (
        setting(CLAIMS, documents={"chunk_size": 400, "chunk_overlap": 300}),
        CLAIMS,
        "documents.chunk_overlap",
        "300",
        "at most 200, half of chunk_size",
    ),
    "chunks of no size": (
        setting(CLAIMS, documents={"chunk_size": 10}),
        CLAIMS,
        "documents.chunk_size",
        "10",
        "greater than or equal to 200",
    ),
    "a schedule in words": (
        setting(CLAIMS, documents={"schedule": "every night"}),
        CLAIMS,
        "documents.schedule",
        '"every night"',
        "six fields in UTC, such as cron(0 3 * * ? *)",
    ),
    "a switch for masked copies": (
        setting(CLAIMS, documents={"masked_copies": True}),
        CLAIMS,
        "documents.masked_copies",
        "true",
        "",
    ),
    "a data class for all documents": (
        setting(CLAIMS, documents={"data_class": "public"}),
        CLAIMS,
        "documents.data_class",
        '"public"',
        "",
    ),
    "an owner of documents without an address": (
        setting(CLAIMS, documents={"owner": "Bob"}),
        CLAIMS,
        "documents.owner",
        '"Bob"',
        "a mail address such as",
    ),
    "a team that is called like a pipeline": (
        _named,
        "teams/ingestion-eu.yaml",
        "team",
        "ingestion-eu",
        "another name: it starts like the names of pipelines that take documents in",
    ),
    "quality where nobody is called": (
        setting(PLATFORM, document_quality=LINES),
        PLATFORM,
        "llmlz:settings.document_quality",
        "",
        "alarms whose readers hear of documents as well",
    ),
    "more than all documents": (
        setting(PLATFORM, document_quality={**LINES, "held_percent": 120}),
        PLATFORM,
        "llmlz:settings.document_quality.held_percent",
        "120",
        "less than or equal to 100",
    ),
}
