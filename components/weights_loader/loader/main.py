"""``python -m loader.main <manifest> --scratch <folder>``: load one entry into the store. Exit codes: ``problems``."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from . import contents
from .fetch import Source, fetch, source_of
from .manifest import FORMAT, File, Manifest, read
from .problems import (
    BAD_MANIFEST,
    REFUSED,
    STORED,
    UNREACHABLE,
    ManifestError,
    RefusedError,
    UnreachableError,
)
from .store import Store

TRIES, PAUSE = 5, 10
"""A connection that breaks within gigabytes is usual: a file is gone on with, after seconds that double."""


def run(manifest: Manifest, source: Source, store: Store, scratch: Path) -> int:
    """Fetch and check everything, then store everything, then write the record; how many files were stored."""
    record = _facts(manifest)
    missing = store.missing()
    before = store.record()
    if before is not None and {name: before.get(name) for name in record} != record:
        raise RefusedError("the store holds a record of other files under this revision")
    if before is not None and not missing:
        return 0
    paths = frozenset(file.path for file in manifest.files)
    if unlisted := source.unlisted(paths):
        raise RefusedError(f"the source holds {unlisted[0]!r}, which is not in the manifest")
    ready = []
    for file in missing:
        _say(f"fetching {file.path}, {file.size} bytes")
        path = _patiently(source, file, scratch)
        contents.check(path, file, paths)
        ready.append((file, path))
    for file, path in ready:
        _say(f"storing {file.path}")
        store.put(file, path)
        path.unlink()
    if store.missing():
        raise UnreachableError("the store does not show what was just stored")
    store.put_record({**record, "stored_at": datetime.now(UTC).isoformat(timespec="seconds")})
    return len(ready)


def _patiently(source: Source, file: File, scratch: Path) -> Path:
    for attempt in range(1, TRIES):
        try:
            return fetch(source, file, scratch)
        except UnreachableError as error:
            _say(f"{error}; trying again")
            time.sleep(PAUSE * 2 ** (attempt - 1))
    return fetch(source, file, scratch)


def _facts(manifest: Manifest) -> dict[str, Any]:
    """What the record says of the entry, the same for every run."""
    return {
        "format": FORMAT,
        "name": manifest.name,
        "repository": manifest.repository,
        "revision": manifest.revision,
        "licence": manifest.licence,
        "base": manifest.base,
        "source": manifest.source,
        "files": [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in manifest.files],
    }


def main(arguments: Sequence[str] | None = None, client: Any = None) -> int:
    """Run as the arguments say; the exit code."""
    parser = argparse.ArgumentParser(prog="loader", description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--scratch", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        manifest = read(given.manifest.read_text("utf-8"))
        client = client or boto3.client("s3")
        stored = run(manifest, source_of(manifest, client), Store(manifest, client), given.scratch)
    except (ManifestError, UnicodeDecodeError) as error:
        return _end(BAD_MANIFEST, f"nothing was loaded: {error}")
    except RefusedError as error:
        return _end(REFUSED, f"nothing is released: {error}")
    except (UnreachableError, OSError) as error:
        return _end(UNREACHABLE, f"not finished: {error}")
    return _end(STORED, f"{stored} files were stored, and s3://{manifest.bucket}/{manifest.prefix} is whole")


def _say(text: str) -> None:
    print(text, flush=True)


def _end(code: int, text: str) -> int:
    _say(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
