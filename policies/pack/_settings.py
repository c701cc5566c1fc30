"""What somebody who runs the pack may set: the assurance level, the other stacks, and the weight of single controls.

The engine passes it on from ``--policy-pack-config``; what is not set is the strictest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.pack._rule import Stack
from policies.pack._stack import from_graph

SETTINGS = "assurance"
"""Name of the entry that holds settings of the whole pack, beside those of single controls."""

STRICTEST = 4
SCHEMA: Mapping[str, Mapping[str, Any]] = {
    "level": {"type": "integer", "minimum": 1, "maximum": STRICTEST},
    "account": {"type": "string"},
    "region": {"type": "string"},
    "others": {"type": "array", "items": {"type": "string"}},
    "unknown": {"type": "string", "enum": ["red", "advice"]},
    "waived": {"type": "array", "items": {"type": "string"}},
}
"""JSON schema of the entry, by property."""


class SettingsError(Exception):
    """A setting of the pack is wrong; the message says which, what was found and what is expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How strict the pack is."""

    level: int = STRICTEST
    """Assurance level, 1 to 4."""

    account: str = ""
    """Twelve digits; what most resources' providers are pinned to if left out."""

    region: str = ""
    """Region of resources that name none; what most resources' providers name if left out."""

    others: tuple[Stack, ...] = ()
    """Other stacks of the estate, as ``llmlz record`` wrote them: a team's rules look at its platform."""

    unknown_is_advice: bool = False
    """In a preview, what waits for a value that only the deployment knows is advice. The deployment decides it."""

    waived: frozenset[str] = frozenset()
    """Findings that somebody answers for, as ``<control> <resource>``; ``stack`` is the stack itself."""

    weights: Mapping[str, str] = field(default_factory=dict)
    """Control to ``advisory`` or ``disabled``, where somebody lowered it."""


def read(properties: Mapping[str, Any], weights: Mapping[str, str]) -> Settings:
    """Settings from the entry of the pack; raises ``SettingsError``."""
    level = properties.get("level", STRICTEST)
    if isinstance(level, float) and level.is_integer():  # the engine knows no other numbers
        level = int(level)
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= STRICTEST:
        raise SettingsError(f"{SETTINGS}.level is {level!r}, expected 1 to {STRICTEST}")
    unknown = properties.get("unknown", "red")
    if unknown not in ("red", "advice"):
        raise SettingsError(f"{SETTINGS}.unknown is {unknown!r}, expected 'red' or 'advice'")
    if strange := sorted(properties.keys() - SCHEMA.keys() - {"enforcementLevel"}):
        raise SettingsError(f"{SETTINGS}.{strange[0]} is not known, expected {', '.join(SCHEMA)}")
    others = tuple(_other(path) for path in properties.get("others", ()))
    return Settings(
        level=level,
        account=str(properties.get("account", "")),
        region=str(properties.get("region", "")),
        others=others,
        unknown_is_advice=unknown == "advice",
        waived=frozenset(str(pair) for pair in properties.get("waived", ())),
        weights=dict(weights),
    )


def _other(path: Any) -> Stack:
    try:
        return from_graph(Path(str(path)).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{SETTINGS}.others: {path!r} is no recorded graph ({type(error).__name__}: {error});"
            " write one with llmlz record --out"
        ) from None
