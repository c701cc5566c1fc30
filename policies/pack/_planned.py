"""A resource of a Terraform plan, as checkov holds it, with the names and the shapes that rules read.

A plan names every argument: null where it is not set. What it leaves out is not known before deployment, and stays
unknown here, so that a rule that asks for it cannot decide. checkov puts every value into a list, and the address of the
other resource in the place of a value that comes from there; that is not known either.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from policies.pack._judge import LooksAroundError
from policies.pack._values import UNKNOWN

REFERENCES = "references_"
"""Where checkov keeps the addresses that a resource, or a block of it, is built from."""

Shape = Any
"""``text``, ``flag`` or ``number``; ``[list, shape]`` or ``[map, shape]``; argument to ``[property, shape]`` for objects."""


class Planned:
    """One resource of a plan; what else a program says of it, or what it is tied to, a plan does not show."""

    def __init__(self, address: str, type_: str, inputs: Mapping[str, Any]) -> None:
        """Keep what is known."""
        self.urn = self.name = address
        self.type, self.inputs = type_, inputs

    def __getattr__(self, name: str) -> NoReturn:
        """Raises ``LooksAroundError``: for references, options, the provider and secrets."""
        raise LooksAroundError


def inputs(conf: Mapping[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    """What checkov holds of a resource as inputs; ``members`` is argument to ``[property, shape]``."""
    return _object(conf, members, frozenset())


def _object(conf: Mapping[str, Any], members: Mapping[str, Any], above: frozenset[str]) -> dict[str, Any]:
    references = above | frozenset(_texts(conf.get(REFERENCES)))
    found: dict[str, Any] = {}
    for argument, (property_, shape) in members.items():
        value = _value(conf[argument], shape, references) if argument in conf else UNKNOWN
        if value is not None:
            found[property_] = value
    for argument in conf.keys() - members.keys() - {REFERENCES}:
        if _value(conf[argument], "text", references) is not None:
            found |= dict.fromkeys(_names(argument), UNKNOWN)  # newer than the names here; what it means is not known
    return found


def _names(argument: str) -> tuple[str, str]:
    """What Pulumi most likely calls an argument: camel case, or its plural."""
    head, *rest = argument.split("_")
    name = head + "".join(word[:1].upper() + word[1:] for word in rest)
    return name, name + "s"


def _value(wrapped: Any, shape: Shape, references: frozenset[str]) -> Any:
    """A value out of checkov's list; ``None`` where it is not set."""
    value = wrapped[0] if isinstance(wrapped, list) and len(wrapped) == 1 else wrapped
    return None if value is None or value == [] else _known(value, shape, references)


def _known(value: Any, shape: Shape, references: frozenset[str]) -> Any:
    kind, inner = shape if isinstance(shape, list) else (shape, None)
    if value is None or (isinstance(value, str) and value in references):
        return UNKNOWN
    if kind == "list":
        items = value if isinstance(value, list) else [value]
        return [_known(item, inner, references) for item in items]
    if isinstance(shape, Mapping):
        return _object(value, shape, references) if isinstance(value, Mapping) else UNKNOWN
    if kind == "map":
        return UNKNOWN  # an entry that is not known is left out of a plan like one that is not there
    return _text(value) if kind == "text" else value


def _text(value: Any) -> Any:
    """As a text: checkov reads documents, and takes the texts true and false for flags."""
    if isinstance(value, Mapping | list):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else value


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _texts(item)
        elif isinstance(item, str):
            yield item
