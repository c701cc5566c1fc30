"""Files out of a mirror of a hub or a staging prefix in S3 onto a disk, checked while they arrive."""

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from .manifest import File, Manifest
from .problems import RefusedError, UnreachableError

CHUNK = 8 << 20
SECONDS = 60
"""Without a byte, until a connection is given up."""

FINAL = {"403", "404", "416", "AccessDenied", "InvalidRange", "NoSuchKey"}
"""Answers that stay the same: nobody gets in by trying again, and what ends before the byte that is asked for is shorter
than the file that was looked at."""


class Source(Protocol):
    """Where files come from."""

    def open(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """Chunks of a file, and from which byte on: ``start``, or 0 where the source cannot begin in between."""

    def unlisted(self, paths: frozenset[str]) -> Sequence[str]:
        """Files that lie there and are not among ``paths``, as far as the source can say."""


class _TlsOnly(urllib.request.HTTPRedirectHandler):
    """Mirrors send their callers on to where the files are; never to an address without TLS."""

    def redirect_request(  # noqa: PLR0917 (the signature is the library's)
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        if not newurl.startswith("https://"):
            raise RefusedError("the source sends its callers to an address without TLS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class WebSource:
    """A mirror of a hub: ``<base>/<path>``. It has no list of its files, so that nothing can lie beside them."""

    def __init__(self, base: str, opener: urllib.request.OpenerDirector | None = None) -> None:
        """Files below ``base``; ``opener`` is for tests."""
        self._base, self._opener = base, opener or urllib.request.build_opener(_TlsOnly())

    def open(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """See ``Source``."""
        asked = {"Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
        request = urllib.request.Request(f"{self._base}/{quote(path)}", headers=asked)  # noqa: S310 (read() takes https alone)
        try:
            answer = self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            kind = RefusedError if str(error.code) in FINAL else UnreachableError
            raise kind(f"the source answers {error.code} for {path}") from error
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"the source does not answer for {path}: {type(error).__name__}") from error
        ranged = (
            start
            and answer.status == http.HTTPStatus.PARTIAL_CONTENT
            and answer.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        )
        return (start if ranged else 0), _chunks(answer.read, path)

    def unlisted(self, paths: frozenset[str]) -> Sequence[str]:
        """See ``Source``."""
        return ()


class BucketSource:
    """A staging prefix: ``s3://bucket/prefix``. What lies there and is not in the manifest was not looked at."""

    def __init__(self, address: str, client: Any) -> None:
        """Files below ``address``, read with the S3 client of the loader's role."""
        parts = urlsplit(address)
        self._bucket, self._prefix, self._client = parts.netloc, f"{parts.path.strip('/')}/".lstrip("/"), client

    def open(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """See ``Source``."""
        ranged = {"Range": f"bytes={start}-"} if start else {}
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=f"{self._prefix}{path}", **ranged)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            kind = RefusedError if code in FINAL else UnreachableError
            raise kind(f"the source answers {code} for {path}") from error
        except BotoCoreError as error:
            raise UnreachableError(f"the source does not answer for {path}: {type(error).__name__}") from error
        return start, _chunks(answer["Body"].read, path)

    def unlisted(self, paths: frozenset[str]) -> Sequence[str]:
        """See ``Source``."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            found = [each["Key"].removeprefix(self._prefix) for page in pages for each in page.get("Contents", ())]
        except (ClientError, BotoCoreError) as error:
            raise UnreachableError(f"the source cannot be listed: {type(error).__name__}") from error
        return sorted(set(found) - paths)


def source_of(manifest: Manifest, client: Any) -> Source:
    """The source that a manifest names."""
    return BucketSource(manifest.source, client) if manifest.source.startswith("s3://") else WebSource(manifest.source)


def fetch(source: Source, file: File, folder: Path) -> Path:
    """The file on the disk, whole and with its hash; what an interrupted run left is gone on with.

    It is called by its hash: no name of the source ever becomes a path. Raises ``RefusedError`` for another content.
    """
    target = folder / file.sha256
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(target, flags, 0o600), "r+b") as out:
        digest, have = _read_again(out, file)
        if have < file.size:
            start, chunks = source.open(file.path, have)
            if start != have:
                digest, have = hashlib.sha256(), 0
                out.seek(0)
                out.truncate()
            for chunk in chunks:
                have += len(chunk)
                if have > file.size:
                    out.truncate(0)
                    raise RefusedError(f"{file.path} is longer than {file.size} bytes")
                digest.update(chunk)
                out.write(chunk)
        if have < file.size:
            raise UnreachableError(f"{file.path} ended after {have} of {file.size} bytes")
        if digest.hexdigest() != file.sha256:
            out.truncate(0)
            raise RefusedError(f"{file.path} has the sha256 {digest.hexdigest()}, not {file.sha256}")
    return target


def _read_again(out: Any, file: File) -> tuple[Any, int]:
    """Hash and length of what is on the disk already; too much of it is thrown away."""
    digest, have = hashlib.sha256(), 0
    while chunk := out.read(CHUNK):
        digest.update(chunk)
        have += len(chunk)
    if have <= file.size:
        return digest, have
    out.seek(0)
    out.truncate()
    return hashlib.sha256(), 0


def _chunks(read: Callable[[int], bytes], path: str) -> Iterator[bytes]:
    """What a connection gives, until its end; a broken one is no end."""
    try:
        while chunk := read(CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException, BotoCoreError) as error:
        raise UnreachableError(f"the source stopped within {path}: {type(error).__name__}") from error
