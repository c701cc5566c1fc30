"""Masked copies by format: structured documents stay structured, and what cannot be read as what it says it is, is left out."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from .masking import FEWEST_DIGITS, Masker, personal, plain

FORMATS = frozenset({".csv", ".json", ".jsonl", ".md", ".txt"})
"""Others hide text from a reader of plain text: entities, markup, compression."""


class LeftOutError(Exception):
    """No masked copy is made; the reason never quotes the document."""


def masked(key: str, text: str, masker: Masker) -> tuple[str, str]:
    """Suffix and masked text of a document; raises ``LeftOutError`` for one that is not what its name says."""
    suffix = PurePosixPath(key).suffix.lower()
    if suffix not in FORMATS:
        raise LeftOutError("format")
    try:
        if suffix == ".json":
            return suffix, _json(text, masker)
        if suffix == ".jsonl":
            return suffix, "".join(_json(line, masker, None) + "\n" for line in text.splitlines() if line.strip())
        if suffix == ".csv":
            return suffix, _csv(text, masker)
    except (csv.Error, RecursionError, ValueError):
        raise LeftOutError(f"not {suffix[1:]}") from None
    return suffix, masker.document(text)


def _json(text: str, masker: Masker, indent: int | None = 1) -> str:
    value = json.loads(text)
    return json.dumps(_walked(value, masker, list(_names(value))), ensure_ascii=False, indent=indent)


def _names(value: Any, *, inside: bool = False) -> Iterator[str]:
    """Every text below a field that holds something about a person."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _names(item, inside=inside or personal(key))
        case list():
            for item in value:
                yield from _names(item, inside=inside)
        case str() if inside:
            yield plain(value)


def _walked(value: Any, masker: Masker, names: list[str]) -> Any:
    match value:
        case dict():
            return {masker.text(plain(key), names): _walked(item, masker, names) for key, item in value.items()}
        case list():
            return [_walked(item, masker, names) for item in value]
        case str():
            return masker.text(plain(value), names)
        case bool() | None:
            return value
    written = json.dumps(value)
    many = sum(c.isdigit() for c in written) >= FEWEST_DIGITS
    return masker.pseudonym("number", written) if many else value


def _csv(text: str, masker: Masker) -> str:
    """Rows with the delimiter that the first line has most of."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    if not rows or any(len(row) not in {0, len(rows[0])} for row in rows):
        raise ValueError("rows of different lengths")
    columns = [number for number, name in enumerate(rows[0]) if personal(name)]
    names = [plain(row[number]) for row in rows[1:] if row for number in columns]
    out = io.StringIO()
    written = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    written.writerow([masker.text(plain(cell)) for cell in rows[0]])
    written.writerows([[masker.text(plain(cell), names) for cell in row] for row in rows[1:]])
    return out.getvalue()
