"""A property and its argument have almost the same name: a second look at the naming, without its rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.rehearsal import names
from llmlz.rehearsal.option import argument_of
from llmlz.rehearsal.schema import Block

PLURAL = 2
"""Letters that a plural changes at the end of a word; it adds no more than one."""


def strangers(inputs: Mapping[str, Any], block: Block, token: str) -> Iterator[str]:
    """Properties that go to an argument of quite another name, which no committed row says."""
    renamed = names.properties(token)
    return _in_block({k: v for k, v in inputs.items() if k not in renamed}, block, renamed, "")


def _in_block(inputs: Mapping[str, Any], block: Block, renamed: Mapping[str, str | None], path: str) -> Iterator[str]:
    for property_, value in inputs.items():
        argument = block.arguments.get(argument_of(property_, block, renamed) or "")
        here = f"{path}.{property_}" if path else property_
        if argument is None:
            continue  # a doubt of its own
        if not _alike(property_, argument.name):
            yield f"{here} goes to {argument.name}, a quite different name"
        if argument.block is not None and argument.nesting != "map":
            for item in value if isinstance(value, list) else [value]:
                yield from _in_block(item if isinstance(item, Mapping) else {}, argument.block, {}, here)
        else:
            yield from _in_type(value, argument.type, here)


def _in_type(value: Any, type_: Any, path: str) -> Iterator[str]:
    kind, inner = type_ if isinstance(type_, list) else ("", {})
    if kind in ("list", "set"):
        for item in value if isinstance(value, list) else [value]:
            yield from _in_type(item, inner, path)
    elif kind == "object" and isinstance(value, Mapping):
        spelt = names.spelt(inner)
        for property_, item in value.items():
            name = spelt.get(property_)
            if name is not None and not _alike(property_, name):
                yield f"{path}.{property_} goes to {name}, a quite different name"
            if name is not None:
                yield from _in_type(item, inner[name], f"{path}.{property_}")


def _alike(property_: str, name: str) -> bool:
    ours, theirs = property_.lower(), name.replace("_", "").lower()
    return ours == theirs or (ours.startswith(theirs[:-PLURAL]) and abs(len(ours) - len(theirs)) <= PLURAL)
