"""JSON documents inside arguments: checks of policies read them, and take one that they cannot read for a good one.

Owns: which arguments hold a document, and whether it can be read.
Does not own: what a document says.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.rehearsal.schema import Block

NAMES = frozenset(
    {
        "access_policies",
        "access_policy",
        "assume_role_policy",
        "container_definitions",
        "container_properties",
        "inline_policy",
        "policy",
        "policy_data",
        "policy_document",
        "resource_policy",
    }
)
"""Arguments that hold a document in every type that has them, as far as they are texts."""


def is_document(name: str, argument_type: Any, type_: str, read: Mapping[str, str]) -> bool:
    """Whether an argument of a Terraform type holds a document; ``read`` is what checkov itself reads as one."""
    return argument_type == "string" and (name in NAMES or read.get(type_) == name)


def unreadable(values: Any, block: Block, type_: str, read: Mapping[str, str], path: str = "") -> Iterator[str]:
    """Paths of documents that are there and cannot be read."""
    if not isinstance(values, Mapping):
        return
    for name, value in values.items():
        argument = block.arguments.get(name)
        here = f"{path}.{name}" if path else name
        if argument is None or value is None:
            continue
        if argument.block is not None:
            for index, inner in enumerate(value if isinstance(value, list) else [value]):
                yield from unreadable(inner, argument.block, type_, read, f"{here}[{index}]")
        elif is_document(name, argument.type, type_, read) and not _readable(value):
            yield here


def _readable(value: Any) -> bool:
    """An empty text is none at all, which Terraform allows."""
    if value == "":
        return True
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict | list)
    except ValueError:
        return False
