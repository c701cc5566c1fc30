"""A leaf resource as one line: type, name and a digest of its inputs, however they are spelled."""

import hashlib
import json
from typing import Any


def leaf_line(kind: str, name: str, inputs: Any) -> str:
    """Equal lines mean equal resources."""
    text = json.dumps(normal(inputs), sort_keys=True)
    return f"{kind} {name} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def normal(value: Any) -> Any:
    """JSON inside a text becomes a value, whole floats become integers, and what is not set is left out."""
    match value:
        case dict():
            return {key: normal(inner) for key, inner in value.items() if inner is not None}
        case list() | tuple():
            return [normal(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case str() if value.startswith(("{", "[")):
            try:
                return {"json": normal(json.loads(value))}
            except json.JSONDecodeError:
                return value
    return value
