"""A graph as a plan document that checkov reads.

Owns: which resources go in, under which address, and what is doubtful about each.
Does not own: values (``values``), references (``references``), manifests (``manifests``), verdicts (``scan``).
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.checkov import conserve, documents, values
from llmlz.checkov.alike import strangers
from llmlz.checkov.answers import Catalogue
from llmlz.checkov.conform import conform
from llmlz.checkov.doubt import Doubt
from llmlz.checkov.namesakes import namesakes
from llmlz.checkov.paths import Place, place
from llmlz.checkov.references import expressions
from llmlz.graph.model import Graph, Resource
from llmlz.rehearsal import names
from llmlz.rehearsal.address import address
from llmlz.rehearsal.schema import Block, Schema

DATA = Path(__file__).parent / "data" / "unmapped.yaml"

TERRAFORM_VERSION = "1.0.0"
"""checkov ignores a document without one, and does not look at it."""

BRIDGED: Mapping[str, str] = {
    "aws-native": "aws",
    "azure": "azurerm",
    "azure-native": "azurerm",
    "gcp": "google",
    "google-native": "google",
}
"""Pulumi package to the first word of the Terraform types that say the same, where the two differ."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A graph as checkov reads it."""

    plan: dict[str, Any]
    """A plan document."""

    urns: Mapping[str, str]
    """Address to URN, for what is in the document."""

    doubts: tuple[Doubt, ...]


def project(graph: Graph, catalogue: Catalogue, schema: Schema | None = None) -> Projection:
    """The resources that some check of the catalogue looks at; ``schema`` defaults to the committed one. Pure."""
    return _Projector(graph, catalogue, schema or Schema.committed()).projected()


