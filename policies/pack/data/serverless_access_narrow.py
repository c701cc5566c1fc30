"""Who reads a search index is named, and so is the index: a wildcard admits what nobody has thought of."""

import re
from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import UnreadableError, shown, text, texts
from policies.pack.data._serverless import entries, rules

WILD = frozenset("*?")
ONE = re.compile(
    r"arn:[^:*?]+:(iam|sts)::\d{12}:(role|user|assumed-role)/[^*?]+|(saml|iamidentitycenter)/[^*?/]+/[^*?]+"
)
"""One role, user or group. ``root`` of an account is none: it is everyone there, or the most powerful user."""

PARTS: Mapping[str, tuple[int, ...]] = {"collection": (2,), "index": (3,), "model": (2, 3)}
"""Type to how many parts a name of it has: ``collection/x``, ``index/x/y``."""


def decide(resource: Resource, context: Context) -> Result:
    """Each entry names its principals, its permissions one by one, its collection, and the start of each index."""
    if text(resource.inputs, "type") != "data":
        raise UnreadableError(f"type is {shown(resource.inputs.get('type'))}, 'data' is expected")
    return together(result for entry in entries(resource, "data") for result in _narrow(entry))


def _narrow(entry: Mapping[str, Any]) -> list[Result]:
    principals = texts(entry, "Principal")
    if not principals:
        raise UnreadableError("Principal is missing or empty")
    results = [require(bool(ONE.fullmatch(p)), f"the principal {p!r} is not one role or user") for p in principals]
    for rule in rules(entry):
        kind, permissions = str(rule["ResourceType"]), texts(rule, "Permission")
        if kind not in PARTS or not permissions:
            raise UnreadableError(f"Rules holds {shown(dict(rule))}, which is no rule of a data access policy")
        results += [require(not WILD & set(p), f"{p!r} is permitted") for p in permissions]
        results += [_named(name, kind) for name in texts(rule, "Resource")]
    return results


def _named(name: str, kind: str) -> Result:
    parts = name.split("/")
    if parts[0] != kind or len(parts) not in PARTS[kind]:
        raise UnreadableError(f"{shown(name)} is no name of kind {kind}")
    whole = WILD & set(parts[1]) or any(not part or part[0] in WILD for part in parts[1:])
    return require(not whole, f"{name!r} names no {kind} of one team")
