"""Runs over a bucket in memory: nothing is lost, nothing is kept that should be gone, nothing is written twice."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.ingestion.ingest.finish import finish, newest_age_hours
from components.ingestion.ingest.main import handle
from components.ingestion.ingest.main import run as run_step
from components.ingestion.ingest.steps import BATCH, MOST_BATCHES, Job, identity, plan, take
from tests.ingestion.bucket import ROOT, Bucket, Metrics, job

WORDS = "The claim is open and the owner of it is known. " * 12


def run(todo: Job, name: str = "r1", metrics: Metrics | None = None) -> dict[str, int]:
    """A whole run without masked copies; its totals."""
    for number in plan(name, todo)["batches"]:
        take(name, number, todo)
    return finish(name, todo, metrics or Metrics())


def chunks_of(bucket: Bucket, name: str) -> list[str]:
    """Keys of the chunks of a document."""
    return bucket.below(f"chunks/{identity('documents/' + name)}/")


@pytest.fixture
def bucket() -> Bucket:
    """One document of each kind."""
    made = Bucket()
    made.put("good.txt", WORDS, data_class="internal", owner="o@example.com", source="wiki: page/1 (ü)")
    made.put("same.txt", WORDS, data_class="public")
    made.put("secret.txt", "The board decides.", data_class="restricted")
    made.put("unknown.txt", "Nobody has said.")
    made.put("broken.txt", b"\xff\xfe", data_class="public")
    made.put("empty.txt", " ", data_class="public")
    made.put("large.txt", b"a" * (1024 * 1024 + 1), data_class="public")
    made.put("beside.md", "Beside this stands a file.")
    made.put("beside.md.metadata.json", '{"metadataAttributes": {"data_class": "internal"}}')
    made.put("folder/", "")
    return made


def test_every_document_becomes_exactly_one_thing(bucket: Bucket) -> None:
    """Sidecars and folders are no documents; duplicates are counted and taken in."""
    totals = run(job(bucket))
    assert totals == {
        "documents": 8,
        "taken": 3,
        "held": 2,
        "unreadable": 2,
        "empty": 1,
        "chunks": len(bucket.below("chunks/")),
        "duplicates": 1,
        "removed": 0,
    }
    report = json.loads(bucket.body("runs/r1/report.json"))
    assert report["reasons"] == {
        "data-class-not-accepted": 1,
        "empty": 1,
        "no-data-class": 1,
        "not-text": 1,
        "too-large": 1,
    }
    assert report["languages"] == {"en": 2, "unknown": 1}


def test_a_document_that_is_held_back_is_not_even_read(bucket: Bucket) -> None:
    """Tags and sidecar decide first."""
    run(job(bucket))
    assert not {"documents/secret.txt", "documents/unknown.txt", "documents/large.txt"} & set(bucket.reads)
    assert "documents/good.txt" in bucket.reads


def test_chunks_know_where_they_come_from(bucket: Bucket) -> None:
    """The version that was read, what was said of it, the defaults for the rest; tags hold what tags may hold."""
    run(job(bucket))
    first = json.loads(bucket.body(chunks_of(bucket, "good.txt")[0]))
    about = first["provenance"]
    assert WORDS.startswith(first["text"])
    assert (about["source_key"], about["source_version"]) == (f"{ROOT}documents/good.txt", "v0")
    assert (about["owner"], about["source"]) == ("o@example.com", "wiki: page/1 (ü)")
    assert (about["chunk"], about["chunks"], about["start"]) == (0, len(chunks_of(bucket, "good.txt")), 0)
    tags = bucket.current[ROOT + chunks_of(bucket, "good.txt")[0]].tags
    assert (tags["data-class"], tags["source"]) == ("internal", "wiki: page/1 _ü_")


def test_a_second_run_writes_nothing_but_its_report(bucket: Bucket) -> None:
    """A bucket keeps every version, so what did not change is not written again."""
    first = run(job(bucket))
    bucket.writes.clear()
    assert run(job(bucket), "r2") == first
    assert {key.split("/")[0] for key in bucket.writes} == {"runs"}


@pytest.mark.parametrize("change", [{"size": 80}, {"overlap": 10}])
def test_another_shape_of_chunks_is_another_result(bucket: Bucket, change: dict[str, int]) -> None:
    """All chunks are of the new shape, and none of the old stays."""
    run(job(bucket))
    todo = job(bucket, **change)
    run(todo, "r2")
    pieces = [json.loads(bucket.body(key)) for key in chunks_of(bucket, "good.txt")]
    assert [p["provenance"]["chunks"] for p in pieces] == [len(pieces)] * len(pieces)
    assert all(len(p["text"]) <= todo.size for p in pieces)


def test_a_tag_alone_takes_a_document_back(bucket: Bucket) -> None:
    """The same version with a higher class: its chunks go, a record comes; and back again."""
    run(job(bucket))
    version = bucket.current[f"{ROOT}documents/good.txt"]
    version.tags = {"data-class": "restricted"}
    assert run(job(bucket), "r2")["held"] == 3
    assert chunks_of(bucket, "good.txt") == []
    assert f"held/{identity('documents/good.txt')}.json" in bucket.below("held/")
    version.tags = {"data-class": "public"}
    run(job(bucket), "r3")
    assert chunks_of(bucket, "good.txt")
    assert f"held/{identity('documents/good.txt')}.json" not in bucket.below("held/")


def test_a_stricter_rule_takes_documents_back(bucket: Bucket) -> None:
    """A team that may work with less data than before."""
    run(job(bucket))
    run(job(bucket, "public"), "r2")
    assert chunks_of(bucket, "good.txt") == []
    assert chunks_of(bucket, "same.txt")


def test_a_shorter_document_leaves_no_old_chunks(bucket: Bucket) -> None:
    """Chunks beyond the new end go."""
    run(job(bucket))
    bucket.put("good.txt", "Short now.", data_class="internal")
    run(job(bucket), "r2")
    assert len(chunks_of(bucket, "good.txt")) == 1


def test_a_deleted_document_leaves_nothing(bucket: Bucket) -> None:
    """Erasure of the source reaches every result."""
    run(job(bucket))
    id_ = identity("documents/good.txt")
    del bucket.current[f"{ROOT}documents/good.txt"]
    assert run(job(bucket), "r2")["removed"] > 1
    assert not [
        key for folder in ("chunks/", "held/", "index/", "masked/") for key in bucket.below(folder) if id_ in key
    ]


def test_what_comes_during_a_run_is_not_removed_by_it(bucket: Bucket) -> None:
    """The end of a run looks at what is there then, not at its own list."""
    todo = job(bucket)
    plan("slow", todo)
    bucket.put("new.txt", WORDS, data_class="public")
    run(todo, "fast")
    for number in (0,):
        take("slow", number, todo)
    finish("slow", todo, Metrics())
    assert chunks_of(bucket, "new.txt")


def test_a_document_that_goes_during_a_run_is_no_failure(bucket: Bucket) -> None:
    """And it is not counted."""
    bucket.missing = "403"  # as S3 says to a role that may list some prefixes only
    todo = job(bucket)
    plan("r1", todo)
    del bucket.current[f"{ROOT}documents/good.txt"]
    assert take("r1", 0, todo)["documents"] == 7


def test_a_refused_read_stops_the_run(bucket: Bucket) -> None:
    """An object that is there and may not be read is an error, never a missing document."""
    bucket.denied = frozenset({f"{ROOT}documents/good.txt"})
    todo = job(bucket)
    plan("r1", todo)
    with pytest.raises(ClientError, match="AccessDenied"):
        take("r1", 0, todo)


def test_many_documents_are_several_batches() -> None:
    """And together they are all of them."""
    many = Bucket()
    for number in range(BATCH * 2 + 1):
        many.put(f"{number:03}.txt", f"Document {number} is the best.", data_class="public")
    assert plan("r1", job(many))["batches"] == [0, 1, 2]
    assert run(job(many))["documents"] == BATCH * 2 + 1


def test_more_documents_than_a_run_can_take_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is done, with both numbers."""
    many = [{"key": f"documents/{n}", "modified": "", "sidecar": False} for n in range(BATCH * MOST_BATCHES + 1)]
    monkeypatch.setattr("components.ingestion.ingest.steps.documents", lambda store: many)
    with pytest.raises(ValueError, match="25001 documents: expected 25000 at most"):
        plan("r1", job(Bucket()))


