"""A bucket with versions in memory that answers as S3 does, as far as the pipeline asks."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from botocore.exceptions import ClientError

from components.ingestion.ingest.documents import Rules
from components.ingestion.ingest.steps import Job
from components.ingestion.ingest.store import Store

START = datetime(2026, 11, 1, tzinfo=UTC)
ROOT = "teams/claims/"


@dataclass(kw_only=True, slots=True)
class Version:
    """One version of an object."""

    body: bytes
    tags: Mapping[str, str]
    number: str
    modified: datetime


@dataclass(kw_only=True, slots=True)
class Bucket:
    """Answers like the ``s3`` client; keys are whole."""

    missing: str = "404"
    """What a missing object is called: 403 to a role that may list some prefixes only."""

    denied: frozenset[str] = frozenset()
    """Keys whose content may not be read."""

    current: dict[str, Version] = field(default_factory=dict)
    versions: dict[tuple[str, str], Version] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    def put(self, name: str, body: bytes | str, **tags: str) -> None:
        """Lay down a document of the team."""
        content = body.encode() if isinstance(body, str) else body
        self._keep(f"{ROOT}documents/{name}", content, {key.replace("_", "-"): value for key, value in tags.items()})

    def below(self, folder: str) -> list[str]:
        """Keys from the team's root."""
        return sorted(key.removeprefix(ROOT) for key in self.current if key.startswith(ROOT + folder))

    def body(self, key: str) -> bytes:
        """Content by a key from the team's root."""
        return self.current[ROOT + key].body

    def get_paginator(self, operation: str) -> "Bucket":
        """Pages of lists."""
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """Two keys a page, so that a list of several pages is nothing special."""
        assert Bucket == "data"
        keys = sorted(key for key in self.current if key.startswith(Prefix))
        for first in range(0, len(keys), 2):
            yield {"Contents": [{"Key": k, "LastModified": self.current[k].modified} for k in keys[first : first + 2]]}
        if not keys:
            yield {}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """What is known without the content."""
        found = self._find(Key)
        return {"VersionId": found.number, "ContentLength": len(found.body), "LastModified": found.modified}

    def get_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803
        """The content."""
        found = self._find(Key, VersionId)
        if Key in self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
        self.reads.append(Key.removeprefix(ROOT))
        return {"Body": io.BytesIO(found.body)}

    def get_object_tagging(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803
        """The tags."""
        return {"TagSet": [{"Key": k, "Value": v} for k, v in self._find(Key, VersionId).tags.items()]}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str, Tagging: str) -> None:  # noqa: N803
        """A new version, with at most ten tags."""
        tags = dict(parse_qsl(Tagging, strict_parsing=True))
        assert len(tags) <= 10
        self.writes.append(Key.removeprefix(ROOT))
        self._keep(Key, Body, tags)

    def delete_objects(self, *, Bucket: str, Delete: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803
        """No version is current any more."""
        for item in Delete["Objects"]:
            self.current.pop(item["Key"], None)
        return {}

    def _keep(self, key: str, body: bytes, tags: Mapping[str, str]) -> None:
        number = f"v{len(self.versions)}"
        made = Version(body=body, tags=tags, number=number, modified=START + timedelta(minutes=len(self.versions)))
        self.current[key] = self.versions[key, number] = made

    def _find(self, key: str, number: str = "") -> Version:
        found = self.versions.get((key, number)) if number else self.current.get(key)
        if found is None:
            raise ClientError({"Error": {"Code": self.missing}}, "GetObject")
        return found


@dataclass(kw_only=True, slots=True)
class Metrics:
    """Keeps what is counted."""

    values: dict[str, float] = field(default_factory=dict)

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803
        """Keep name and value; all are of the one team."""
        assert Namespace == "LLMLZ/Ingestion"
        assert {str(m["Dimensions"]) for m in MetricData} == {str([{"Name": "Team", "Value": "claims"}])}
        self.values |= {m["MetricName"]: m["Value"] for m in MetricData}


def job(bucket: Bucket, *accepted: str, size: int = 100, overlap: int = 20) -> Job:
    """A job of the claims team over ``bucket``; public and internal documents are taken in if nothing else is said."""
    rules = Rules(
        accepted=frozenset(accepted or ("public", "internal")),
        defaults={"owner": "c@example.com", "source": "intranet"},
    )
    return Job(store=Store(client=bucket, bucket="data", team="claims"), rules=rules, size=size, overlap=overlap)
