"""What is to be loaded: one entry of the platform's list of weights, with all that is needed to judge it."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .problems import ManifestError

FORMAT = 1
"""Raised when a field vanishes or changes its meaning."""

RECORD = "provenance.json"
"""Written last, beside the files: what serves weights waits for it."""

NAME, HASH = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}"), re.compile(r"[0-9a-f]{64}")
REVISION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
LONGEST = 255
"""Characters of a path, far below what S3 takes."""

KINDS = (".safetensors", ".json", ".txt")
"""Tensors, and the plain text that tokenizers and settings are written in. Nothing that a loader could run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One file, as it was looked at when the entry was approved."""

    path: str
    """Below the entry's folder, with slashes."""

    sha256: str
    """64 hexadecimal digits."""

    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What one run loads."""

    bucket: str
    """The store."""

    files: tuple[File, ...]
    """Every file, and there are no others."""

    kms_key_arn: str
    """Key of the store; every object names it."""

    licence: str
    """One of those that the company accepts."""

    name: str
    """The entry's name in the platform's list."""

    repository: str
    """Where the weights were published, such as ``Qwen/Qwen2.5-7B-Instruct``."""

    revision: str
    """The commit that was looked at."""

    source: str
    """``https://`` address or ``s3://bucket/prefix`` that the paths of the files are appended to."""

    base: str | None
    """The entry whose weights an adapter changes; ``None`` for weights of their own."""

    @property
    def prefix(self) -> str:
        """Where in the store everything lies; it ends with a slash."""
        return f"weights/{self.name}/{self.revision}/"


def read(text: str) -> Manifest:
    """The manifest; raises ``ManifestError`` with the first thing that is wrong."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"the manifest is no JSON: {error}") from error
    names = {"accepted_licences", "base", "bucket", "files", "format", "kms_key_arn", "licence", "name"}
    names |= {"repository", "revision", "source"}
    if not isinstance(found, dict) or set(found) != names:
        raise ManifestError(f"the manifest has other fields than {', '.join(sorted(names))}")
    if found.pop("format") != FORMAT:
        raise ManifestError(f"the manifest is of another format than {FORMAT}")
    accepted = found.pop("accepted_licences")
    if not isinstance(accepted, list) or found["licence"] not in accepted:
        raise ManifestError(f"licence {found['licence']!r} is not among the accepted ones")
    for name, pattern in (("name", NAME), ("repository", REPOSITORY), ("revision", REVISION)):
        if not isinstance(found[name], str) or not pattern.fullmatch(found[name]):
            raise ManifestError(f"{name} is {found[name]!r}, which is none")
    for name in ("bucket", "kms_key_arn", "licence"):
        if not isinstance(found[name], str) or not found[name]:
            raise ManifestError(f"{name} is missing")
    if found["base"] is not None and not isinstance(found["base"], str):
        raise ManifestError("base is not the name of an entry")
    found["source"] = _source(found["source"])
    found["files"] = _files(found["files"])
    return Manifest(**found)


def _source(value: Any) -> str:
    """An address without a secret in it: it stands in the cluster for everybody to read."""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("https", "s3") or not parts.hostname:
        raise ManifestError("source is neither an https:// address nor an s3:// prefix")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ManifestError("source holds a query, a fragment or a name of a user, where secrets stand")
    return str(value).rstrip("/")


def _files(value: Any) -> tuple[File, ...]:
    if not isinstance(value, list) or not value:
        raise ManifestError("files is empty; without their hashes nothing can be loaded")
    files = tuple(_file(each) for each in value)
    seen: set[str] = set()
    for file in files:
        if file.path.lower() in seen:
            raise ManifestError(f"{file.path} is listed twice")
        seen.add(file.path.lower())
    if not any(file.path.endswith(".safetensors") for file in files):
        raise ManifestError("files holds no .safetensors file")
    return files


def _file(value: Any) -> File:
    if not isinstance(value, dict) or set(value) != {"path", "sha256", "size"}:
        raise ManifestError("a file has other fields than path, sha256 and size")
    path, digest, size = value["path"], value["sha256"], value["size"]
    if not isinstance(path, str) or len(path) > LONGEST or not all(PART.fullmatch(part) for part in path.split("/")):
        raise ManifestError(f"{str(path)[:80]!r} is no plain path below the entry's folder")
    if not path.endswith(KINDS) or path == RECORD:
        raise ManifestError(f"{path} is not one of {', '.join(KINDS)}; other files can carry code")
    if not isinstance(digest, str) or not HASH.fullmatch(digest):
        raise ManifestError(f"{path} has no sha256 of 64 hexadecimal digits")
    if type(size) is not int or size <= 0:
        raise ManifestError(f"{path} has no size in bytes")
    return File(path=path, sha256=digest, size=size)
