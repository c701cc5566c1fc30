"""Properties as they are written in ``properties.yaml``, and as conditions on the requests of one principal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from ruamel.yaml import YAML

from llmlz.access.documents import Layer
from llmlz.access.proof.keys import known
from llmlz.access.proof.names import Names, filled
from llmlz.access.proof.where import Clause, Where

FILE = Path(__file__).with_name("properties.yaml")
HIGHEST = 4
"""Assurance level."""

Kind = Literal[
    "team",
    "workload",
    "pipeline",
    "team_pipeline",
    "knowledge_base",
    "break_glass",
    "spending_stop",
    "on_call",
    "administrator",
    "neighbour",
    "outsider",
    "stranger",
    "guest",
]
Sort = Literal["never", "always"]
Promise = Layer | Literal["platform_boundary"]
"""A layer, or the boundary of the few roles that may change the platform, which promises less."""

PROMISES: tuple[Promise, ...] = (*get_args(Layer), "platform_boundary")
KEYS = ("says", "about", "never", "always", "promised_by", "where_there_is")


CONDITION = re.compile(r"\$[a-z_]+")


class PropertyError(ValueError):
    """A row of the file that is not understood; the message names the property and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One promise."""

    id: str
    says: str
    """The promise in words."""

    about: Mapping[Kind, int]
    """Kind of principal to the level from which the promise holds for it."""

    sort: Sort
    shapes: tuple[Mapping[str, Any], ...]
    """Shapes of requests, with $names."""

    promised_by: Mapping[Promise, int] = field(default_factory=dict)
    """Layer to the level from which it keeps the promise alone."""

    where_there_is: str = ""
    """Name that must stand for something, or the promise is not made; everywhere if empty."""

    def holds_for(self, kind: Kind, level: int, names: Names) -> bool:
        """Whether the promise is made for this kind of principal at this level, where ``names`` mean this."""
        made = not self.where_there_is or bool(names.get(self.where_there_is))
        return made and kind in self.about and self.about[kind] <= level


@cache
def load(path: Path = FILE) -> tuple[Property, ...]:
    """All properties of a file, in its order; raises ``PropertyError``."""
    raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, Mapping):
        raise PropertyError(f"{path.name}: expected names of properties with their rows")
    return tuple(_property(str(name), row, path.name) for name, row in raw.items())


def _property(name: str, row: Any, file: str) -> Property:
    def wrong(what: str) -> PropertyError:
        return PropertyError(f"{file}: {name}: {what}")

    if not isinstance(row, Mapping) or set(row) - set(KEYS):
        raise wrong(f"expected an object with {', '.join(KEYS)}")
    sorts = [sort for sort in get_args(Sort) if sort in row]
    if len(sorts) != 1 or not isinstance(row[sorts[0]], list) or not row[sorts[0]]:
        raise wrong("expected either never or always, with a list of shapes")
    if not isinstance(row.get("says"), str):
        raise wrong("says: expected a sentence")
    for key, words in (("about", get_args(Kind)), ("promised_by", PROMISES)):
        table = row.get(key, {})
        if not isinstance(table, Mapping) or set(table) - set(words):
            raise wrong(f"{key}: expected levels under {', '.join(words)}")
        if any(level not in range(1, HIGHEST + 1) for level in table.values()):
            raise wrong(f"{key}: expected levels from 1 to {HIGHEST}")
    if not row.get("about"):
        raise wrong("about: expected at least one kind of principal")
    if not CONDITION.fullmatch(row.get("where_there_is", "$x")):
        raise wrong("where_there_is: expected a name, such as $endpoint")
    for shape in row[sorts[0]]:
        if not isinstance(shape, Mapping) or "action" not in shape:
            raise wrong("every shape needs an action")
    return Property(
        id=name,
        says=row["says"],
        about=dict(row["about"]),
        sort=sorts[0],
        shapes=tuple(row[sorts[0]]),
        promised_by=dict(row.get("promised_by", {})),
        where_there_is=row.get("where_there_is", "").removeprefix("$"),
    )


def where(property_: Property, names: Names, more: Sequence[Clause] = ()) -> Where:
    """The requests that the property is about, for one principal; ``more`` are conditions on every one of them.

    A shape that asks for a value that nothing here has, such as an endpoint where there is none, fits no request and is
    left out. Raises ``PropertyError`` for a name or a word that is not understood.
    """
    rows = []
    for shape in property_.shapes:
        try:
            found = [clause for key, said in shape.items() for clause in clauses(str(key), said, names)]
        except KeyError as error:
            raise PropertyError(f"{property_.id}: nothing stands for {error.args[0]!r}") from None
        if all(clause.patterns for clause in found if clause.how == "in"):
            rows.append((*found, *more))
    return Where(tuple(rows))


def clauses(key: str, said: Any, names: Names) -> list[Clause]:
    """One line of a shape; raises ``KeyError`` for a name or a word that is not understood."""
    key = key.lower()
    if key not in ("action", "resource") and known(key) is None:
        raise PropertyError(f"{key}: expected action, resource, principal, or a condition key that keys.yaml has")
    if not isinstance(said, Mapping):
        return [Clause(key, "in", _patterns(said, names))]
    found = []
    for how, what in said.items():
        if how == "is" and what in ("absent", "present"):
            found.append(Clause(key, what))
        elif how in ("in", "not_in"):
            found.append(Clause(key, how, _patterns(what, names)))
        else:
            raise KeyError(f"{key}: {how}: {what}")
    return found


def _patterns(said: Any, names: Names) -> tuple[str, ...]:
    listed = said if isinstance(said, list) else [said]
    return tuple(dict.fromkeys(text for item in listed for text in filled(str(item), names)))
