"""What a rehearsal cannot verify, as a committed list with reasons: nothing becomes unverified unnoticed."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from ruamel.yaml import YAML

from llmlz.rehearsal.names import DATA

Gap = Literal["dropped", "refused", "unlinked", "untranslated"]
"""Dropped: the provider has no such argument. Refused: it knows no such type, or refuses a value that is right.

Unlinked: a value comes from another resource, but no longer shows it. Untranslated: the type is not in the table.
"""


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One thing that was not verified."""

    kind: Gap
    token: str
    property: str
    """Property path; for unlinked ones ``path -> token`` of the resource behind it; empty for a whole type."""

    urn: str = field(default="", compare=False)
    """One resource that shows it."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.token, self.property) if part)


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the committed list."""

    kind: Gap
    token: str
    """A ``*`` stands for any text, here and in the property."""

    property: str
    reason: str
    value: Any = None
    """For refused values: the value that is right and that this provider does not know yet."""

    use: Any = None
    """What is rehearsed in its place; nothing if left out."""

    def covers(self, row: Row) -> bool:
        """Whether this row explains ``row``."""
        wanted = f"{self.property} = {self.value}" if self.value is not None else self.property
        return self.kind == row.kind and fnmatchcase(row.token, self.token) and fnmatchcase(row.property, wanted)

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.token, self.property) if part)


@functools.cache
def committed() -> tuple[Known, ...]:
    """The list in ``data/unverified.yaml``; raises ``TypeError`` for a row with a missing or unknown field."""
    rows = YAML(typ="safe", pure=True).load((DATA / "unverified.yaml").read_text(encoding="utf-8")) or []
    return tuple(Known(**row) for row in rows)


def compare(found: Iterable[Row], known: Iterable[Known]) -> tuple[tuple[Row, ...], tuple[Known, ...]]:
    """Rows that nobody wrote down, and rows written down that no longer occur. Either fails a build."""
    rows, listed = sorted(set(found)), tuple(known)
    new = tuple(row for row in rows if not any(k.covers(row) for k in listed))
    stale = tuple(k for k in listed if not any(k.covers(row) for row in rows))
    return new, stale


def substitute(value: Any, path: str, known: Known) -> tuple[Any, bool]:
    """``value`` with a refused value replaced at ``path``, and whether it was there."""
    if isinstance(value, list):
        done = [substitute(item, path, known) for item in value]
        return [item for item, _ in done], any(hit for _, hit in done)
    head, _, rest = path.partition(".")
    if not isinstance(value, dict) or head not in value:
        return value, False
    if rest:
        inner, hit = substitute(value[head], rest, known)
        return {**value, head: inner}, hit
    if value[head] != known.value:
        return value, False
    others = {k: v for k, v in value.items() if k != head}
    return (others if known.use is None else {**others, head: known.use}), True
