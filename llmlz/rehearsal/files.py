"""Files in a graph, as bytes: code archives and single assets.

The same content gives the same bytes, whenever and wherever it is written.
"""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.plain import ARCHIVE, ASSET
from llmlz.graph.record import ROOT

READABLE = 0o644 << 16
"""Unix permissions of a file in an archive; code that its runtime cannot read fails only when called."""

LEFT_OUT = ("__pycache__",)


def is_file(value: Any) -> bool:
    """Whether a value of a graph is an asset or an archive."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in (ASSET, ARCHIVE)


def content(value: Mapping[str, Any], root: Path = ROOT) -> tuple[str, bytes]:
    """Suffix and bytes of an asset or archive; paths are read under ``root``.

    Raises ``BadInputError`` for a path that does not exist.
    """
    if ASSET in value:
        (data,) = [data for _, data in _members("", value, root)]
        return ".bin", data
    path = value[ARCHIVE].get("path")
    if isinstance(path, str) and (root / path).is_file():
        return ".zip", (root / path).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _members("", value, root):
            entry = zipfile.ZipInfo(name)  # its date is fixed
            entry.external_attr, entry.compress_type = READABLE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return ".zip", buffer.getvalue()


def digest(data: bytes) -> str:
    """The hash by which Lambda tells code apart."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _members(name: str, value: Mapping[str, Any], root: Path) -> Iterator[tuple[str, bytes]]:
    ((kind, inner),) = value.items()
    if kind == ASSET and "text" in inner:
        yield name, inner["text"].encode()
    elif isinstance(inner.get("path"), str):
        yield from _on_disk(name, root / inner["path"])
    else:
        for part, item in sorted(inner.items()):
            yield from _members(f"{name}/{part}" if name else part, item, root)


def _on_disk(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_file():
        yield name, path.read_bytes()
    elif path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file() and not set(p.parts) & set(LEFT_OUT)):
            part = file.relative_to(path).as_posix()
            yield f"{name}/{part}" if name else part, file.read_bytes()
    else:
        raise BadInputError(f"{path} does not exist, but a resource is made from it; make the file or correct the path")
