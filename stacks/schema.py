"""JSON schemas of the files that people write, named by each YAML file, and of the documents that projects read.

``python -m stacks.schema`` writes them; ``--check`` says whether the committed ones are current.
"""

import json
import sys
from pathlib import Path
from typing import Any

from stacks.documents import SCHEMAS, schema_of
from stacks.settings.organization import OrganizationSettings
from stacks.settings.platform import PlatformSettings
from stacks.settings.runtime import RuntimeSettings
from stacks.settings.team import TeamFile, TeamSettings
from stacks.tier import TIERS, Overlay, built_tiers

FOLDER = Path(__file__).parent / "schemas"
REQUIRED_OF_PLATFORM = ("account", "region", "owner", "budget_usd")
"""Everything else has a value in the tier's defaults."""


def schemas() -> dict[str, dict[str, Any]]:
    """File name to schema."""
    platform = _relaxed(PlatformSettings.model_json_schema())
    platform["required"] = list(REQUIRED_OF_PLATFORM)
    runtime = _relaxed(RuntimeSettings.model_json_schema())
    runtime["required"] = ["platform"]
    tier = Overlay.model_json_schema()
    definitions = tier.pop("$defs")
    overlay = {
        "type": "object",
        "additionalProperties": False,
        "properties": dict.fromkeys(TIERS, tier),
        "$defs": definitions,
    }
    return {
        "overlay-tiers.schema.json": _titled("Overlay of tiers", overlay),
        "stack.schema.json": _stack(
            {
                "organization": OrganizationSettings.model_json_schema(),
                "platform": platform,
                "runtime": runtime,
                "team": TeamSettings.model_json_schema(),
            }
        ),
        "team.schema.json": _titled("Team file", TeamFile.model_json_schema()),
        **{name: _titled(model.__name__, schema_of(model)) for name, model in SCHEMAS.items()},
    }


def _stack(settings: dict[str, dict[str, Any]]) -> dict[str, Any]:
    definitions = {name: shape for schema in settings.values() for name, shape in schema.pop("$defs", {}).items()}
    kinds: dict[str, dict[str, Any]] = {kind: {"llmlz:settings": schema} for kind, schema in settings.items()}
    kinds["platform"] = {"llmlz:tier": {"enum": list(built_tiers())}, **kinds["platform"]}
    config = [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["llmlz:kind", *keys],
            "properties": {
                "llmlz:kind": {"const": kind},
                **keys,
                "pulumi:disable-default-providers": {"type": "array", "items": {"type": "string"}},
            },
        }
        for kind, keys in kinds.items()
    ]
    texts = {name: {"type": "string"} for name in ("encryptedkey", "encryptionsalt", "secretsprovider")}
    whole = {
        "type": "object",
        "additionalProperties": False,
        "required": ["config"],
        "properties": {"config": {"oneOf": config}, "environment": {}, **texts},
        "$defs": definitions,
    }
    return _titled("Stack file", whole)


def _relaxed(schema: Any) -> Any:
    """Without ``required``: a stack file may leave out what its tier sets."""
    if isinstance(schema, dict):
        return {key: _relaxed(value) for key, value in schema.items() if key != "required"}
    return [_relaxed(item) for item in schema] if isinstance(schema, list) else schema


def _titled(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def text(schema: dict[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def stale() -> list[str]:
    """Names of committed schemas that differ from the settings, or are missing."""
    return [
        name
        for name, schema in schemas().items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text() != text(schema)
    ]


def main(arguments: list[str]) -> int:
    """Write the schemas, or with ``--check`` say which are stale (exit code 1)."""
    if "--check" in arguments:
        for name in stale():
            sys.stderr.write(f"stacks/schemas/{name} is stale: make schemas\n")
        return 1 if stale() else 0
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
