"""What each tier promises, as data: the table in the reference is made from it, and tests look at every cell."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from stacks.files import display, read_mapping
from stacks.problems import SettingsError
from stacks.settings.base import Settings
from stacks.tier import TIERS
from stacks.validate import parse

FILE = Path(__file__).parent / "capabilities.yaml"


class Promise(Settings):
    """One thing that a tier adds, and what shows it; or what is not built yet."""

    says: str = ""
    """The promise."""
    platform: list[str] = Field(default=[])
    """Logical names in the graph of a platform."""
    runtime: list[str] = Field(default=[])
    """Logical names in the graph of a runtime."""
    team: list[str] = Field(default=[])
    """Logical names in the graph of a team."""
    organization: list[str] = Field(default=[])
    """Logical names in the graph of the organization."""
    gone: list[str] = Field(default=[])
    """Logical names that the graph of a platform has no longer."""
    settings: dict[str, Any] = Field(default={})
    """Dotted path of a platform's setting to its value; of a runtime's, or what its tier says of it, below ``runtime``."""
    until: str = TIERS[-1]
    """The last tier that has it."""
    absent: str = ""
    """What is not built yet, and what it comes with."""

    @model_validator(mode="after")
    def _shown_or_absent(self) -> "Promise":
        shown = bool(self.platform or self.runtime or self.team or self.organization or self.gone or self.settings)
        if self.until not in TIERS or bool(self.says) == bool(self.absent) or shown == bool(self.absent):
            raise ValueError("a promise with what shows it, or the word for what is absent")
        return self


class Capability(Settings):
    """One row: what every tier adds."""

    foundation: list[Promise]
    """At the lowest tier."""
    repeatable: list[Promise]
    """Added to it."""
    reliable: list[Promise]
    """Added to that."""
    scaled: list[Promise]
    """Added to all."""

    def added(self, tier: str) -> list[Promise]:
        """What a tier adds."""
        found: list[Promise] = getattr(self, tier)
        return found

    def held(self, tier: str) -> list[Promise]:
        """Everything that holds at a tier."""
        below = TIERS[: TIERS.index(tier) + 1]
        return [
            promise
            for name in below
            for promise in self.added(name)
            if promise.says and TIERS.index(promise.until) >= TIERS.index(tier)
        ]


@cache
def capabilities() -> Mapping[str, Capability]:
    """Name to row, in the file's order; raises ``SettingsError``."""
    rows, problems = {}, []
    for name, raw in read_mapping(FILE).items():
        row, found = parse(Capability, raw, file=display(FILE), at=str(name))
        problems += found
        if row:
            rows[str(name)] = row
    if problems:
        raise SettingsError(problems)
    return rows
