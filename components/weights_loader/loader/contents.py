"""What is in a file that was fetched: tensors or plain text, whatever its name says."""

import json
from pathlib import Path

from . import headers
from .manifest import File
from .problems import RefusedError

MAGIC = (
    (b"PK\x03\x04", "a zip archive, as torch.save writes"),
    (b"\x80\x02", "a pickle"),
    (b"\x80\x03", "a pickle"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"GGUF", "a GGUF file"),
    (b"version https://git-lfs", "a pointer of git-lfs and not the file it points at"),
    (b"<!DOCTYPE", "a page and not a file"),
    (b"<html", "a page and not a file"),
)
"""Starts of files that turn up where weights are expected, for a message that says so. None of them is taken in any
case: tensors need a sound header, and the rest is text."""

LONGEST_TEXT = 256 << 20
"""Bytes: tokenizers of today have some 30 MB."""


def check(path: Path, file: File, paths: frozenset[str]) -> None:
    """Raises ``RefusedError`` for a file that is not of the kind that its name says; ``paths`` are those of the entry."""
    with path.open("rb") as stream:
        start = stream.read(32)
        for magic, what in MAGIC:
            # the length of a header can look like the start of anything, and then the rest is checked
            if start.startswith(magic) and not (file.path.endswith(".safetensors") and start[8:9] == b"{"):
                raise RefusedError(f"{file.path} is {what}")
        stream.seek(0)
        try:
            if file.path.endswith(".safetensors"):
                headers.check(stream, file.size)
                return
        except RefusedError as error:
            raise RefusedError(f"{file.path} is no sound safetensors file: {error}") from error
        if file.size > LONGEST_TEXT:
            raise RefusedError(f"{file.path} has {file.size} bytes of text, {LONGEST_TEXT} at most")
        content = stream.read()
    _check_text(content, file, paths)


def _check_text(content: bytes, file: File, paths: frozenset[str]) -> None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file.path} is no text") from error
    if "\0" in text:
        raise RefusedError(f"{file.path} is no text: it holds a zero byte")
    if not file.path.endswith(".json"):
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{file.path} is no JSON") from error
    if file.path.endswith(".safetensors.index.json"):
        _check_index(found, file, paths)


def _check_index(found: object, file: File, paths: frozenset[str]) -> None:
    """An index names only files of the entry: a server would fetch or miss the others."""
    mapped = found.get("weight_map") if isinstance(found, dict) else None
    if not isinstance(mapped, dict) or not mapped or not all(isinstance(each, str) for each in mapped.values()):
        raise RefusedError(f"{file.path} has no weight_map")
    folder = file.path.rpartition("/")[0]
    missing = sorted({each for each in mapped.values() if (f"{folder}/{each}" if folder else each) not in paths})
    if missing:
        raise RefusedError(f"{file.path} names {missing[0][:80]!r}, which is not in the manifest")
