"""The Kubernetes objects of a graph, in the order in which a cluster takes them.

Owns: which resources are objects, their order, and that no stand-in gets through.
Does not own: applying them (``apply``).
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource, Standin, texts
from llmlz.graph.standins import cores

PACKAGE = "kubernetes:"
FIRST: Mapping[str, int] = {"CustomResourceDefinition": 0, "Namespace": 1}
"""Kinds that others live in or are made of, before everything else that does not wait for something."""

LATER = 2

Known = Mapping[str, str | int | float]
"""``<logical name>.<output>`` of a resource to its value; ``<stack>/<logical name>.<output>`` for one of another stack, or
the stand-in itself where that stack is not at hand."""


def manifests(graph: Graph, known: Known | None = None, others: Sequence[Graph] = ()) -> tuple[dict[str, Any], ...]:
    """Every Kubernetes object of ``graph``: definitions and namespaces first, each one after what it is built from.

    ``known`` gives a value for outputs that only the cloud decides, such as
    ``{"team-role.arn": "arn:aws:iam::111122223333:role/team"}``; ``others`` are the graphs of the stacks that this one
    reads. Raises ``BadInputError`` that lists every value which is still a stand-in, every resource that is no single
    object, and every object without a name.
    """
    problems: list[str] = []
    found: dict[str, dict[str, Any]] = {}
    for resource in _objects(graph):
        problems += _unfit(resource)
        values = {}
        for path, leaf, key, standin in _standins(graph, resource, others):
            if key not in (known or {}):
                problems.append(
                    f"\n  {resource.name}: {path} is {leaf!r}, which only the cloud decides\n"
                    f"    fix: give a value for {key}, or use a name that is known before deployment"
                )
            else:
                values[key] = (standin.value if standin else key, (known or {})[key])
        found[resource.urn] = _filled(resource.inputs, values)
    if problems:
        raise BadInputError(
            "\n".join([f"stack {graph.stack}: {len(problems)} problems, nothing was applied", *problems])
        )
    return tuple(found[urn] for urn in _ordered(graph, found))


def unknown(graph: Graph, others: Sequence[Graph] = ()) -> dict[str, str | int | float]:
    """Every output of the cloud that the objects of ``graph`` are built from, with its stand-in: what ``known`` needs."""
    return {
        key: standin.value
        for resource in _objects(graph)
        for _, _, key, standin in _standins(graph, resource, others)
        if standin is not None
    }


def _objects(graph: Graph) -> Iterator[Resource]:
    """A component of the provider too: its objects would be missing without a word."""
    yield from (r for r in graph.resources if r.kind != "read" and r.type.startswith(PACKAGE))


def _unfit(resource: Resource) -> Iterator[str]:
    metadata = resource.inputs.get("metadata")
    if not isinstance(resource.inputs.get("kind"), str) or "apiVersion" not in resource.inputs:
        yield f"\n  {resource.name}: {resource.type} is no single object\n    fix: use the typed class of each object"
    elif not isinstance(metadata, Mapping) or not metadata.get("name"):
        yield f"\n  {resource.name}: metadata.name is missing\n    fix: name the object; a made-up name cannot be applied twice"


def _standins(
    graph: Graph, resource: Resource, others: Sequence[Graph]
) -> Iterator[tuple[str, Any, str, Standin | None]]:
    """Each stand-in in the inputs: its place, the text there, its key, and what it is; ``None`` for a stranger."""
    for path, leaf in texts(resource.inputs):
        for core in cores(str(leaf)):
            owner = next((one for one in (graph, *others) if core in one.standins), None)
            if owner is None:
                yield path, leaf, core, None
                continue
            standin = owner.standins[core]
            name = f"{owner.by_urn[standin.urn].name}.{standin.path}"
            yield path, leaf, name if owner is graph else f"{owner.stack}/{name}", standin


def _filled(value: Any, values: Mapping[str, tuple[str | int | float, str | int | float]]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, values) for inner in value]
    for standin, real in values.values():
        if value == standin:
            return real
        if isinstance(value, str):
            value = value.replace(str(standin), str(real))
    return value


def _ordered(graph: Graph, found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """URNs so that each comes after what it depends on; among the free ones, by rank and then by URN."""
    waits = {urn: _needs(graph.by_urn[urn]) & found.keys() for urn in found}
    ready = [(FIRST.get(found[urn]["kind"], LATER), urn) for urn, needs in waits.items() if not needs]
    heapq.heapify(ready)
    while ready:
        _, done = heapq.heappop(ready)
        yield done
        for urn, needs in waits.items():
            if done in needs:
                needs.discard(done)
                if not needs:
                    heapq.heappush(ready, (FIRST.get(found[urn]["kind"], LATER), urn))


def _needs(resource: Resource) -> set[str]:
    return {*resource.options.depends_on, *(reference.to for reference in resource.references)}
