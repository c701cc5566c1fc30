"""What a move must not do, as data: types that hold state, and changes that AWS refuses or never takes back.

Owns: the shape of the rows, and which row a change meets.
Does not own: the rows, which stand beside the stacks; what the provider plans (``planned``).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from ruamel.yaml import YAML

from llmlz.errors import BadInputError

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["any", "set", "unset", "less", "more_items", "fewer_items"]
Effect = Literal["refused", "replaced", "loses", "irreversible", "in_place"]


class Row(BaseModel):
    """What one kind of change does, although a plan shows an update in place, or nothing at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]+$")]
    type: Text
    """Pulumi token."""

    property: Text
    """Path of the input, without positions."""

    change: Kind
    effect: Effect
    because: Text
    way_out: Text
    source: Annotated[str, StringConstraints(pattern=r"^https://\S+ \(20\d\d-\d\d\)$")]
    example: Mapping[Literal["before", "after"], Any]
    """Two values of the property, or of the input that holds it, for a test."""

    def meets(self, token: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Whether the row is about the difference between these inputs of a resource of this type."""
        if token != self.type:
            return False
        old, new = _at(before, self.property), _at(after, self.property)
        if old == new:
            return False
        if self.change in ("more_items", "fewer_items"):
            were, are = _items(old), _items(new)
            return bool(are - were if self.change == "more_items" else were - are)
        number = isinstance(old, int | float) and isinstance(new, int | float)
        return {"any": True, "set": old is None, "unset": new is None, "less": number and new < old}[self.change]


class Rules(BaseModel):
    """Everything that moves are judged by, beside the provider."""

    model_config = ConfigDict(frozen=True)

    stateful: Mapping[str, str]
    """Token to what is lost with a resource of the type."""

    stateless: Mapping[str, str]
    """Token to what is gone for good with a resource of the type although nothing is stored in it; empty where nothing is.
    A type in neither table is undecided."""

    rows: tuple[Row, ...]

    def met(self, token: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Row, ...]:
        """The rows about the difference between two inputs of one resource."""
        return tuple(row for row in self.rows if row.meets(token, before, after))


def load(stateful: Path, stateless: Path, immutable: Path) -> Rules:
    """The rules in three files; raises ``BadInputError`` for a row that is not understood."""
    try:
        lost = TypeAdapter(dict[str, Text]).validate_python(_read(stateful))
        kept = TypeAdapter(dict[str, str]).validate_python(_read(stateless))
        rows = TypeAdapter(tuple[Row, ...]).validate_python(_read(immutable))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BadInputError(f"{stateful.name}, {stateless.name}, {immutable.name}: {where}: {first['msg']}") from None
    if both := sorted(set(lost) & set(kept)):
        raise BadInputError(f"{stateful.name}, {stateless.name}: both have {both[0]}")
    return Rules(stateful=lost, stateless=kept, rows=rows)


def _read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    """The value at a path; of a list of one thing, that thing."""
    here: Any = inputs
    for step in path.split("."):
        if isinstance(here, list | tuple) and len(here) == 1:
            here = here[0]
        if not isinstance(here, Mapping):
            return None
        here = here.get(step)
    return here


def _items(value: Any) -> set[str]:
    return {str(item) for item in value} if isinstance(value, list | tuple) else set()
