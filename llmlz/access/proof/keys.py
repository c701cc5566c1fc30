"""Condition keys that the proof knows: what kind of values each has, and whether it has several.

The type decides what a request can carry (``domain``) and which operators fit. A key that is not listed leaves an answer
undecided: its values could be anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("keys.yaml")
MANY = "many "
"""Starts the type of a multivalued key in the file."""

Type = Literal["text", "arn", "flag", "number", "date", "network"]

FITTING: Mapping[str, tuple[Type, ...]] = {
    "exact": ("text", "arn"),
    "text": ("text", "arn"),
    "arn": ("arn",),
    "flag": ("flag",),
    "number": ("number",),
    "date": ("date",),
    "network": ("network",),
    "absent": ("text", "arn", "flag", "number", "date", "network"),
}
"""Shape of an operator to the types of keys that it can compare."""

TEXTUAL: tuple[Type, ...] = ("text", "arn", "flag")
"""Types of keys whose values a question can match by wildcards."""


@dataclass(frozen=True, slots=True)
class Key:
    """One condition key."""

    name: str
    """As AWS writes it."""

    type: Type
    many: bool = False
    """Whether a request can carry several values, so that conditions need a set operator."""


def known(key: str) -> Key | None:
    """The key of this name, in any case; ``None`` for one that is not listed.

    Of a family, such as ``aws:PrincipalTag/*``, the free end of the name is kept as it was asked for.
    """
    exact, families = _listed()
    found = exact.get(key.lower())
    if found is not None:
        return found
    for start, family in families.items():
        if key.lower().startswith(start) and len(key) > len(start):
            return Key(family.name[: len(start)] + key[len(start) :], family.type, family.many)
    return None


@cache
def _listed() -> tuple[Mapping[str, Key], Mapping[str, Key]]:
    """Lower-case name to key, and lower-case start of the name to family; raises ``ValueError`` for a bad row."""
    exact: dict[str, Key] = {}
    families: dict[str, Key] = {}
    blocks: list[dict[str, Any]] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    for block in blocks:
        for said, names in block.items():
            if said in ("source", "read"):
                continue
            type_ = said.removeprefix(MANY)
            if type_ not in get_args(Type):
                raise ValueError(f"{FILE.name}: type {said!r} is none of {', '.join(get_args(Type))}")
            for name in names:
                rows = families if name.endswith("*") else exact
                low = name.rstrip("*").lower()
                if low in rows:
                    raise ValueError(f"{FILE.name}: {name} is listed twice")
                rows[low] = Key(name, type_, many=said != type_)  # type: ignore[arg-type]  # one of them, as checked
    return exact, families
