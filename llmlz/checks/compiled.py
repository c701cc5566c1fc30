"""Records as every check reads them: compiled, since reading a hundred YAML files takes longer than the check.

Owns: whether the compiled records are those of the files; where they are not, the files are read.
Does not own: compiling them (``packing``).
"""

import functools
from pathlib import Path

from llmlz.checks.records import OWN, POLICIES, controls
from llmlz.files import digest
from policies.pack import _record
from policies.pack._record import Record

RECORDS, OWN_RECORDS = "records.json", "own.json"


@functools.cache
def records() -> tuple[Record, ...]:
    """All controls, ordered by id; raises ``BadInputError`` where the files have changed and one is broken."""
    found: list[Record] = []
    for name, own in ((RECORDS, False), (OWN_RECORDS, True)):
        path = POLICIES / name
        if not path.exists() and own and not _sources(own=True):
            continue
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if not text or _record.digest(text) != sources_digest(own=own):
            return tuple(control.record() for control in controls())
        found += _record.load(text)
    return tuple(sorted(found, key=lambda record: record.id))


def sources_digest(*, own: bool = False) -> str:
    """Hash of the YAML files that the project's records, or those of the estate, are made of."""
    return digest([*_sources(own=own), POLICIES / "taggable.txt"])


def _sources(*, own: bool) -> list[Path]:
    folder = POLICIES / "controls"
    return [path for path in folder.rglob("*.yaml") if (path.parent.name == OWN) is own]
