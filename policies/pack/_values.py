"""Strict readers of plain inputs: a value of another kind than expected is unreadable, and never taken for absent."""

import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the Pulumi engine writes for a text that is not known before deployment (sdk/go/common/resource/plugin)."""

NOT_YET = "not known before deployment"
"""How messages speak of such a value."""


class UnreadableError(Exception):
    """A value that a rule needs cannot be read; the message says where it is and what is there."""


def text(inputs: Mapping[str, Any], key: str) -> str | None:
    """The text at ``key``; ``None`` where it is absent or empty."""
    value = inputs.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value == UNKNOWN:
        raise UnreadableError(f"{key} is {shown(value)}, a text is expected")
    return value


def flag(inputs: Mapping[str, Any], key: str) -> bool | None:
    """The flag at ``key``; ``None`` where it is absent."""
    value = inputs.get(key)
    if value is not None and not isinstance(value, bool):
        raise UnreadableError(f"{key} is {shown(value)}, true or false is expected")
    return value


def number(inputs: Mapping[str, Any], key: str) -> float | None:
    """The number at ``key``, also where it is written as a text; ``None`` where it is absent."""
    value = inputs.get(key)
    if value is None:
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except (ValueError, OverflowError):
            pass
    raise UnreadableError(f"{key} is {shown(value)}, a number is expected")


def mapping(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The object at ``key``; ``None`` where it is absent."""
    value = inputs.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise UnreadableError(f"{key} is {shown(value)}, an object is expected")
    return value


def texts(inputs: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The list of texts at ``key``; empty where it is absent."""
    return tuple(_each(inputs, key, str, "texts"))


def mappings(inputs: Mapping[str, Any], key: str) -> tuple[Mapping[str, Any], ...]:
    """The list of objects at ``key``; empty where it is absent."""
    return tuple(_each(inputs, key, Mapping, "objects"))


def part(inputs: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at a path; empty where it is absent."""
    for key in path:
        inputs = mapping(inputs, key) or {}
    return inputs


def from_json(value: Any, where: str) -> Any:
    """``value``, read as JSON where it is a text; ``where`` is its place, for the message."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{where} is {shown(value)}, JSON is expected") from None


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")


def wider(cidr: str, widest: Mapping[str, int]) -> bool:
    """A block holds more addresses than the prefix that ``widest`` has for ``ipv4`` or ``ipv6`` allows."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        raise UnreadableError(f"{cidr!r} is not a block of addresses") from None
    return network.prefixlen < widest[f"ipv{network.version}"]


def shown(value: Any) -> str:
    """A value for a message, cut to one line's length."""
    if value == UNKNOWN:
        return NOT_YET
    longest = 60
    written = repr(value)
    return written if len(written) <= longest else written[:longest] + "…"


def _each(inputs: Mapping[str, Any], key: str, kind: type, words: str) -> Iterator[Any]:
    value = inputs.get(key)
    if value is None:
        return
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise UnreadableError(f"{key} is {shown(value)}, a list of {words} is expected")
    for item in value:
        if not isinstance(item, kind) or item == UNKNOWN:
            raise UnreadableError(f"{key} holds {shown(item)}, a list of {words} is expected")
        yield item
