"""What the provider accepts: types, arguments and nested blocks.

Owns: the provider's schema in the form that this package reads, and the committed extract of it.
Does not own: Pulumi's names (``names``), or asking the provider (``terraform``).
"""

import functools
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.rehearsal import names

EXTRACT = Path(__file__).parent / "data" / "schema.json"
"""One provider version, and only the types of ``data/tokens.yaml``: the whole schema is 13.6 MB."""

NOISE = ("description", "description_kind", "deprecated", "deprecation_message")
LEFT_OUT = ("aws_wafv2_web_acl",)
"""Types whose schema is larger than that of all others together (1.3 MB); they are read from the provider when used."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One attribute or nested block of a type."""

    name: str
    type: Any
    """Terraform's type, such as ``"string"`` or ``["list", "string"]``; for a nested block, derived from its members."""

    block: "Block | None"
    """Members, for nested blocks and nested attributes."""

    nesting: str
    """``list``, ``set``, ``map``, ``single`` or ``group`` for nested blocks; empty for attributes."""

    computed: bool
    optional: bool
    required: bool

    @property
    def settable(self) -> bool:
        """False for what only the provider fills in."""
        return self.optional or self.required or not self.computed


@dataclass(frozen=True, slots=True)
class Block:
    """The members of a type or of a nested block."""

    arguments: Mapping[str, Argument]
    properties: Mapping[str, Argument]
    """The same members by the names that the Pulumi bridge gives them."""

    @property
    def type(self) -> Any:
        """The members as one Terraform object type."""
        return ["object", {name: argument.type for name, argument in self.arguments.items()}]


class Schema:
    """Resource types by name, read when first asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """``raw`` is what ``extract`` returns."""
        self.raw = raw
        self.version: str = raw["version"]
        self.types: Mapping[str, Any] = raw["resources"]
        self._blocks: dict[str, Block] = {}

    @classmethod
    def committed(cls) -> "Schema":
        """The extract that comes with this package."""
        return _committed()

    @functools.cached_property
    def provider(self) -> Block:
        """The settings of the provider itself."""
        return parse(self.raw["provider"])

    def __contains__(self, type_: object) -> bool:
        """Whether the provider has this resource type."""
        return type_ in self.types

    def block(self, type_: str) -> Block:
        """Members of a resource type; raises ``KeyError`` for a type that the provider does not have."""
        if type_ not in self._blocks:
            self._blocks[type_] = parse(self.types[type_]["block"])
        return self._blocks[type_]

    def state_version(self, type_: str) -> int:
        """Version of the type's form in a state file."""
        return int(self.types[type_]["version"])


def extract(answer: Mapping[str, Any], version: str, types: Collection[str]) -> dict[str, Any]:
    """The part of ``terraform providers schema -json`` that is read here: ``types`` and the provider's own settings."""
    (provider,) = answer["provider_schemas"].values()
    known = provider["resource_schemas"]
    return {
        "version": version,
        "provider": _quiet(provider["provider"]["block"]),
        "resources": {t: _quiet({k: known[t][k] for k in ("version", "block")}) for t in sorted(types) if t in known},
    }


def extract_text(raw: Mapping[str, Any]) -> str:
    """An extract as JSON with one type a line, so that a change of the provider reads as a change of types."""
    lines = [f'"version": {json.dumps(raw["version"])}', f'"provider": {_compact(raw["provider"])}']
    types = ",\n".join(f"{json.dumps(name)}: {_compact(value)}" for name, value in raw["resources"].items())
    return "{\n" + ",\n".join(lines) + ',\n"resources": {\n' + types + "\n}\n}\n"


def wanted_types() -> list[str]:
    """The types that the committed extract holds."""
    return sorted(set(names.types().values()) - set(LEFT_OUT))


def parse(raw: Mapping[str, Any]) -> Block:
    """Terraform's description of a block, with Pulumi's names beside Terraform's."""
    arguments = {name: _attribute(name, spec) for name, spec in raw.get("attributes", {}).items()}
    for name, spec in raw.get("block_types", {}).items():
        arguments[name] = _nested(name, parse(spec["block"]), spec["nesting_mode"], {"optional": True})
    by_property = names.spelt({name: argument.type for name, argument in arguments.items()})
    properties = {property_: arguments[name] for property_, name in by_property.items()}
    return Block(arguments, properties)


def _attribute(name: str, spec: Mapping[str, Any]) -> Argument:
    if nested := spec.get("nested_type"):
        return _nested(name, parse({"attributes": nested["attributes"]}), nested["nesting_mode"], spec)
    return Argument(name, spec["type"], None, "", *_flags(spec))


def _nested(name: str, block: Block, nesting: str, spec: Mapping[str, Any]) -> Argument:
    type_ = block.type if nesting in ("single", "group") else [nesting, block.type]
    return Argument(name, type_, block, nesting, *_flags(spec))


def _flags(spec: Mapping[str, Any]) -> tuple[bool, bool, bool]:
    return bool(spec.get("computed")), bool(spec.get("optional")), bool(spec.get("required"))


def _quiet(value: Any) -> Any:
    """Without descriptions; arguments and members that are themselves called ``description`` stay."""
    if not isinstance(value, Mapping):
        return value
    quiet = {k: _quiet(v) for k, v in value.items()}
    return {k: v for k, v in quiet.items() if k not in NOISE or isinstance(v, Mapping)}


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


@functools.cache
def _committed() -> Schema:
    return Schema(json.loads(EXTRACT.read_text(encoding="utf-8")))
