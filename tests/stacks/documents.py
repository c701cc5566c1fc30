"""The fields of a document's schema as one flat table: path to type. What is in it is promised to readers."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def fields(schema: Schema) -> dict[str, str]:
    """Path to type; ``{}`` in a path is any key, ``[]`` any item, and ``?`` behind a type is null, or a missing field."""
    return dict(_fields(schema, schema, ""))


def broken(promised: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What readers of yesterday do not find any more, or find as something else. What is never null now hurts nobody."""
    return [
        f"{path}: was {kind}, is {now.get(path, 'gone')}"
        for path, kind in promised.items()
        if now.get(path) not in (kind, kind.removesuffix("?"))
    ]


def _fields(schema: Schema, root: Schema, at: str) -> Iterator[tuple[str, str]]:
    schema, optional = _plain(schema, root)
    kind = f"{schema.get('type', 'anything')}{' ' + repr(schema['const']) if 'const' in schema else ''}"
    if at:
        yield at, kind + ("?" if optional else "")
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        missing = "" if name in required else "?"
        found = list(_fields(inner, root, f"{at}.{name}" if at else name))
        yield from [(found[0][0], found[0][1] + missing), *found[1:]]
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from _fields(schema["additionalProperties"], root, f"{at}.{{}}")
    if "items" in schema:
        yield from _fields(schema["items"], root, f"{at}[]")


def _plain(schema: Schema, root: Schema) -> tuple[Schema, bool]:
    """Without references, and without the choice between something and null."""
    if "anyOf" in schema:
        options = [option for option in schema["anyOf"] if option.get("type") != "null"]
        (only,) = options
        return _plain(only, root)[0], len(options) < len(schema["anyOf"])
    if "$ref" in schema:
        return _plain(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return schema, False
