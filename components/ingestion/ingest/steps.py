"""One run: plan what there is, take each batch in, finish with counts. Every step can be repeated with the same result.

Below ``teams/<team>/``: ``documents/`` is read; ``chunks/``, ``held/`` and ``masked/`` are results, by an id made from the
document's key; ``index/`` keeps what each document came to; ``runs/<run>/`` is the work list and the report of a run.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import PIPELINE_VERSION
from .chunks import split
from .documents import (
    CLASS,
    EMPTY,
    LARGEST_BYTES,
    SIDECAR,
    TOO_LARGE,
    UNREADABLE,
    HeldError,
    Rules,
    admit,
    decoded,
    said,
)
from .language import guess
from .store import Head, Store, canonical

DOCUMENTS, BATCH, MOST_BATCHES = "documents/", 25, 1000
"""A batch fits the time of one call; a run of more batches would not fit the history of an execution:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (2026-11)"""

RUN = re.compile(r"[A-Za-z0-9_-]{1,80}")
OWN = {"pipeline": PIPELINE_VERSION}
"""Tags of work lists and reports."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What a team's pipeline works with."""

    store: Store
    """The team's prefix."""

    rules: Rules
    """Which documents are taken in."""

    size: int
    """Characters of a chunk at most."""

    overlap: int
    """Characters that a chunk shares with the one before."""


def identity(key: str) -> str:
    """Id of a document: names of files may name people, and results carry the id instead."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def plan(run: str, job: Job) -> dict[str, Any]:
    """Write the work list of a run, and name its batches; raises ``ValueError`` for more documents than a run can take."""
    if not RUN.fullmatch(run):
        raise ValueError(f"run {run!r}: expected up to 80 letters, digits, dashes and underscores")
    found = documents(job.store)
    batches = [found[first : first + BATCH] for first in range(0, len(found), BATCH)]
    if len(batches) > MOST_BATCHES:
        raise ValueError(f"{len(found)} documents: expected {BATCH * MOST_BATCHES} at most; split them over teams")
    for number, batch in enumerate(batches):
        job.store.write_json(place(run, "batches", number), batch, OWN)
    return {"run": run, "batches": list(range(len(batches)))}


def documents(store: Store) -> list[dict[str, Any]]:
    """Key, time and whether a sidecar stands beside it, of every document there is."""
    times = dict(store.keys(DOCUMENTS))
    return [
        {"key": key, "modified": modified, "sidecar": key + SIDECAR in times}
        for key, modified in times.items()
        if not key.endswith((SIDECAR, "/"))
    ]


def take(run: str, number: int, job: Job) -> dict[str, int]:
    """Take the documents of one batch in, and count what became of them."""
    batch = job.store.json(place(run, "batches", number))
    known = {key for key, _ in job.store.keys("index/")}
    outcomes = [_one(item, job, known) for item in batch]
    job.store.write_json(place(run, "results", number), outcomes, OWN)
    return counted(outcomes)


def counted(outcomes: list[dict[str, Any]]) -> dict[str, int]:
    """Documents by what became of them, and chunks."""
    of = [outcome["outcome"] for outcome in outcomes]
    return {
        "documents": len(of) - of.count("gone"),
        "taken": of.count("taken"),
        "held": of.count("held"),
        "unreadable": of.count("unreadable"),
        "empty": of.count("empty"),
        "chunks": sum(outcome.get("chunks", 0) for outcome in outcomes),
    }


def place(run: str, kind: str, number: int) -> str:
    """Key of one list of a run."""
    return f"runs/{run}/{kind}/{number:04}.json"


def _one(item: Mapping[str, Any], job: Job, known: set[str]) -> dict[str, Any]:
    """Take one document in, or hold it back; what was decided before about the same version is not done again."""
    key, store = item["key"], job.store
    about = {"id": identity(key), "key": key, "modified": item["modified"]}
    head = store.head(key)
    if head is None:
        return {**about, "outcome": "gone"}
    sidecar = store.read(key + SIDECAR) if item["sidecar"] else None
    tags = store.tags(key, head.version)
    index = f"index/{about['id']}.json"
    decided = hashlib.sha256(canonical(_decisive(job, head, tags, sidecar))).hexdigest()
    before = store.json(index) if index in known else None
    if before is not None and before["decided"] == decided:
        return {**about, **before["outcome"]}
    outcome = {"version": head.version, **_taken_or_held(key, head, tags, sidecar, job)}
    store.write_json(index, {"decided": decided, "outcome": outcome}, OWN)
    return {**about, **outcome}


def _decisive(job: Job, head: Head, tags: Mapping[str, str], sidecar: bytes | None) -> dict[str, Any]:
    """Everything that the result depends on."""
    return {
        "head": [head.version, head.size, head.modified],
        "pipeline": [PIPELINE_VERSION, job.size, job.overlap],
        "rules": [sorted(job.rules.accepted), dict(job.rules.defaults)],
        "sidecar": None if sidecar is None else hashlib.sha256(sidecar).hexdigest(),
        "tags": dict(tags),
    }


def _taken_or_held(key: str, head: Head, tags: Mapping[str, str], sidecar: bytes | None, job: Job) -> dict[str, Any]:
    id_, store = identity(key), job.store
    try:
        provenance = admit(*said(tags, sidecar), job.rules)
        if head.size > LARGEST_BYTES:
            raise HeldError(TOO_LARGE)
        content = store.read(key, head.version) or b""
        text = decoded(content)
    except HeldError as held:
        store.delete([chunk for chunk, _ in store.keys(f"chunks/{id_}/")])  # of an earlier version, perhaps public then
        store.delete([copy for copy, _ in store.keys(f"masked/{id_}.")])
        record = {"source": key, "version": head.version, "reason": held.reason, "stated": held.stated, "at": _now()}
        store.write_json(f"held/{id_}.json", record, OWN)
        kind = "empty" if held.reason == EMPTY else "unreadable" if held.reason in UNREADABLE else "held"
        return {"outcome": kind, "reason": held.reason}
    digest, language = hashlib.sha256(content).hexdigest(), guess(text)
    written = _chunks(key, head, text, {**provenance, "sha256": digest, "language": language}, job)
    stale = [chunk for chunk, _ in store.keys(f"chunks/{id_}/") if chunk not in written]
    store.delete([*stale, *(record for record, _ in store.keys(f"held/{id_}.json"))])
    return {
        "outcome": "taken",
        "chunks": len(written),
        "sha256": digest,
        "language": language,
        "class": provenance[CLASS],
    }


def _chunks(key: str, head: Head, text: str, provenance: Mapping[str, str], job: Job) -> set[str]:
    """Write the chunks of one document; their keys."""
    pieces = list(split(text, job.size, job.overlap))
    common = {
        **{name.replace("-", "_"): value for name, value in provenance.items()},
        "chunks": len(pieces),
        "ingested_at": _now(),
        "pipeline_version": PIPELINE_VERSION,
        "source_key": job.store.root + key,
        "source_version": head.version,
    }
    chunks = {
        f"chunks/{identity(key)}/{number:05}.json": {
            "text": piece,
            "provenance": {**common, "chunk": number, "start": start},
        }
        for number, (start, piece) in enumerate(pieces)
    }
    tags = {name: value for name, value in provenance.items() if name != "language"}
    job.store.write_many(chunks, {**OWN, **tags, "source-version": head.version})
    return set(chunks)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
