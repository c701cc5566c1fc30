"""A move as plain values: what changes, and what is wrong with it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from llmlz.graph.model import Source

Action = Literal["create", "update", "replace", "delete"]
Rule = Literal["replaced", "deleted", "loses", "protected", "refused", "undecided", "irreversible"]
ACTIONS: tuple[Action, ...] = ("create", "update", "replace", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one resource."""

    urn: str
    """Of the resource as it will be; of a deleted one, as it was."""

    type: str
    """Pulumi token."""

    action: Action
    properties: tuple[str, ...] = ()
    """Inputs that changed; of a replacement, those that force it."""

    judged_by: Literal["provider", "rows", "preview"] = "provider"
    """``rows`` where the provider at hand does not know the type."""

    @property
    def name(self) -> str:
        """Logical name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason why the move must not be made."""

    rule: Rule
    urn: str
    type: str
    properties: tuple[str, ...]
    because: str
    """What is lost, or what AWS says."""

    way_out: str
    source: Source | None = None
    """The line of the program that makes the resource."""

    @property
    def blocks(self) -> bool:
        """Whether the move fails for it; what cannot be taken back is only said."""
        return self.rule != "irreversible"

    def __str__(self) -> str:
        name, at = self.urn.rpartition("::")[2], f"{self.source} " if self.source else ""
        inputs = f" ({', '.join(self.properties)})" if self.properties else ""
        return f"{at}{name} [{self.type}] {self.rule}{inputs}: {self.because}\n    way out: {self.way_out}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Everything that a move would do."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Step to how long it took."""

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not any(finding.blocks for finding in self.findings)

    def of(self, *actions: Action) -> tuple[Change, ...]:
        """Changes with one of these actions."""
        return tuple(change for change in self.changes if change.action in actions)

    def counts(self) -> dict[str, dict[Action, int]]:
        """Type to action to number of resources."""
        found: dict[str, Counter[Action]] = {}
        for change in self.changes:
            found.setdefault(change.type, Counter())[change.action] += 1
        return {token: {a: count[a] for a in ACTIONS if count[a]} for token, count in sorted(found.items())}
