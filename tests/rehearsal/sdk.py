"""What the classes of Pulumi's SDKs for AWS and Kubernetes say about types and properties."""

import functools
import importlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_aws
import pulumi_kubernetes
from pulumi import _types

from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema


@functools.cache
def classes() -> Mapping[str, tuple[str, str]]:
    """Token to module and class, for all resources of the SDK."""
    text = Path(pulumi_aws.__file__).read_text(encoding="utf-8")
    found = re.search(r'resource_modules="""\s*(\[.*?\])\s*"""', text, re.DOTALL)
    assert found, "the SDK no longer lists its resources"
    return {token: (m["fqn"], name) for m in json.loads(found[1]) for token, name in m["classes"].items()}


def arguments(token: str) -> type:
    """The class of a resource's arguments; the generator calls it ``InitArgs`` where a nested type has the name."""
    module, name = classes()[token]
    home = importlib.import_module(getattr(importlib.import_module(module), name).__module__)
    found: type = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")
    return found


def properties(cls: type) -> dict[str, Any]:
    """Pulumi property name to Python type, of an argument class."""
    types = _types.input_type_types(cls)
    return {p: types.get(p) or types.get(n) for n, p in _types.input_type_py_to_pulumi_names(cls).items()}


EXTENDED = ("eks.amazonaws.com", "karpenter.k8s.aws", "karpenter.sh", "kyverno.io")
"""Groups of objects that a cluster learns of by definitions of their own; the SDK has no classes for them."""


def object_properties(token: str) -> set[str]:
    """Properties of an object in a cluster, as the SDK lists them; one with a definition of its own has a spec.

    Empty for a type that the SDK does not have.
    """
    _, place, kind = token.split(":")
    group, _, version = place.rpartition("/")
    if group in EXTENDED:
        return {"metadata", "spec"}
    module = getattr(getattr(pulumi_kubernetes, group.partition(".")[0], None), version, None)
    found = getattr(module, f"{kind}InitArgs", None) or getattr(module, f"{kind}Args", None)
    return set(_types.input_type_types(found)) if found else set()


def matching_type(token: str, schema: Schema) -> str | None:
    """The Terraform type whose members are most like the token's properties; names decide between near ones."""
    overrides = names.properties(token)
    wanted = {overrides.get(p) or names.snake(p) for p in properties(arguments(token))} - COMMON
    service, class_ = _letters(token.split(":")[1].partition("/")[0]), _letters(token.rpartition(":")[2])
    best = (0.0, "")
    for type_, members in _members(schema).items():
        missing = sum(not wanted & spelt for spelt in members)
        alike = len(wanted & frozenset().union(*members)) / (len(wanted) + missing or 1)
        plain = _letters(type_.removeprefix("aws_"))
        same = (
            EXACT
            if plain == service + class_
            else NEAR * ((plain == class_) + (service in plain) + plain.endswith(class_))
        )
        best = max(best, (alike + same, type_))
    return best[1] if best[0] > THRESHOLD else None


COMMON = {"id", "region", "tags", "tags_all", "timeouts"}
"""Members that say nothing about a type."""

THRESHOLD, EXACT, NEAR = 0.6, 1.0, 0.1
"""Below the threshold nothing is alike enough: the provider does not have the type."""


@functools.cache
def _members(schema: Schema) -> dict[str, list[frozenset[str]]]:
    """Every spelling of every settable member, by type."""
    found = {}
    for type_ in sorted(schema.types):
        block = schema.types[type_]["block"]
        settable = {n for n, a in block.get("attributes", {}).items() if a.get("optional") or a.get("required")}
        settable |= set(block.get("block_types", {}))
        found[type_] = [frozenset(names.spellings(n)) for n in settable - COMMON]
    return found


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
