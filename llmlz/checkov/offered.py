"""Which of our controls Terraform users get as checks of checkov, and the names that these read: ``policies/terraform.json``.

Owns: the choice, the reasons for the rest, and the names and shapes of the types, from the SDK's classes and the schema.
Does not own: the checks (``policies/checkov``), and reading a plan (``policies/pack/_planned``).
"""

import functools
import importlib
import json
import re
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_aws
from pulumi import _types

from llmlz.checks.fixtures import Fixture
from llmlz.checks.records import POLICIES, Control, controls
from llmlz.files import write_whole
from llmlz.rehearsal import names
from llmlz.rehearsal.option import argument_of
from llmlz.rehearsal.schema import Block, Schema
from policies.pack._arriving import Alone
from policies.pack._judge import LooksAroundError, decide
from policies.pack._planned import Planned
from policies.pack._values import UNKNOWN

FILE = "terraform.json"
COMMAND = "python -m llmlz.checkov.offered"
PLAIN: Mapping[Any, str] = {bool: "flag", int: "number", float: "number"}


def compiled() -> str:
    """The file as it should be: controls that are offered, with their types; those that are not, and why; names."""
    offered: dict[str, dict[str, str]] = {}
    left_out: dict[str, str] = {}
    not_read: dict[str, list[str]] = {}
    for control in controls():
        if control.evaluator != "code":
            continue
        tokens = _tokens(control)
        if reason := _reason(control, tokens):
            left_out[control.id] = reason
        else:
            offered[control.id] = tokens
            if rest := sorted((control.types() or frozenset()) - set(tokens.values())):
                not_read[control.id] = rest
    types = {type_: _members(token, type_) for tokens in offered.values() for type_, token in tokens.items()}
    parts: dict[str, Mapping[str, Any]] = {
        "controls": offered,
        "left_out": left_out,
        "not_read": not_read,
        "types": types,
    }
    lines = (f"{json.dumps(part)}: {{\n{_lines(rows)}\n}}" for part, rows in parts.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(rows: Mapping[str, Any]) -> str:
    return ",\n".join(f"{json.dumps(k)}: {json.dumps(rows[k], separators=(',', ':'))}" for k in sorted(rows))


def _tokens(control: Control) -> dict[str, str]:
    """Terraform type to token, for what a plan of Terraform holds."""
    known = {names.terraform_type(token): token for token in sorted(control.types() or (), reverse=True)}
    return {type_: known[type_] for type_ in sorted(t for t in known if t) if type_ in Schema.committed()}


def _reason(control: Control, tokens: Mapping[str, str]) -> str:
    """Why a control is not offered; empty where it is."""
    if control.scope == "stack":
        return "it speaks of a whole stack"
    if control.applies_to in ("all", "taggable"):
        return "it looks at every type"
    if not tokens:
        kubernetes = all(token.startswith("kubernetes:") for token in control.types() or ())
        return "it looks at Kubernetes alone" if kubernetes else "Terraform's names of its types are in no table"
    if not any(_seen(fixture, tokens) for fixture in control.fails):
        return "Terraform's names of the types that it refuses are in no table"
    needs = {_needs(control, fixture, tokens) for fixture in (*control.passes, *control.fails)}
    return next((need for need in sorted(needs) if need), "")


def _seen(fixture: Fixture, tokens: Mapping[str, str]) -> bool:
    """Whether something that a fixture blames is of a type that a plan holds."""
    return any(r.name in fixture.blames and r.type in tokens.values() for r in fixture.graph().custom())


def _needs(control: Control, fixture: Fixture, tokens: Mapping[str, str]) -> str:
    """What the rule asks for in a fixture that a plan does not tell."""
    record = control.record()
    at = fixture.level or control.mandatory_from
    for resource in (r for r in fixture.graph().custom() if r.type in (record.types or ())):
        if any(_is_list(value) for value in resource.inputs.values()):
            return "its document is a list, and checkov does not tell a list from its only entry"
        readable = resource.type in tokens.values()
        lean = _without_maps(resource.inputs, _members_of(resource.type)) if readable else resource.inputs
        told = []
        for inputs in (resource.inputs, lean):
            planned = _Asked(resource.urn, resource.type, inputs)
            try:
                told.append(decide(record, planned, Alone(level=at, needs=record.parameters(at))).result)
            except LooksAroundError:
                return planned.asked or "it looks at other resources too"
        if told[0] != told[1]:
            return "it reads a map, of which a plan leaves out what is not known"
    return ""


def _is_list(value: Any) -> bool:
    """Whether a text is a list in JSON."""
    try:
        return isinstance(value, str) and isinstance(json.loads(value), list)
    except ValueError:
        return False


def _without_maps(inputs: Mapping[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs whose maps nobody knows, as they come out of a plan."""
    shapes = dict(members.values())
    return {name: _unknown_maps(value, shapes.get(name)) for name, value in inputs.items()}


def _unknown_maps(value: Any, shape: Any) -> Any:
    if isinstance(shape, list) and shape[0] == "map":
        return UNKNOWN
    if isinstance(shape, list) and isinstance(value, list):
        return [_unknown_maps(item, shape[1]) for item in value]
    return _without_maps(value, shape) if isinstance(shape, Mapping) and isinstance(value, Mapping) else value


class _Asked(Planned):
    """Remembers what a rule asked for in vain."""

    asked = ""

    def __getattr__(self, name: str) -> typing.NoReturn:
        if name == "options":
            self.asked = "it asks for protection in the Pulumi engine"
        super().__getattr__(name)


def _members_of(token: str) -> dict[str, Any]:
    return _members(token, names.types()[token])


@functools.cache
def _members(token: str, type_: str) -> dict[str, Any]:
    """Argument to property and shape, for everything that a program can set."""
    return _object(_arguments(token), Schema.committed().block(type_), names.properties(token))


def _object(cls: type, block: Block | None, renamed: Mapping[str, str | None]) -> dict[str, Any]:
    kinds = _types.input_type_types(cls)
    found: dict[str, Any] = {}
    for name, property_ in sorted(_types.input_type_py_to_pulumi_names(cls).items()):
        argument = (argument_of(property_, block, renamed) if block else None) or names.snake(property_)
        inner = block.arguments[argument].block if block and argument in block.arguments else None
        found[argument] = [property_, _shape(kinds.get(property_) or kinds.get(name), inner)]
    return found


def _shape(kind: Any, block: Block | None) -> Any:
    """The shape behind a Python type; of a choice, its first."""
    name = getattr(typing.get_origin(kind) or kind, "__name__", "")
    inner = [argument for argument in typing.get_args(kind) if argument is not type(None)]
    if name in ("Sequence", "list"):
        return ["list", _shape(inner[0], block)]
    if name in ("Mapping", "dict") and inner:
        return ["map", _shape(inner[1], block)]
    if inner:
        return _shape(inner[0], block)
    if isinstance(kind, type) and _types.is_input_type(kind):
        return _object(kind, block, {})
    return PLAIN.get(kind, "text")


@functools.cache
def _classes() -> Mapping[str, tuple[str, str]]:
    """Token to module and class, as the SDK lists them."""
    text = Path(pulumi_aws.__file__).read_text(encoding="utf-8")
    listed = re.search(r'resource_modules="""\s*(\[.*?\])\s*"""', text, re.DOTALL)
    modules = json.loads(listed[1]) if listed else []
    return {token: (module["fqn"], name) for module in modules for token, name in module["classes"].items()}


def _arguments(token: str) -> type:
    """The class of a resource's arguments."""
    module, name = _classes()[token]
    home = importlib.import_module(getattr(importlib.import_module(module), name).__module__)
    found: type = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")
    return found


if __name__ == "__main__":
    write_whole(POLICIES, {FILE: compiled()})
