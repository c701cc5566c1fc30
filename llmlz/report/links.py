"""Which resources of one stack use which of another.

A recorded team holds the stand-ins of its platform, a live one holds its ARNs, and both hold physical names. Nothing
else is read: a use that shows none of these is not found.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from llmlz.graph.model import Graph, texts
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
    found = {
        Link(stack=graph.stack, user=user, to_stack=other.stack, to=to)
        for graph in graphs.values()
        for other in graphs.values()
        if other is not graph
        for user, to in _uses(graph, other)
    }
    return tuple(sorted(found))


def readable(text: str, graphs: Mapping[str, Graph]) -> str:
    """``text`` with the names of resources in the place of their stand-ins."""
    for core in cores(text):
        standin = next((g.standins[core] for g in graphs.values() if core in g.standins), None)
        if standin:
            whole, name = str(standin.value), f"<{standin.urn.rpartition('::')[2]}.{standin.path}>"
            text = text.replace(whole if whole in text else core, name)
    return text


def _uses(graph: Graph, other: Graph) -> Iterator[tuple[str, str]]:
    arns = {r.outputs["arn"]: r.urn for r in other.custom() if isinstance(r.outputs.get("arn"), str)}
    named = _named(other)
    for resource in graph.custom():
        outside = {r.at for r in resource.references if r.to in graph.by_urn and graph.by_urn[r.to].kind == "read"}
        for path, leaf in texts(resource.inputs):
            text = str(leaf)
            made = [other.standins[core].urn for core in cores(text) if core in other.standins]
            made += [arns[arn] for arn in ARN.findall(text) if arn in arns]
            made += [named[text]] if path in outside and text in named else []
            yield from ((resource.urn, urn) for urn in made if urn in other.by_urn)


def _named(graph: Graph) -> dict[str, str]:
    """Physical name to URN, for names that only one resource has."""
    found: dict[str, set[str]] = {}
    for resource in graph.custom():
        for key, value in resource.inputs.items():
            if isinstance(value, str) and key.lower().endswith("name"):
                found.setdefault(value, set()).add(resource.urn)
    return {name: next(iter(urns)) for name, urns in found.items() if len(urns) == 1}
