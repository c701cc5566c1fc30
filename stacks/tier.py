"""Tiers as data: what a tier sets, and what it does not let anyone change."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from stacks.files import display, read_mapping
from stacks.problems import SettingsError
from stacks.settings.base import Settings
from stacks.validate import parse

TIERS: tuple[str, ...] = ("foundation", "repeatable", "reliable", "scaled")
"""In the order of the climb."""

FOLDER = Path(__file__).parent / "tiers"


class Lock(Settings):
    """What one setting may be. Exactly one rule, and the reason that is shown to whoever runs into it."""

    reason: str
    """Why."""
    absent: bool | None = None
    """The tier has no such thing."""
    at_least: float | None = None
    """The smallest number."""
    at_most: float | None = None
    """The largest number."""
    at_most_items: int | None = None
    """The longest list."""
    one_of: list[Any] | None = None
    """The only values."""
    only_items: list[Any] | None = None
    """What a list may hold."""
    with_items: list[Any] | None = None
    """What a list must hold."""
    not_one_of: list[Any] | None = None
    """Values that are refused."""
    allowed_from: str | None = None
    """The lowest tier that lets the setting go further; none if left out."""

    @model_validator(mode="after")
    def _one_rule(self) -> "Lock":
        if len(self._rules()) != 1:
            raise ValueError(f"exactly one of {', '.join(RULES)}")
        return self

    def _rules(self) -> dict[str, Any]:
        rules = {name: getattr(self, name) for name in RULES}
        return {name: value for name, value in rules.items() if value is not None}

    def permits(self, value: Any) -> bool:
        """Whether a setting may have this value; a value of a type that the rule does not fit is not permitted."""
        ((rule, limit),) = self._rules().items()
        if rule in ("at_least", "at_most"):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and (value >= limit if rule == "at_least" else value <= limit)
        if rule in ("at_most_items", "only_items", "with_items"):
            return isinstance(value, list) and _list_permitted(rule, limit, value)
        return {
            "absent": False,
            "one_of": value in (self.one_of or []),
            "not_one_of": value not in (self.not_one_of or []),
        }[rule]

    def says(self) -> str:
        """The rule in words."""
        ((rule, limit),) = self._rules().items()
        if rule == "absent":
            return "not to be set at this tier"
        words = rule.replace("_", " ")
        return f"{words} {', '.join(map(_word, limit))}" if isinstance(limit, list) else f"{words} {_plain(limit)}"

    def tightens(self, other: "Lock") -> bool:
        """Whether everything that this lock permits is permitted by ``other`` too."""
        ((rule, limit),) = self._rules().items()
        ((theirs, other_limit),) = other._rules().items()
        if rule != theirs:
            return rule == "one_of" and all(other.permits(value) for value in limit)
        if rule in ("at_most", "at_most_items"):
            return bool(limit <= other_limit)
        if rule in ("not_one_of", "with_items"):
            return all(value in limit for value in other_limit)
        if rule in ("one_of", "only_items"):
            return all(value in other_limit for value in limit)
        return rule == "absent" or bool(limit >= other_limit)


def _list_permitted(rule: str, limit: Any, value: Sequence[Any]) -> bool:
    if rule == "at_most_items":
        return bool(len(value) <= limit)
    return all(item in limit for item in value) if rule == "only_items" else all(item in value for item in limit)


def _word(value: Any) -> str:
    """As it is written in YAML."""
    return "null" if value is None else str(value)


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


RULES: Sequence[str] = (
    "absent",
    "at_least",
    "at_most",
    "at_most_items",
    "not_one_of",
    "one_of",
    "only_items",
    "with_items",
)

UnitPolicy = Literal["service_control", "resource_control", "ai_opt_out", "bedrock"]
"""Kinds of organization policy."""


class Layered(Settings):
    """What lies under the values of a stack, and over them."""

    defaults: dict[str, Any] = Field(default={})
    """Settings that apply unless someone says otherwise."""
    locks: dict[str, Lock] = Field(default={})
    """Dotted path of a setting to what it may be."""


class RuntimeTier(Layered):
    """What a tier says about the runtimes on its platforms."""

    most_gpus: Annotated[int, Field(ge=0)]
    """The most GPUs that all pools of a cluster may have together."""


class Tier(Layered):
    """One tier, with everything that it takes over from the tier below."""

    level: Annotated[int, Field(ge=1, le=4)]
    """Assurance level: what controls speak of."""
    fixed_cost_ceiling_usd: Annotated[int, Field(ge=1)]
    """The most that an idle platform of this tier may cost a month, without optional parts."""
    runtime: RuntimeTier
    """The same for runtimes."""
    unit_policies: list[UnitPolicy]
    """Policies that an organization puts on a unit of this tier; with one, a platform must stand in such a unit."""
    people: bool
    """Whether people come in through permission sets of the organization."""
    prerequisites: dict[str, str] = Field(default={})
    """What must be there before a platform moves to this tier, and why."""


class Overlay(Layered):
    """What an estate adds to a tier; it may tighten, never loosen."""

    runtime: Layered = Field(default=Layered())
    """The same for runtimes on platforms of this tier."""


@cache
def load_tier(name: str) -> Tier:
    """The tier's data; raises ``SettingsError`` for a file that is wrong, ``KeyError`` for a tier that is not built."""
    path = FOLDER / f"{name}.yaml"
    if name not in built_tiers():
        raise KeyError(name)
    tier, problems = parse(Tier, _whole(name), file=display(path), at="")
    if tier is None:
        raise SettingsError(problems)
    return tier


def _whole(name: str) -> dict[str, Any]:
    """A tier's file over the files of all tiers below; a lock that is null there is lifted."""
    whole: dict[str, Any] = {}
    locks: dict[str, Any] = {}
    of_runtimes: dict[str, Any] = {}
    for tier in TIERS[: TIERS.index(name) + 1]:
        own = read_mapping(FOLDER / f"{tier}.yaml")
        whole, locks = merge(whole, own), {**locks, **own["locks"]}
        of_runtimes = {**of_runtimes, **own["runtime"]["locks"]}
    return {**whole, "locks": _kept(locks), "runtime": {**whole["runtime"], "locks": _kept(of_runtimes)}}


def _kept(locks: Mapping[str, Any]) -> dict[str, Any]:
    return {path: lock for path, lock in locks.items() if lock is not None}


def built_tiers() -> tuple[str, ...]:
    """Tiers that have a file, in the order of the climb."""
    return tuple(name for name in TIERS if (FOLDER / f"{name}.yaml").is_file())


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are merged key by key; everything else of ``above`` replaces what stands below."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged
