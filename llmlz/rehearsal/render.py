"""A graph as Terraform JSON: what the real provider can validate, plan and apply.

Owns: the document, and the list of what could not go into it.
Does not own: names (``names``), shapes (``schema``), running anything (``terraform``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmlz.graph.model import Graph, Resource
from llmlz.rehearsal import files, names, unverified
from llmlz.rehearsal.address import LABEL_HASH, address
from llmlz.rehearsal.body import Body
from llmlz.rehearsal.expression import Expressions
from llmlz.rehearsal.link import Links
from llmlz.rehearsal.option import argument_of, moved, translate
from llmlz.rehearsal.provider import ProviderBlock, Providers, providers
from llmlz.rehearsal.schema import Block, Schema
from llmlz.rehearsal.unverified import Gap, Known, Row

DOCUMENT = "main.tf.json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A graph as Terraform reads it."""

    document: dict[str, Any]
    """Terraform JSON."""

    files: Mapping[str, bytes]
    """File name to content: code archives and assets that the document names."""

    addresses: Mapping[str, str]
    """Terraform address to URN."""

    standins: Mapping[str, str | int | float]
    """Expression to the stand-in that it replaced: what is known as long as nothing is deployed."""

    unverified: tuple[Row, ...]
    """What is in the graph and not in the document; of equal gaps one."""

    missed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """URN to the inputs of it that are not in the document as they are; every resource that misses any."""


def render(
    graph: Graph, provider: ProviderBlock, schema: Schema | None = None, known: tuple[Known, ...] | None = None
) -> Rendered:
    """The whole graph as one document; ``schema`` and ``known`` default to what is committed.

    Pure, except that it reads the files which the program deploys; raises ``BadInputError`` when one is missing.
    """
    schema = schema or Schema.committed()
    return _Renderer(graph, provider, schema, unverified.committed() if known is None else known).rendered()


def write(rendered: Rendered, folder: Path) -> None:
    """Write the document and its files into ``folder``, which is made if needed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DOCUMENT).write_text(json.dumps(rendered.document, indent=1, sort_keys=True), encoding="utf-8")
    for name, data in rendered.files.items():
        (folder / name).write_bytes(data)


class _Renderer:
    """One graph on its way to a document."""

    def __init__(self, graph: Graph, provider: ProviderBlock, schema: Schema, known: tuple[Known, ...]) -> None:
        self.graph, self.provider, self.schema = graph, provider, schema
        self.refused = [k for k in known if k.kind == "refused" and k.property]
        self.rows: set[Row] = set()
        self.missed: dict[str, set[str]] = {}
        self.files: dict[str, bytes] = {}
        self.types = {r.urn: type_ for r in graph.custom() if (type_ := self._type(r))}
        self.resources = [r for r in graph.custom() if r.urn in self.types]
        self.addresses = {urn: address(urn, type_) for urn, type_ in self.types.items()}
        self.expressions = Expressions(graph, schema, self.addresses)
        self.links = Links(graph, schema, self.addresses)

    def rendered(self) -> Rendered:
        blocks = providers(self.graph, self.resources, self.provider, self.schema, lambda: self._body("", {}))
        for urn, path in blocks.dropped:
            self._miss("dropped", self.graph.by_urn[urn], path)
        document: dict[str, Any] = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": blocks.blocks},
        }
        for resource in self.resources:
            type_, label = self.addresses[resource.urn].split(".")
            document.setdefault("resource", {}).setdefault(type_, {})[label] = self._resource(resource, blocks)
        if moves := [move for resource in self.resources for move in moved(resource, self.addresses)]:
            document["moved"] = moves
        addresses = {address: urn for urn, address in self.addresses.items()}
        missed = {urn: frozenset(paths) for urn, paths in self.missed.items()}
        return Rendered(document, self.files, addresses, self.expressions.replaced, tuple(sorted(self.rows)), missed)

    def _type(self, resource: Resource) -> str | None:
        """Terraform's type, if the provider can verify it; else a row says why not."""
        package = resource.type.partition(":")[0]
        if package != "aws":
            self.rows.add(Row("untranslated", f"{package}:*", "", resource.urn))
            return None
        type_ = names.terraform_type(resource.type)
        calls = self.provider.url is None and type_ in names.calling_types()
        if type_ is None or type_ not in self.schema or calls:
            self._miss("untranslated" if type_ is None else "refused", resource, "")
            return None
        return type_

    def _resource(self, resource: Resource, blocks: Providers) -> dict[str, Any]:
        block = self.schema.block(self.types[resource.urn])
        body = self._body(self.addresses[resource.urn], self.links.echoes(resource))
        inputs = self._accepted(resource)
        if "region" not in block.arguments:
            inputs.pop("region", None)  # the provider block of this region stands for it
        renamed = names.properties(resource.type)
        written = body.block(inputs, block, renamed=renamed)
        for path in body.dropped:
            self._miss("dropped", resource, path)
        for path in body.incomplete:
            self._miss("unlinked", resource, path)
        arguments = {p: argument_of(p, block, renamed) for p in inputs}
        by_property = {p: json.dumps(written[a]) for p, a in arguments.items() if a in written}
        for reference in self.links.lost(resource, by_property):
            self._miss("unlinked", resource, f"{reference.at} -> {self.graph.by_urn[reference.to].type}")
        self._fill(resource, block, written)
        for option in translate(resource, block, written, self.addresses):
            self._miss("dropped", resource, f"option {option}")
        if resource.urn in blocks.alias_of:
            written["provider"] = f"aws.{blocks.alias_of[resource.urn]}"
        return written

    def _accepted(self, resource: Resource) -> dict[str, Any]:
        """Inputs with refused values replaced by what the provider takes."""
        inputs = dict(resource.inputs)
        for known in self.refused:
            if known.token == resource.type:
                inputs, hit = unverified.substitute(inputs, known.property, known)
                if hit:
                    self._miss("refused", resource, f"{known.property} = {known.value}")
        return inputs

    def _fill(self, resource: Resource, block: Block, written: dict[str, Any]) -> None:
        """What the bridge adds by itself: a required name, and the hash by which changed code is noticed."""
        name = argument_of("name", block, names.properties(resource.type))
        if name and block.arguments[name].required and name not in written:
            written[name] = f"{resource.name}-{self.addresses[resource.urn][-LABEL_HASH:]}"
        if "source_code_hash" in block.arguments and "filename" in written:
            written.setdefault("source_code_hash", files.digest(self.files[written["filename"]]))

    def _body(self, address_: str, echoes: Mapping[str, Mapping[str, str]]) -> Body:
        def save(data: bytes, suffix: str) -> str:
            name = f"{address_}-{sum(name.startswith(address_) for name in self.files)}{suffix}"
            self.files[name] = data
            return name

        return Body(self.expressions, save, echoes=echoes)

    def _miss(self, kind: Gap, resource: Resource, property_: str) -> None:
        self.rows.add(Row(kind, resource.type, property_, resource.urn))
        if property_ and kind in ("dropped", "refused"):
            self.missed.setdefault(resource.urn, set()).add(property_.partition(" = ")[0])
