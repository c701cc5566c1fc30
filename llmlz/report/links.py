"""Which resources of one stack use which of another.

A recorded team holds the stand-ins of its platform, a live one holds its ARNs, and both hold physical names. Nothing
else is read: a use that shows none of these is not found.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from llmlz.graph.model import Graph, Resource, texts
from llmlz.graph.monitor import STACK_REFERENCE
from llmlz.graph.standins import cores

ARN = re.compile(r"arn:[a-z-]+:[^\s\"'*,\]]+")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Link:
    """One resource that uses a resource of another stack."""

    stack: str
    """Stack of the user."""

    user: str
    """URN of the user."""

    to_stack: str
    to: str
    """URN of what is used."""


def links(graphs: Mapping[str, Graph]) -> tuple[Link, ...]:
    """Every use across stacks, once, in a stable order."""
    marks: dict[str, list[tuple[str, str]]] = {}
    for graph in graphs.values():
        for text, urn in _marks(graph):
            marks.setdefault(text, []).append((graph.stack, urn))
    names = {graph.stack: _named(graph) for graph in graphs.values()}
    return tuple(sorted({link for graph in graphs.values() for link in _uses(graph, marks, names)}))


def readable(text: str, graphs: Mapping[str, Graph]) -> str:
    """``text`` with the names of resources in the place of their stand-ins."""
    for core in cores(text):
        standin = next((g.standins[core] for g in graphs.values() if core in g.standins), None)
        if standin:
            whole, name = str(standin.value), f"<{standin.urn.rpartition('::')[2]}.{standin.path}>"
            text = text.replace(whole if whole in text else core, name)
    return text


def _marks(graph: Graph) -> Iterator[tuple[str, str]]:
    """What gives a resource away in the texts of others: cores of its stand-ins, or its live ARN."""
    yield from ((core, standin.urn) for core, standin in graph.standins.items() if standin.urn in graph.by_urn)
    for resource in graph.custom():
        if isinstance(resource.outputs.get("arn"), str):
            yield resource.outputs["arn"], resource.urn


def _uses(
    graph: Graph, marks: Mapping[str, list[tuple[str, str]]], names: Mapping[str, Mapping[str, str]]
) -> Iterator[Link]:
    for resource in graph.custom():
        outside = {r.at: _stack(graph.by_urn.get(r.to)) for r in resource.references}
        for path, leaf in texts(resource.inputs):
            text, owner = str(leaf), outside.get(path) or ""
            found = [place for mark in (*cores(text), *ARN.findall(text)) for place in marks.get(mark, ())]
            found += [(owner, names[owner][text])] if text in names.get(owner, {}) else []
            for stack, urn in found:
                if stack != graph.stack:
                    yield Link(stack=graph.stack, user=resource.urn, to_stack=stack, to=urn)


def _stack(resource: Resource | None) -> str | None:
    """The stack that a stack reference reads: ``dev`` for ``company/project/dev``."""
    if resource is None or resource.type != STACK_REFERENCE:
        return None
    return str(resource.inputs.get("name") or resource.name).rpartition("/")[2]


def _named(graph: Graph) -> dict[str, str]:
    """Physical name to URN, for names that only one resource has."""
    found: dict[str, set[str]] = {}
    for resource in graph.custom():
        for key, value in resource.inputs.items():
            if isinstance(value, str) and key.lower().endswith("name"):
                found.setdefault(value, set()).add(resource.urn)
    return {name: next(iter(urns)) for name, urns in found.items() if len(urns) == 1}
