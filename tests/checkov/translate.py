"""Examples of checkov as graphs."""

import difflib
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.graph.model import Graph, Reference, Resource
from llmlz.graph.standins import Standins
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema
from tests.checkov.forward import Forward
from tests.checkov.oracle import Line
from tests.rehearsal import sdk

ACCOUNT, REGION = "111122223333", "eu-central-1"
ADDRESS = r"(aws_\w+\.[\w-]+)(\[[^\]]*\])?\.?([\w.\[\]]*)"
NAMED = re.compile(r"\$\{" + ADDRESS + r"\}|" + ADDRESS)
"""Terraform's references, in a template or by themselves: address, key of ``for_each``, output."""


class Translator:
    """Lines to graphs, with the types of the whole provider."""

    def __init__(self, schema: Schema, mark: str = "") -> None:
        """``mark`` is added to every name, to keep the resources of several lines apart."""
        self.schema, self.mark = schema, mark
        self.table = dict(names.types())
        self.by_type: dict[str, str] = {}
        for token, type_ in self.table.items():
            self.by_type.setdefault(type_, token)
        self.named: dict[str, set[str]] = {}

    def token(self, type_: str) -> str:
        """The SDK's token of a type; one of our own where the SDK has none that is like it."""
        if type_ not in self.by_type:
            self.by_type[type_] = _from_sdk(type_, self.schema) or f"aws:oracle/{type_}:{type_}"
        return self.by_type[type_]

    def tokens(self) -> dict[str, str]:
        """Token to type, for the table of names."""
        return {token: type_ for type_, token in self.by_type.items()}

    def graph(self, line: Line) -> tuple[Graph, dict[str, str]]:
        """A graph and its URNs by the address in the line."""
        urns = {r["address"]: self._urn(r) for r in line.resources}
        standins = Standins(ACCOUNT, REGION, "aws")
        made = {}
        self.named = _named(line)
        for raw in line.resources:
            if raw["type"] in self.schema:
                made[urns[raw["address"]]] = self._resource(raw, urns, standins)
        resources = tuple(made[urn] for urn in sorted(made))
        graph = Graph(
            project="llmlz", stack="oracle", resources=resources, standins=standins.made, account=ACCOUNT, region=REGION
        )
        return graph, urns

    def _urn(self, raw: Mapping[str, Any]) -> str:
        return f"urn:pulumi:oracle::llmlz::{self.token(raw['type'])}::{_label(raw)}{self.mark}"

    def _resource(self, raw: Mapping[str, Any], urns: Mapping[str, str], standins: Standins) -> Resource:
        token, block = self.token(raw["type"]), self.schema.block(raw["type"])
        forward = Forward(strict=token in self.table)
        values = dict(raw["attributes"])
        for path in raw.get("json_attributes", ()):
            _dump(values, path.split("."))
        cls = sdk.arguments(token) if token in sdk.classes() else None
        inputs = forward.inputs(values, block, cls, names.properties(token))
        references = [
            Reference(at=property_, to=urns[owner])
            for property_, text in inputs.items()
            if (owner := _owner(text, raw["address"], self.named))
        ]
        inputs = _Linker(urns, standins, references, urns[raw["address"]]).linked(inputs)
        return Resource(
            urn=urns[raw["address"]],
            type=token,
            name=f"{_label(raw)}{self.mark}",
            kind="custom",
            parent=None,
            inputs=inputs,
            references=tuple(sorted(references, key=lambda r: (r.at, r.to))),
        )


def _named(line: Line) -> dict[str, set[str]]:
    """Names that resources of a line have, and their addresses.

    checkov resolves such references while it reads an example, and the text is all that is left; a Pulumi program passes
    the output on, and the recording knows the dependency.
    """
    found: dict[str, set[str]] = {}
    for raw in line.resources if line.connected else ():
        for name in NAMING:
            if isinstance(text := raw["attributes"].get(name), str) and text:
                found.setdefault(text, set()).add(raw["address"])
    return found


def _owner(text: Any, own: str, named: Mapping[str, set[str]]) -> str | None:
    """The resource that a text names: one that others are named after (a bucket, and not its encryption), and of several
    the one with the label most like that of the referring one.
    """
    addresses = named.get(text, set()) if isinstance(text, str) else set()
    types = {address: address.partition(".")[0] for address in addresses}
    owners = [a for a, type_ in types.items() if all(o.startswith(type_) for o in types.values()) and a != own]
    if own in addresses and own.partition(".")[0] in {owner.partition(".")[0] for owner in owners}:
        return None  # its own name, which others of its type have too

    def alike(address: str) -> tuple[float, str]:
        labels = (address.partition(".")[2], own.partition(".")[2])
        return difflib.SequenceMatcher(None, *labels).ratio(), address

    return max(owners, key=alike, default=None)


NAMING = ("name", "bucket", "identifier", "cluster_identifier", "repository_name", "function_name", "stage_name")
"""Arguments by which others name a resource."""


def _label(raw: Mapping[str, Any]) -> str:
    return str(raw["address"]).partition(".")[2]


def _dump(values: Any, path: list[str]) -> None:
    """Make the JSON text of a document that the oracle has parsed."""
    if isinstance(values, list):
        if path[0].isdigit():
            if int(path[0]) < len(values):
                if len(path) == 1:
                    values[int(path[0])] = json.dumps(values[int(path[0])])
                else:
                    _dump(values[int(path[0])], path[1:])
            return
        for item in values:
            _dump(item, path)
    elif isinstance(values, dict) and path[0] in values:
        if len(path) == 1:
            if not isinstance(values[path[0]], str):
                values[path[0]] = json.dumps(values[path[0]])
        else:
            _dump(values[path[0]], path[1:])


@dataclass(frozen=True)
class _Linker:
    """Stand-ins in the place of what Terraform writes as references, in one resource."""

    urns: Mapping[str, str]
    standins: Standins
    found: list[Reference]
    own: str

    def linked(self, value: Any, place: str = "") -> Any:
        """A value without references in its texts."""
        if isinstance(value, Mapping):
            return {k: self.linked(v, f"{place}.{k}" if place else k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.linked(v, f"{place}[{i}]") for i, v in enumerate(value)]
        return NAMED.sub(lambda match: self._standin(match, place), value) if isinstance(value, str) else value

    def _standin(self, match: re.Match[str], place: str) -> str:
        address, key, path = (match[n] or match[n + 3] or "" for n in (1, 2, 3))
        output = names.camel((path or "id").partition("[")[0])
        to = self.urns.get(address + key) or self.urns.get(address)
        if to is None or to == self.own:
            return match[0]
        self.found.append(Reference(at=place, to=to, output=output))
        return self.standins.text(to, to.split("::")[2], output)


@functools.cache
def _candidates() -> Mapping[str, list[str]]:
    """Letters of a class to the tokens that have it."""
    by_letters: dict[str, list[str]] = {}
    for token in sdk.classes():
        by_letters.setdefault(_letters(token.rpartition(":")[2]), []).append(token)
    return by_letters


def _from_sdk(type_: str, schema: Schema) -> str | None:
    """The token whose properties are most like the type's members, among those with a likely name."""
    plain = _letters(type_.removeprefix("aws_"))
    likely = [t for letters, tokens in _candidates().items() if plain.endswith(letters) for t in tokens]
    for token in sorted(likely, key=lambda t: -len(t.rpartition(":")[2])):
        try:
            if sdk.matching_type(token, schema) == type_:
                return token
        except Exception:  # noqa: S112  # a class that cannot be read is no candidate
            continue
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
