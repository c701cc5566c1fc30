"""The page of settings: every key of the files that people write, from their JSON schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import code, page, prose, table
from stacks.schema import schemas

Schema = Mapping[str, Any]

INTRO = """What people write in YAML: stack files, team files and the overlay of an estate.
Every file names its schema on the first line, so that editors check it while you type.
A key that is not listed here is an error.
What a platform leaves out comes from its [tier](tiers.md)."""

OVERLAY = """File: `overlay/tiers.yaml`, one key per tier.
An overlay sets defaults for every stack of a tier, and adds or narrows locks; it never loosens one."""

LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "multipleOf": "in steps of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "{} items or more",
    "maxItems": "{} items or fewer",
}
"""Keyword of JSON Schema to words."""


def build() -> str:
    """The page."""
    known = schemas()
    stack, team = known["stack.schema.json"], known["team.schema.json"]
    parts = []
    for kind in stack["properties"]["config"]["oneOf"]:
        name = kind["properties"]["llmlz:kind"]["const"]
        settings = kind["properties"]["llmlz:settings"]
        tier = kind["properties"].get("llmlz:tier")
        about = [f"File: `Pulumi.<stack>.yaml` with `llmlz:kind: {name}`.", prose(settings.get("description"))]
        about += [f"`llmlz:tier` is one of {_listed(tier['enum'])}."] if tier else ["There is no `llmlz:tier`."]
        parts += [f"## Stack file: {name}", "\n".join(about), _table(settings, stack)]
    parts += ["## Team file", "File: `teams/<team>.yaml`.", _table(team, team)]
    overlay = known["overlay-tiers.schema.json"]
    tiers = sorted(overlay["properties"])
    values = overlay["properties"][tiers[0]]
    parts += ["## Overlay", OVERLAY, _table(values, {**overlay, **values})]
    return page("Settings", INTRO, parts)


def _table(schema: Schema, root: Schema) -> str:
    return table(["key", "value", "needed", "meaning"], _rows(schema, root))


def _rows(schema: Schema, root: Schema, at: str = "") -> Iterator[list[str]]:
    needed = schema.get("required", ())
    for name, written in schema["properties"].items():
        path, found = f"{at}{name}", _resolved(written, root)
        meaning = written.get("description") or found.get("description", "")
        yield [code(path), _kind(found, root), "yes" if name in needed else "", prose(meaning)]
        for shape, prefix in _inside(found, root):
            yield from _rows(shape, root, f"{path}{prefix}")


def _inside(found: Schema, root: Schema) -> Iterator[tuple[Schema, str]]:
    """Shapes with keys of their own, and what stands between their path and the path of such a key."""
    for option in _options(found, root):
        if "properties" in option:
            yield option, "."
        for keyword, prefix in (("items", "[]."), ("additionalProperties", ".<name>.")):
            inner = option.get(keyword)
            if isinstance(inner, Mapping) and "properties" in _resolved(inner, root):
                yield _resolved(inner, root), prefix


def _options(found: Schema, root: Schema) -> list[Schema]:
    several = found.get("anyOf") or found.get("oneOf")
    if not several:
        return [found]
    return [inner for option in several for inner in _options(_resolved(option, root), root)]


def _resolved(schema: Schema, root: Schema) -> Schema:
    here = schema
    while "$ref" in here:
        here = root["$defs"][here["$ref"].removeprefix("#/$defs/")]
    return here


def _kind(found: Schema, root: Schema) -> str:
    options = _options(found, root)
    if len(options) > 1:
        return " or ".join(dict.fromkeys(_kind(option, root) for option in options))
    (only,) = options
    if "const" in only:
        return code(json.dumps(only["const"]))
    if "enum" in only:
        return f"one of {_listed(only['enum'])}"
    kind = only.get("type", "any value")
    if kind == "array":
        inner = _kind(_resolved(only.get("items", {}), root), root)
        kind = f"list of {inner}"
    elif kind == "object" and "properties" not in only:
        kind = _mapping(only, root)
    words = [kind] + [words.format(only[key]) for key, words in LIMITS.items() if key in only]
    words += [f"matching {code(only['pattern'])}"] if "pattern" in only else []
    return ", ".join(words)


def _mapping(only: Schema, root: Schema) -> str:
    patterns = only.get("patternProperties") or {}
    keys = "".join(f" matching {code(pattern)}" for pattern in patterns)
    inner = next(iter(patterns.values()), only.get("additionalProperties"))
    values = _kind(_resolved(inner, root), root) if isinstance(inner, Mapping) and inner else "any value"
    return f"names{keys}, each with {values}"


def _listed(values: list[Any]) -> str:
    return ", ".join(code(value) for value in values)
