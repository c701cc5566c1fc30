"""From Terraform's values to Pulumi's inputs, by the SDK's own classes: the way that the projection has to undo."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import _types

from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Argument, Block
from tests.rehearsal import sdk


@dataclass
class Forward:
    """One resource on its way; what the SDK or the provider has no place for is remembered."""

    strict: bool = True
    """Whether a name that the SDK does not have is left out; else the rule names it."""

    left_out: list[str] = field(default_factory=list)

    def inputs(
        self, values: Mapping[str, Any], block: Block, cls: Any, renamed: Mapping[str, str | None]
    ) -> dict[str, Any]:
        """A block's arguments as properties; ``cls`` is the SDK's class, or ``None`` where the rule has to do."""
        written: dict[str, Any] = {}
        properties = sdk.properties(cls) if cls else {}
        reverse = {argument: property_ for property_, argument in renamed.items() if argument}
        for name, value in values.items():
            argument = block.arguments.get(name)
            property_ = self._property(name, argument, properties, reverse, known=cls is not None)
            if argument is None or property_ is None:
                self.left_out.append(name)
            else:
                written[property_] = self._value(value, argument, properties.get(property_), known=cls is not None)
        return written

    def _property(
        self,
        name: str,
        argument: Argument | None,
        properties: Mapping[str, Any],
        reverse: Mapping[str, str],
        *,
        known: bool,
    ) -> str | None:
        if argument is None or name in reverse:
            return reverse.get(name)
        spellings = [name]
        if isinstance(argument.type, list) and argument.type[0] in ("list", "set"):
            spellings = list(names.spellings(name))
        if known:
            found = next((camel for s in spellings if (camel := names.camel(s)) in properties), None)
            return found if found or self.strict else names.camel(name)
        return names.camel(name)

    def _value(self, value: Any, argument: Argument, kind: Any, *, known: bool) -> Any:
        """A value in the shape that the SDK's type asks for; a list of at most one is often no list there."""
        shape, inner = unwrapped(kind) if known else (_shape(argument), None)
        several = argument.nesting in ("list", "set") or (
            argument.block is None and isinstance(argument.type, list) and argument.type[0] in ("list", "set")
        )
        if argument.block is None:
            if several and shape != "list" and isinstance(value, list):
                self.left_out += [f"{argument.name}[1:]"] if len(value) > 1 else []
                value = value[0] if value else None
                inner = kind
            return self._plain(value, argument.type, inner if shape in ("list", "map") else kind, shape)
        items = value if isinstance(value, list) else [value]
        if argument.nesting == "map" and isinstance(value, Mapping):
            return {k: self.inputs(v, argument.block, _class(inner), {}) for k, v in value.items()}
        if not several:
            items = items[:1]
        made = [self.inputs(i or {}, argument.block, _class(inner if shape == "list" else kind), {}) for i in items]
        if shape == "list":
            return made
        if len(made) > 1:
            self.left_out.append(f"{argument.name}[1:]")
        return made[0] if made else None

    def _plain(self, value: Any, type_: Any, kind: Any, shape: str) -> Any:
        """An attribute's value; only objects have names inside."""
        while isinstance(type_, list) and type_[0] in ("list", "set") and shape != "list":
            type_ = type_[1]
            break
        if isinstance(value, list) and isinstance(type_, list) and type_[0] in ("list", "set"):
            return [self._plain(item, type_[1], kind, "") for item in value]
        if isinstance(value, Mapping) and isinstance(type_, list) and type_[0] == "object":
            properties = sdk.properties(_class(kind)) if _class(kind) else {}
            return {
                self._member(name, type_[1], properties): self._inside(
                    item, type_[1].get(name), properties, name, type_[1]
                )
                for name, item in value.items()
                if item is not None
            }
        return value

    def _member(self, name: str, members: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
        spelt = [property_ for property_, argument in names.spelt(members).items() if argument == name]
        return next((p for p in spelt if p in properties), names.camel(name))

    def _inside(
        self, value: Any, type_: Any, properties: Mapping[str, Any], name: str, members: Mapping[str, Any]
    ) -> Any:
        kind = properties.get(self._member(name, members, properties))
        shape, inner = unwrapped(kind)
        return self._plain(value, type_, inner if shape in ("list", "map") else kind, shape or "list")


def unwrapped(kind: Any) -> tuple[str, Any]:
    """``list``, ``map`` or empty, and the type of the elements."""
    while kind is not None:
        origin = typing.get_origin(kind)
        name = getattr(origin or kind, "__name__", "")
        arguments = [a for a in typing.get_args(kind) if a is not type(None)]
        if name in ("Sequence", "list"):
            return "list", arguments[0]
        if name in ("Mapping", "dict") and arguments:
            return "map", arguments[1]
        if not arguments:
            return "", kind
        kind = arguments[0]
    return "", None


def _class(kind: Any) -> Any:
    """The SDK's class of a nested type; ``None`` for what is none."""
    _, found = unwrapped(kind)
    return found if isinstance(found, type) and _types.is_input_type(found) else None


def _shape(argument: Argument) -> str:
    several = isinstance(argument.type, list) and argument.type[0] in ("list", "set")
    return "list" if several else ""