class _Projector:
    """One graph on its way to a plan."""

    def __init__(self, graph: Graph, catalogue: Catalogue, schema: Schema) -> None:
        self.graph, self.catalogue, self.schema = graph, catalogue, schema
        types = {r.urn: names.terraform_type(r.type) for r in graph.custom() if not _is_manifest(r)}
        self.types = {urn: type_ for urn, type_ in types.items() if type_}
        self.addresses = {urn: address(urn, type_) for urn, type_ in self.types.items()}
        known = {urn: at for urn, at in self.addresses.items() if self.types[urn] in schema}
        self.literals = values.Literals(graph, schema, known)
        self.wanted = {type_ for type_ in set(self.types.values()) if catalogue.looks_at(type_)}
        self.doubts: list[Doubt] = []

    def projected(self) -> Projection:
        resources: list[dict[str, Any]] = []
        configured: list[dict[str, Any]] = []
        urns: dict[str, str] = {}
        for resource in self.graph.custom():
            block = self._block(resource)
            if block is None:
                continue
            at = self.addresses[resource.urn]
            type_, _, label = at.partition(".")
            if at in urns:
                self._doubt(resource, f"has the same address as {urns[at]}; rename one")
                self.doubts.append(Doubt(urns[at], f"has the same address as {resource.urn}; rename one"))
                continue
            told = expressions(resource, block, self.addresses, self.literals.output)
            written = self._values(resource, block, at)
            if written is None:
                continue
            urns[at] = resource.urn
            resources.append({"address": at, "mode": "managed", "type": type_, "name": label, "values": written})
            if told:
                configured.append({"address": at, "type": type_, "name": label, "expressions": told})
        self.doubts += namesakes(resources, urns, self.graph, self.catalogue)
        plan = {
            "terraform_version": TERRAFORM_VERSION,
            "planned_values": {"root_module": {"resources": resources}},
            "configuration": {"root_module": {"resources": configured}},
        }
        return Projection(plan, urns, tuple(self.doubts))

    def _block(self, resource: Resource) -> Block | None:
        """The members of a resource's type, if some check looks at it; a doubt says when nobody can tell."""
        if _is_manifest(resource):
            return None
        type_ = self.types.get(resource.urn)
        if type_ is None:
            if self._may_be_judged(resource):
                self._doubt(resource, f"{resource.type} is in no table of types, so no check can look at it")
            return None
        if type_ not in self.wanted:
            return None
        if type_ not in self.schema:
            self._doubt(resource, f"the provider's schema that is read here has no {type_}")
            return None
        return self.schema.block(type_)

    def _may_be_judged(self, resource: Resource) -> bool:
        """Whether a check could cover a type whose Terraform name is not known."""
        package = resource.type.partition(":")[0]
        providers = self.catalogue.providers
        if "*" not in providers and BRIDGED.get(package, package) not in providers:
            return False
        seen = {type_ for check in self.catalogue.checks.values() for type_ in (*check.types, *check.sees)}
        row = unmapped().get(resource.type)
        return row is None or any(row["words"] in type_ or "*" in type_ or type_ == "all" for type_ in seen)

    def _values(self, resource: Resource, block: Block, at: str) -> dict[str, Any] | None:
        """The values of a resource, after every way to doubt them; ``None`` where there are none."""
        given = values.readable(resource)
        try:
            written = values.write(resource, given.inputs, block, self.literals, at)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._doubt(resource, f"its inputs have a shape that no {self.types[resource.urn]} can have: {error}")
            return None
        values.add_default_tags(written.values, block, resource, self.graph)
        places = {path: place(path, block, names.properties(resource.type)) for path in given.unknown}
        absent = frozenset(found.top.name for found in places.values() if found)
        conformed, problems = conform(written.values, block, absent)
        type_ = self.types[resource.urn]
        problems += [
            f"{path} is no JSON document" for path in documents.unreadable(conformed, block, type_, self._read)
        ]
        problems += strangers(given.inputs, block, resource.type)
        for problem in problems:
            self._doubt(resource, problem)
        for path in written.dropped:
            self._doubt(resource, f"{type_} has no argument for {path}: misspelt, or newer than the provider")
        if not written.dropped:
            kept = {k: v for k, v in given.inputs.items() if k != "region" and not _left_out(resource, k)}
            for path in conserve.lost(kept, conformed):
                self._doubt(resource, f"{path} was lost on the way to {type_}")
        self._hidden(resource, block, given, places)
        return conformed

    @property
    def _read(self) -> Mapping[str, str]:
        return self.catalogue.documents

    def _hidden(
        self, resource: Resource, block: Block, given: values.Readable, places: Mapping[str, Place | None]
    ) -> None:
        """Values that are secret, or that nobody knows and that no reference stands for."""
        shown = {reference.at for reference in resource.references}
        for path, found in places.items():
            if found is None or found.type != "string" or path not in shown or self._is_document(resource, found):
                self._doubt(resource, f"{path} is not known before deployment")
        for path in given.secret:
            self._doubt(resource, f"{path} is secret and cannot be read")
        for path in resource.secrets:
            found = place(path, block, names.properties(resource.type))
            if path not in given.secret and found and self._is_document(resource, found):
                self._doubt(resource, f"{path} is a document, and secret")

    def _is_document(self, resource: Resource, found: Place) -> bool:
        name = next(str(step) for step in reversed(found.steps) if isinstance(step, str))
        return documents.is_document(name, found.type, self.types[resource.urn], self._read)

    def _doubt(self, resource: Resource, message: str) -> None:
        self.doubts.append(Doubt(resource.urn, message))


def _left_out(resource: Resource, property_: str) -> bool:
    """Whether a committed row says that Terraform has no counterpart."""
    return names.properties(resource.type).get(property_, "") is None


def _is_manifest(resource: Resource) -> bool:
    return resource.type.startswith("kubernetes:")


@functools.cache
def unmapped() -> Mapping[str, Mapping[str, str]]:
    """Tokens whose Terraform type has no name yet, the words that the name would hold, and the reason."""
    rows: dict[str, Mapping[str, str]] = YAML(typ="safe", pure=True).load(DATA.read_text(encoding="utf-8"))
    return rows
