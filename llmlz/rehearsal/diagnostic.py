"""What Terraform and the provider say about a document, as values."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OVERRIDES = "Provider development overrides"
"""How a remark starts that speaks of how the provider was found, not of the document."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that Terraform or the provider says about a document."""

    severity: str
    """``error`` or ``warning``."""

    summary: str
    detail: str
    address: str | None
    """Terraform address of the resource, where it is known."""

    file: str | None = None
    line: int | None = None
    """Line of ``file``, counted from one."""


def diagnostics(raw: Iterable[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """Diagnostics in Terraform's JSON form, without remarks about the tool itself."""
    for one in raw:
        if one["summary"].startswith(OVERRIDES):
            continue
        where = one.get("range") or {}
        yield Diagnostic(
            severity=one["severity"],
            summary=one["summary"],
            detail=one.get("detail", ""),
            address=one.get("address"),
            file=where.get("filename"),
            line=where.get("start", {}).get("line"),
        )


def streamed(lines: Iterable[str]) -> Iterator[Diagnostic]:
    """The diagnostics among the messages that a command writes one a line."""
    messages = (json.loads(line) for line in lines if line.startswith("{"))
    yield from diagnostics(message["diagnostic"] for message in messages if "diagnostic" in message)
