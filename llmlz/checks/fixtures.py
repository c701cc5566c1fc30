"""Small stacks written in a control's record, and changes that must make a rule see red.

Owns: fixtures and mutations, and turning them into graphs.
Does not own: who runs them. Tests do, over the fixtures and over the stacks of the project.
"""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from llmlz.graph.model import Graph, Kind, Options, Reference, Resource

ACCOUNT, REGION = "111122223333", "eu-central-1"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FixtureResource(_Strict):
    """One resource of a fixture."""

    type: str
    name: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    documents: dict[str, Any] = Field(default_factory=dict)
    """Inputs that a program passes as JSON text, written as objects."""

    references: dict[str, str] = Field(default_factory=dict)
    """Path of an input to the resource it comes from, as ``name`` or ``name.output``."""

    secrets: list[str] = Field(default_factory=list)
    protect: bool = False
    provider: str | None = None
    """Name of the fixture's provider."""


class Fixture(_Strict):
    """One stack, and what the rule must say about it."""

    name: str
    resources: list[FixtureResource]
    others: list[list[FixtureResource]] = Field(default_factory=list)
    """The other stacks of the estate."""

    level: int | None = None
    """Assurance level; the control's ``mandatory_from`` if left out."""

    blames: list[str] = Field(default_factory=list)
    """Names of exactly the resources that fail; ``stack`` for the stack itself."""

    verdict: Literal["violated", "indeterminate"] = "violated"

    def graph(self) -> Graph:
        """The stack as a graph."""
        return _graph("fixture", self.resources)

    def other_graphs(self) -> tuple[Graph, ...]:
        """The other stacks as graphs."""
        return tuple(_graph(f"other{index}", resources) for index, resources in enumerate(self.others))


class Mutation(_Strict):
    """One change to every resource of a type, to be made in any stack."""

    what: str
    on: str | None = None
    """Type of the resources that ``set``, ``remove`` and ``documents`` change."""

    set: dict[str, Any] = Field(default_factory=dict)
    """Path, from ``inputs`` or ``options``, to the new value."""

    remove: list[str] = Field(default_factory=list)
    documents: dict[str, Any] = Field(default_factory=dict)
    drop: list[str] = Field(default_factory=list)
    """Types whose resources go away."""

    add: FixtureResource | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        edits = bool(self.set or self.remove or self.documents)
        if edits != (self.on is not None):
            raise ValueError("set, remove and documents need the type in on, and on needs one of them")
        if not (edits or self.drop or self.add):
            raise ValueError("the mutation changes nothing")
        return self

    def apply(self, graph: Graph) -> Graph:
        """``graph`` after the change; equal to ``graph`` where nothing matched."""
        resources = [self._changed(r) if r.type == self.on else r for r in graph.resources if r.type not in self.drop]
        if self.add:
            resources.append(_resource(graph.stack, self.add, [self.add]))
        return Graph(
            project=graph.project,
            stack=graph.stack,
            resources=tuple(sorted(resources, key=lambda r: r.urn)),
            outputs=graph.outputs,
            standins=graph.standins,
            account=graph.account,
            region=graph.region,
            partition=graph.partition,
        )

    def _changed(self, resource: Resource) -> Resource:
        fields = {name: getattr(resource, name) for name in Resource.__slots__}
        options = {name: getattr(resource.options, name) for name in Options.__slots__}
        tree = {"inputs": copy.deepcopy(dict(resource.inputs)), "options": options}
        for path in self.remove:
            _edit(tree, path, None, remove=True)
        for path, value in {**self.set, **_texts(self.documents)}.items():
            _edit(tree, path, copy.deepcopy(value), remove=False)
        return Resource(**{**fields, "inputs": tree["inputs"], "options": Options(**tree["options"])})


def _texts(documents: Mapping[str, Any]) -> dict[str, str]:
    return {f"inputs.{name}": json.dumps(document) for name, document in documents.items()}


def _edit(tree: dict[str, Any], path: str, value: Any, *, remove: bool) -> None:
    *parents, last = path.split(".")
    for name in parents:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = tree[name] = {}
        tree = inner
    if remove:
        tree.pop(last, None)
    else:
        tree[last] = value


def _graph(stack: str, resources: Iterable[FixtureResource]) -> Graph:
    listed = list(resources)
    made = sorted((_resource(stack, r, listed) for r in listed), key=lambda r: r.urn)
    return Graph(project="llmlz", stack=stack, resources=tuple(made), account=ACCOUNT, region=REGION)


def _resource(stack: str, fixture: FixtureResource, siblings: list[FixtureResource]) -> Resource:
    urns = {s.name: _urn(stack, s) for s in siblings if s is not fixture}
    references = []
    for at, target in fixture.references.items():
        name, _, output = target.partition(".")
        references.append(Reference(at=at, to=urns[name], output=output or None))
    return Resource(
        urn=_urn(stack, fixture),
        type=fixture.type,
        name=fixture.name,
        kind=_kind(fixture.type),
        parent=None,
        inputs={**fixture.inputs, **{name: json.dumps(document) for name, document in fixture.documents.items()}},
        options=Options(protect=fixture.protect),
        provider=urns[fixture.provider] if fixture.provider else None,
        references=tuple(references),
        secrets=tuple(fixture.secrets),
    )


def _urn(stack: str, fixture: FixtureResource) -> str:
    return f"urn:pulumi:{stack}::llmlz::{fixture.type}::{fixture.name}"


def _kind(type_: str) -> Kind:
    if type_.startswith("pulumi:providers:"):
        return "provider"
    return "read" if type_ == "pulumi:pulumi:StackReference" else "custom"
