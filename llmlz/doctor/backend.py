"""The store of a self-managed Pulumi backend: objects by key, in a folder or in a bucket.

Owns: reading, listing and deleting objects, and the keys of one stack. Does not own: what is in them.
Keys are those of pulumi 3.256.0, ``pkg/backend/diy/state.go``, ``store.go`` and ``lock.go``:
https://github.com/pulumi/pulumi/tree/v3.256.0/pkg/backend/diy (2026-11).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from llmlz.errors import BadInputError

BOOKKEEPING = ".pulumi"
ENDINGS = (".json", ".json.gz", ".json.zst")
BACKUP = ".bak"
BESIDE = ".attrs"
"""Ending of a file with the attributes of another: https://pkg.go.dev/gocloud.dev/blob/fileblob (2026-11)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object."""

    key: str
    modified: datetime


class Store(Protocol):
    """Objects by key; what cannot be reached raises ``OSError`` or an error of boto3."""

    local: bool
    """Whether only processes of this machine are expected to write there."""

    where: str
    """Its address, for a person."""

    def list(self, prefix: str) -> tuple[Stored, ...]:
        """Objects whose key starts so, by key."""

    def read(self, key: str) -> bytes:
        """What an object holds; raises ``KeyError`` when it is not there."""

    def delete(self, key: str) -> None:
        """Remove one object."""


@dataclass(frozen=True, slots=True)
class StackKeys:
    """Where a backend keeps one stack."""

    project: str
    stack: str

    @property
    def locks(self) -> str:
        """Start of the keys of its locks; there is one per process that holds one."""
        return f"{BOOKKEEPING}/locks/organization/{self.project}/{self.stack}/"

    @property
    def checkpoint(self) -> str:
        """Key of its state without the ending."""
        return f"{BOOKKEEPING}/stacks/{self.project}/{self.stack}"


class FolderStore:
    """A folder, as ``file://`` names it."""

    local = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.where = f"file://{folder}"

    def list(self, prefix: str) -> tuple[Stored, ...]:
        """Files below the folder of the prefix whose key starts with it."""
        start = self._folder / prefix if prefix.endswith("/") else (self._folder / prefix).parent
        found = sorted(path for path in start.rglob("*") if path.is_file()) if start.is_dir() else []
        keys = [(path.relative_to(self._folder).as_posix(), path) for path in found]
        return tuple(
            Stored(key, datetime.fromtimestamp(path.stat().st_mtime, UTC))
            for key, path in keys
            if key.startswith(prefix)
        )

    def read(self, key: str) -> bytes:
        """The file."""
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def delete(self, key: str) -> None:
        """Remove the file, and what the engine keeps beside each; one that is gone already is no error."""
        for name in (key, key + BESIDE):
            (self._folder / name).unlink(missing_ok=True)


class BucketStore:
    """A bucket, or what starts with a prefix in it, as ``s3://`` names it."""

    local = False

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client, self._bucket = client, bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.where = f"s3://{bucket}/{self._prefix}".rstrip("/")

    def list(self, prefix: str) -> tuple[Stored, ...]:
        """Objects of all pages."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        found = [item for page in pages for item in page.get("Contents", ())]
        return tuple(Stored(item["Key"].removeprefix(self._prefix), item["LastModified"]) for item in found)

    def read(self, key: str) -> bytes:
        """The object."""
        try:
            found: bytes = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            raise KeyError(key) from None
        return found

    def delete(self, key: str) -> None:
        """Remove the object; the bucket keeps its versions."""
        self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)


def open_store(url: str, s3_client: Callable[[Mapping[str, str]], Any]) -> Store:
    """The store of a backend's address, or of a folder; raises ``BadInputError`` for another kind of address.

    ``s3_client`` makes a client from the query of an ``s3://`` address, such as its region and profile.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return BucketStore(s3_client(query), parts.netloc, parts.path)
    if parts.scheme in ("file", ""):
        folder = _folder(url)
        if not (folder / BOOKKEEPING).is_dir():
            raise BadInputError(
                f"--state {url}: expected a folder with {BOOKKEEPING} in it, which `pulumi login` made; name that folder,"
                " or a file that `pulumi stack export` wrote"
            )
        return FolderStore(folder)
    raise BadInputError(f"--state {url}: expected a file, file://<folder> or s3://<bucket>")


def engine_url(url: str) -> str:
    """The same address as the engine takes it from any folder: that of a folder in full, with its scheme."""
    if urlsplit(url).scheme not in ("file", ""):
        return url
    _, mark, query = url.partition("?")
    return f"file://{_folder(url)}{mark}{query}"


def _folder(url: str) -> Path:
    return Path(os.path.expanduser(url.removeprefix("file://").partition("?")[0])).resolve()