def test_no_documents_is_a_run_too() -> None:
    """It counts zero, and says nothing about an age."""
    metrics = Metrics()
    assert run(job(Bucket()), metrics=metrics)["documents"] == 0
    assert metrics.values["Runs"] == 1
    assert "NewestAgeHours" not in metrics.values


def test_the_age_is_that_of_the_newest(bucket: Bucket) -> None:
    """In hours, from the times that S3 keeps."""
    outcomes: list[dict[str, Any]] = [
        {"outcome": "taken", "modified": "2026-11-01T00:00:00+00:00"},
        {"outcome": "held", "modified": "2026-11-02T00:00:00+00:00"},
        {"outcome": "gone", "modified": "2026-11-03T00:00:00+00:00"},
    ]
    assert newest_age_hours(outcomes, datetime(2026, 11, 2, 6, tzinfo=UTC)) == 6


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", "x" * 81])
def test_a_run_with_a_strange_name_is_refused(name: str) -> None:
    """It is part of keys."""
    with pytest.raises(ValueError, match="expected up to 80 letters"):
        plan(name, job(Bucket()))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"step": "drop", "run": "r"},
        {"step": "plan"},
        {"step": "take", "run": "r"},
        {"step": "plan", "run": "r", "team": "other"},
        {"step": "finish", "run": "r", "bucket": "other"},
    ],
)
def test_events_that_are_not_exactly_a_step_are_refused(event: dict[str, Any]) -> None:
    """There is no way to name another team or bucket."""
    with pytest.raises(ValueError, match="expected a step"):
        handle(event, None)


def test_the_settings_choose_where(bucket: Bucket) -> None:
    """The entry point reads bucket, team and rules from the function's environment, and nothing of it from the event."""
    settings = {
        "ACCEPTED_CLASSES": "internal public",
        "BUCKET": "data",
        "CHUNK_OVERLAP": "20",
        "CHUNK_SIZE": "100",
        "DEFAULTS": "{}",
        "TEAM": "claims",
    }
    clients = {"s3": bucket, "cloudwatch": Metrics()}
    assert run_step({"step": "plan", "run": "r1"}, settings, clients.__getitem__)["batches"] == [0]
    assert run_step({"step": "take", "run": "r1", "batch": 0}, settings, clients.__getitem__)["taken"] == 3
    assert run_step({"step": "finish", "run": "r1"}, settings, clients.__getitem__)["documents"] == 8
