"""A control's record, as far as deciding needs it: what to look at, with which rule, from which level on.

Records are written as YAML under ``policies/controls`` and validated there; ``policies/records.json`` holds what is
needed here, so that the pack starts fast and needs no reader of YAML.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Record:
    """One control that a rule of this pack decides."""

    id: str
    title: str
    why: str
    severity: str
    advisory_from: int
    """Assurance level from which the control is reported."""

    mandatory_from: int
    """Assurance level from which it blocks."""

    rule: str
    """Module under ``policies/pack`` that decides."""

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


def dump(records: tuple[Record, ...]) -> str:
    """Records as JSON text, one a line, so that a change of a control reads as one."""
    return "[\n" + ",\n".join(json.dumps(_plain(record)) for record in records) + "\n]\n"


def load(text: str) -> tuple[Record, ...]:
    """The records that ``dump`` wrote; raises ``ValueError`` or ``TypeError`` for anything else."""
    found = json.loads(text)
    if not isinstance(found, list) or not found:
        raise ValueError("no record found")
    return tuple(_record(raw) for raw in found)


def _plain(record: Record) -> dict[str, Any]:
    plain = {name: getattr(record, name) for name in Record.__dataclass_fields__}
    return plain | {"types": None if record.types is None else sorted(record.types)}


def _record(raw: Mapping[str, Any]) -> Record:
    types = None if raw["types"] is None else frozenset(raw["types"])
    return Record(
        **{**raw, "types": types, "needs_from": {int(level): needs for level, needs in raw["needs_from"].items()}}
    )
