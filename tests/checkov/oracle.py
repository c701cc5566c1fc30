"""checkov's verdicts on its own examples, as graphs."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "LLMLZ_ORACLE"
FILE = "checkov_aws.jsonl"


def folder() -> Path | None:
    """Where the verdicts are; ``None`` where nobody has said."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


@dataclass(frozen=True)
class Line:
    """One folder's resource, or a folder of connected ones."""

    folder: str
    literal: bool
    connected: bool
    resources: tuple[Mapping[str, Any], ...]
    verdicts: Mapping[tuple[str, str], str]
    """Check and address to verdict."""


def lines(where: Path) -> list[Line]:
    """Literal resources first, then connected ones."""
    found = []
    for text in (where / FILE).read_text(encoding="utf-8").splitlines():
        raw = json.loads(text)
        if raw.get("kind") == "graph":
            given = {r["address"] for r in raw["resources"]}  # data sources are no resources, in Pulumi least of all
            every = ((check, at, v) for check, by_address in raw["verdicts"].items() for at, v in by_address.items())
            verdicts = {(check, at): v for check, at, v in every if at in given}
            found.append(Line(raw["folder"], raw["literal"], True, tuple(raw["resources"]), verdicts))
        elif raw["literal"]:
            verdicts = {(check, raw["address"]): verdict for check, verdict in raw["verdicts"].items()}
            found.append(Line(raw["folder"], True, False, (raw,), verdicts))
    return sorted(found, key=lambda line: line.connected)


def cases(line: Line) -> Iterator[tuple[str, str, str]]:
    """Check, address and verdict of what was decided."""
    for (check, address), verdict in sorted(line.verdicts.items()):
        if verdict in ("PASSED", "FAILED"):
            yield check, address, verdict
