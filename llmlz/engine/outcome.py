"""What an engine command did, as plain values, read from its event log.

The log holds no secret: the engine blinds them before it writes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmlz.engine.packs import Violation
from llmlz.errors import LlmlzError

MARKUP = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
"""Colours, as the engine writes them into its messages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One operation on one resource."""

    operation: str
    """The engine's word: same, create, update, replace, create-replacement, delete-replaced, delete, read, refresh."""

    urn: str
    changed: tuple[str, ...] = ()
    """Names of the inputs that changed."""

    replacing: tuple[str, ...] = ()
    """Names of the inputs that made it a replacement."""

    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """One message of the engine, the program or the provider."""

    severity: str
    """``info``, ``warning`` or ``error``."""

    message: str
    urn: str = ""
    """The resource that it is about; empty where it is about none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The end of one command."""

    command: str
    steps: tuple[Step, ...]
    diagnostics: tuple[Diagnostic, ...]
    changes: Mapping[str, int] = field(default_factory=dict)
    """Operation to number of resources, as the engine counts them; empty when it did not reach its end."""

    digest: Mapping[str, Any] = field(default_factory=dict)
    """What ``pulumi preview --json`` said; empty for other commands."""

    plan: Mapping[str, Any] = field(default_factory=dict)
    """What ``pulumi preview --save-plan`` wrote; empty for other commands."""

    violations: tuple[Violation, ...] = ()
    """What policy packs said."""

    def of(self, *operations: str) -> tuple[str, ...]:
        """URNs of the resources that one of these operations was for, sorted."""
        return tuple(sorted({step.urn for step in self.steps if step.operation in operations}))


class EngineError(LlmlzError):
    """A command of the engine failed."""

    def __init__(self, message: str, outcome: Outcome) -> None:
        """``message`` is for people; ``outcome`` is what was done before the failure."""
        super().__init__(message)
        self.outcome = outcome


def read_outcome(command: str, log: Path, digest: Mapping[str, Any], plan: Mapping[str, Any]) -> Outcome:
    """The outcome in an event log; one that was cut short by a kill is read as far as it goes."""
    events = list(_events(log))
    changes: dict[str, int] = {}
    for event in events:
        changes = event.get("summaryEvent", {}).get("resourceChanges", changes)
    return Outcome(
        command=command,
        steps=tuple(_steps(events)),
        diagnostics=tuple(_diagnostics(events)),
        changes=dict(sorted(changes.items())),
        digest=digest,
        plan=plan,
        violations=tuple(sorted({_violation(e["policyEvent"]) for e in events if "policyEvent" in e})),
    )


def _events(log: Path) -> Iterator[dict[str, Any]]:
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
    for line in lines:
        if line.endswith("\n"):  # the last one may have been cut
            yield json.loads(line)


def _steps(events: list[dict[str, Any]]) -> Iterator[Step]:
    failed = {e["resOpFailedEvent"]["metadata"]["urn"] for e in events if "resOpFailedEvent" in e}
    for event in events:
        if "resourcePreEvent" in event:
            found = event["resourcePreEvent"]["metadata"]
            yield Step(
                operation=found["op"],
                urn=found["urn"],
                changed=tuple(sorted(found.get("diffs") or ())),
                replacing=tuple(sorted(found.get("keys") or ())),
                failed=found["urn"] in failed,
            )


def _violation(event: Mapping[str, Any]) -> Violation:
    return Violation(
        policy=event["policyName"],
        urn=event.get("resourceUrn", ""),
        mandatory=event["enforcementLevel"] == "mandatory",
        message=MARKUP.sub("", event["message"]).strip(),
    )


def _diagnostics(events: list[dict[str, Any]]) -> Iterator[Diagnostic]:
    for event in events:
        found = event.get("diagnosticEvent")
        if found and not found.get("ephemeral") and found["severity"] != "debug":
            message = MARKUP.sub("", found["message"]).strip()
            yield Diagnostic(severity=found["severity"], message=message, urn=found.get("urn", ""))
