"""One team's prefix in the data bucket: the only place that is read and written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError

MISSING = frozenset({"403", "404", "AccessDenied", "NoSuchKey", "NoSuchVersion", "NotFound"})
"""What S3 says of an object that is not there: 403 to a role that may list some prefixes only, since such a request has no
prefix: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (2026-11)."""

WRITERS = 8
"""Objects written at the same time; an object of a kilobyte takes some 20 ms, nearly all of it waiting."""

DELETED_AT_ONCE = 1000
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (2026-11)"""

ALLOWED_IN_TAGS = frozenset("+-=._:/@ ")
"""Beside letters and digits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What is known of a document without its content."""

    version: str
    """Version of the object; ``null`` in a bucket without versions."""

    size: int
    """Bytes."""

    modified: str
    """When it was written, as ISO 8601."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """Objects below ``teams/<team>/``; all keys here are relative to it."""

    client: Any
    """The ``s3`` client."""

    bucket: str
    """Name of the data bucket."""

    team: str
    """Short name."""

    @property
    def root(self) -> str:
        """Start of every key."""
        return f"teams/{self.team}/"

    def keys(self, folder: str) -> Iterator[tuple[str, str]]:
        """Key and time of every object in ``folder``, in the order of keys."""
        for page in self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.root + folder
        ):
            for found in page.get("Contents", []):
                yield found["Key"].removeprefix(self.root), found["LastModified"].isoformat()

    def head(self, key: str) -> Head | None:
        """The current version of ``key``; ``None`` where it is gone."""
        try:
            got = self.client.head_object(Bucket=self.bucket, Key=self.root + key)
        except ClientError as error:
            self._expect_gone(error, key)
            return None
        return Head(
            version=got.get("VersionId", "null"),
            size=got["ContentLength"],
            modified=got["LastModified"].isoformat(),
        )

    def tags(self, key: str, version: str) -> dict[str, str]:
        """Tags of one version; a second statement about it never replaces what was read of another one."""
        got = self.client.get_object_tagging(Bucket=self.bucket, Key=self.root + key, **_version(version))
        return {tag["Key"]: tag["Value"] for tag in got["TagSet"]}

    def read(self, key: str, version: str = "null") -> bytes | None:
        """Content of a version, or of the current one; ``None`` where it is gone."""
        try:
            got = self.client.get_object(Bucket=self.bucket, Key=self.root + key, **_version(version))
        except ClientError as error:
            self._expect_gone(error, key)
            return None
        content: bytes = got["Body"].read()
        return content

    def json(self, key: str) -> Any:
        """A JSON object by its key; ``None`` where it is gone."""
        content = self.read(key)
        return None if content is None else json.loads(content)

    def write(self, key: str, content: bytes, tags: Mapping[str, str], content_type: str) -> None:
        """Put one object with its tags; the bucket encrypts it with its key."""
        self.client.put_object(
            Bucket=self.bucket, Key=self.root + key, Body=content, ContentType=content_type, Tagging=_tagging(tags)
        )

    def write_json(self, key: str, value: Any, tags: Mapping[str, str]) -> None:
        """Put one JSON object."""
        self.write(key, canonical(value), tags, "application/json")

    def write_many(self, objects: Mapping[str, Any], tags: Mapping[str, str]) -> None:
        """Put several JSON objects at the same time; the first failure is raised."""
        with ThreadPoolExecutor(WRITERS) as pool:
            for _ in pool.map(lambda key: self.write_json(key, objects[key], tags), objects):
                pass

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; raises ``RuntimeError`` where one could not be, so that nothing stays unnoticed."""
        for first in range(0, len(keys), DELETED_AT_ONCE):
            some = [{"Key": self.root + key} for key in keys[first : first + DELETED_AT_ONCE]]
            got = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": some, "Quiet": True})
            if got.get("Errors"):
                raise RuntimeError(f"{len(got['Errors'])} objects were not deleted: {got['Errors'][0]['Code']}")

    def _expect_gone(self, error: ClientError, key: str) -> None:
        """Raise ``error`` unless the object is not there, as a list of it says."""
        if error.response["Error"]["Code"] not in MISSING or any(found == key for found, _ in self.keys(key)):
            raise error


def canonical(value: Any) -> bytes:
    """The same value always as the same bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _version(version: str) -> dict[str, str]:
    return {} if version == "null" else {"VersionId": version}


def _tagging(tags: Mapping[str, str]) -> str:
    fit = {name: "".join(c if c.isalnum() or c in ALLOWED_IN_TAGS else "_" for c in tags[name])[:256] for name in tags}
    return urlencode({name: value for name, value in fit.items() if value})
