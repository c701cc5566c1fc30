"""The arguments of one resource, in the shape that the provider's schema asks for."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from llmlz.rehearsal import files, names
from llmlz.rehearsal.expression import Expressions
from llmlz.rehearsal.schema import Argument, Block


@dataclass
class Body:
    """Writes one resource's inputs and remembers what could not be written."""

    expressions: Expressions
    save: Callable[[bytes, str], str]
    """Keeps a file's bytes under a suffix and returns the name to write."""

    dropped: list[str] = field(default_factory=list)
    """Property paths that the provider has no argument for."""

    incomplete: list[str] = field(default_factory=list)
    """Property paths where a stand-in is left that no expression was found for."""

    echoes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Top property to literal texts and the expressions that they stand for there."""

    def block(
        self, values: Mapping[str, Any], block: Block, path: str = "", renamed: Mapping[str, str | None] | None = None
    ) -> dict[str, Any]:
        """Pulumi's properties as Terraform's arguments."""
        written: dict[str, Any] = {}
        for property_, value in values.items():
            here = f"{path}.{property_}" if path else property_
            name = (renamed or {}).get(property_, "")
            argument = block.arguments.get(name) if name else block.properties.get(property_)
            if value is None:
                continue
            if argument is None or name is None or not argument.settable:
                self.dropped.append(here)
            elif argument.block is None:
                written[argument.name] = self.value(value, argument.type, here)
            else:
                written[argument.name] = self._nested(value, argument, argument.block, here)
        return written

    def value(self, value: Any, type_: Any, path: str) -> Any:
        """A value in the form of an attribute's type."""
        if files.is_file(value):
            suffix, data = files.content(value)
            return self.save(data, suffix)
        kind, inner = type_ if isinstance(type_, list) else (type_, {})
        if kind in ("list", "set"):
            return self._several(value if isinstance(value, list) else [value], inner, path)
        if kind == "map" and isinstance(value, Mapping):
            return {self._text(key, path): self.value(v, inner, f"{path}.{key}") for key, v in value.items()}
        if kind == "object" and isinstance(value, Mapping):
            return self._object(value, inner, path)
        return self._scalar(value, kind, path)

    def _several(self, values: list[Any], inner: Any, path: str) -> Any:
        if len(values) == 1 and (whole := self.expressions.whole(values[0])):
            return "${" + whole + "}"
        return [self.value(value, inner, path) for value in values]

    def _nested(self, value: Any, argument: Argument, block: Block, path: str) -> Any:
        if argument.nesting == "map":
            return {self._text(key, path): self.block(inner, block, path) for key, inner in value.items()}
        several = [
            self.block(item, block, path)
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        ]
        return several[0] if argument.nesting in ("single", "group") else several

    def _object(self, value: Mapping[str, Any], members: Mapping[str, Any], path: str) -> dict[str, Any]:
        """An object attribute; unlike a block it must name every member."""
        spelt = names.spelt(members)
        written: dict[str, Any] = dict.fromkeys(members)
        for property_, inner in value.items():
            argument = spelt.get(property_)
            if argument is None:
                self.dropped.append(f"{path}.{property_}")
            else:
                written[argument] = self.value(inner, members[argument], f"{path}.{property_}")
        return written

    def _scalar(self, value: Any, kind: str, path: str) -> Any:
        if isinstance(value, bool):
            return str(value).lower() if kind == "string" else value
        if isinstance(value, int | float):
            expression = self.expressions.number(value) if isinstance(value, int) else None
            echo = self._echoes(path).get(str(value))
            if expression or echo:
                return "${" + (expression or echo or "") + "}"
            return str(value) if kind == "string" else value
        if isinstance(value, Mapping | list):
            return self._text(json.dumps(value), path)
        return None if value is None else self._text(value, path)

    def _text(self, value: str, path: str) -> str:
        text = self.expressions.text(value, self._echoes(path))
        if not text.complete:
            self.incomplete.append(path)
        return text.template

    def _echoes(self, path: str) -> Mapping[str, str]:
        return self.echoes.get(path.partition(".")[0], {})
