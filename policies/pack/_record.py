"""A control's record, as far as deciding needs it: what to look at, who decides, from which level on.

Records are written as YAML under ``policies/controls`` and validated there; ``policies/records.json`` holds what is
needed here, so that the pack starts fast and needs no reader of YAML.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "high", "medium", "low"]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One control."""

    id: str
    title: str
    why: str
    severity: Severity
    advisory_from: int
    """Assurance level from which the control is reported."""

    mandatory_from: int
    """Assurance level from which it blocks."""

    evaluator: str
    """Who decides: ``code`` of this pack, ``checkov``, or ``manual``, which is a person."""

    rule: str
    """Module under ``policies/pack`` that decides; empty where none does."""

    checkov: tuple[str, ...]
    """Checks of checkov that decide it, or a part of it."""

    scope: str
    """``resource`` or ``stack``."""

    types: frozenset[str] | None
    """Types that the rule looks at; ``None`` for every type."""

    needs: Mapping[str, Any]
    needs_from: Mapping[int, Mapping[str, Any]]
    remediation: str

    def parameters(self, level: int) -> Mapping[str, Any]:
        """``needs`` as they are at one level."""
        found = dict(self.needs)
        for start in sorted(self.needs_from):
            if start <= level:
                found |= self.needs_from[start]
        return found


def dump(records: tuple[Record, ...], digest: str = "") -> str:
    """Records as JSON text, one a line, so that a change of a control reads as one; ``digest`` says of which files."""
    lines = ",\n".join(json.dumps(_plain(record)) for record in records)
    return f'{{"digest": {json.dumps(digest)}, "records": [\n{lines}\n]}}\n'


def load(text: str) -> tuple[Record, ...]:
    """The records that ``dump`` wrote; raises ``ValueError``, ``TypeError`` or ``KeyError`` for anything else."""
    found = json.loads(text)["records"]
    if not found:
        raise ValueError("no record found")
    return tuple(_record(raw) for raw in found)


def digest(text: str) -> str:
    """Of which files the records in ``text`` were made; raises as ``load`` does."""
    return str(json.loads(text)["digest"])


def _plain(record: Record) -> dict[str, Any]:
    plain = {name: getattr(record, name) for name in Record.__dataclass_fields__}
    return plain | {"types": None if record.types is None else sorted(record.types)}


def _record(raw: Mapping[str, Any]) -> Record:
    types = None if raw["types"] is None else frozenset(raw["types"])
    return Record(
        **{
            **raw,
            "types": types,
            "checkov": tuple(raw["checkov"]),
            "needs_from": {int(level): needs for level, needs in raw["needs_from"].items()},
        }
    )
