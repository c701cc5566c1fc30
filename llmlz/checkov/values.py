"""One resource's inputs as the values of a plan.

Owns: what is left of a value before it is translated (files, secrets, what nobody knows yet), and what a bridge adds.
Does not own: names and shapes, which are those of a rehearsal (``llmlz.rehearsal.body``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llmlz.graph.model import Graph, Resource
from llmlz.graph.states import SECRET, SENTINELS, UNKNOWN
from llmlz.rehearsal import files, names, unverified
from llmlz.rehearsal.address import LABEL_HASH
from llmlz.rehearsal.body import Body
from llmlz.rehearsal.expression import Expressions, Text
from llmlz.rehearsal.option import argument_of
from llmlz.rehearsal.schema import Block
from llmlz.rehearsal.unverified import Row


class Literals(Expressions):
    """Stand-ins stay what they are: a scanner reads values, not expressions."""

    def text(self, value: str, echoes: Mapping[str, str]) -> Text:
        """The text itself."""
        return Text(value, complete=True)

    def number(self, value: int) -> str | None:
        """No expression."""
        return None

    def whole(self, value: object) -> str | None:
        """No expression."""
        return None


@dataclass
class Readable:
    """A resource's inputs without what cannot be read."""

    inputs: dict[str, Any]
    unknown: list[str] = field(default_factory=list)
    """Paths that nobody knows before deployment; they are left out of the inputs."""

    secret: list[str] = field(default_factory=list)
    """Paths whose value is hidden."""


def readable(resource: Resource) -> Readable:
    """The inputs of a resource, with files as their names."""
    found = Readable({})

    def walk(value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            if UNKNOWN in value:
                found.unknown.append(path)
                return None
            if files.is_file(value):
                return f"{resource.name}.zip"
            return {k: walk(v, f"{path}.{k}" if path else str(k)) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [walk(v, f"{path}[{i}]") for i, v in enumerate(value)]
        if isinstance(value, str):
            if value == SECRET:
                found.secret.append(path)
            elif any(sentinel in value for sentinel in SENTINELS):
                found.unknown.append(path)
                return None
        return value

    found.inputs = walk(dict(resource.inputs), "")
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """The values of one resource."""

    values: dict[str, Any]
    dropped: tuple[str, ...]
    """Property paths that the provider has no argument for, and that nobody has accounted for."""


def write(resource: Resource, inputs: Mapping[str, Any], block: Block, literals: Literals, address: str) -> Written:
    """Terraform's arguments; raises whatever a value of an impossible shape raises."""
    renamed = names.properties(resource.type)
    body = Body(literals, lambda _, suffix: f"{resource.name}{suffix}")
    given = {k: v for k, v in inputs.items() if k != "region" or "region" in block.arguments}
    values = body.block(given, block, renamed=renamed)
    name = argument_of("name", block, renamed)
    if name and block.arguments[name].required and name not in values:
        values[name] = f"{resource.name}-{address[-LABEL_HASH:]}"  # the bridge names what must have a name
    dropped = tuple(path for path in body.dropped if not _accounted(resource.type, path, renamed))
    return Written(values, dropped)


def add_default_tags(values: dict[str, Any], block: Block, resource: Resource, graph: Graph) -> None:
    """The tags that a provider gives to everything it makes."""
    provider = graph.by_urn.get(resource.provider or "")
    if provider is None or "tags_all" not in block.arguments:
        return
    given = provider.inputs.get("defaultTags") or {}
    tags = (_parsed(given) or {}).get("tags") or {}
    own = values.get("tags") or {}
    if isinstance(tags, Mapping) and isinstance(own, Mapping) and (tags or own):
        values["tags_all"] = {**tags, **own}


def _parsed(value: Any) -> Any:
    """Inputs of a provider travel as JSON texts."""
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return value if isinstance(value, Mapping) else None


def _accounted(token: str, path: str, renamed: Mapping[str, str | None]) -> bool:
    """Whether a committed row says that Terraform has no counterpart, or why this one is not verified."""
    row = Row("dropped", token, path)
    return renamed.get(path, "") is None or any(known.covers(row) for known in unverified.committed())
