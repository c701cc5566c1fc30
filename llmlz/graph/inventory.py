"""A graph as text for people: what is there, who it is, and what holds it together.

Identity is type, name and name of the parent: what a live state knows a resource by. The inventory adds the inputs,
with references in the place of stand-ins, so that a difference between two releases can be read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from llmlz.graph.model import Graph, Resource
from llmlz.graph.standins import CORE, NUMBER


def identities(graph: Graph) -> list[str]:
    """One line per resource: type, name and, where it has one, the name of its parent."""
    return sorted(identity(graph, resource) for resource in graph.resources)


def identity(graph: Graph, resource: Resource) -> str:
    """``aws:kms/key:Key keys-data < keys``."""
    parent = f" < {graph.by_urn[resource.parent].name}" if resource.parent else ""
    return f"{resource.type} {resource.name}{parent}"


def vanished(before: Iterable[str], graph: Graph) -> list[str]:
    """Identities that a state may hold and that the graph neither has nor covers by an alias."""
    now = set(identities(graph))
    covered = {(r.type, alias.rpartition("::")[2]) for r in graph.resources for alias in r.options.aliases}
    return [line for line in before if line not in now and tuple(line.split(" ")[:2]) not in covered]


def counts(graph: Graph) -> dict[str, int]:
    """Type to number of resources, of those that a provider makes."""
    return dict(sorted(Counter(resource.type for resource in graph.custom()).items()))


def inventory(graph: Graph) -> dict[str, Any]:
    """Counts, outputs, and every resource with its options and inputs, as plain values in a stable order."""
    return {
        "counts": counts(graph),
        "outputs": {name: _readable(graph, value) for name, value in sorted(graph.outputs.items())},
        "resources": {
            identity(graph, r): _described(graph, r) for r in sorted(graph.resources, key=lambda r: identity(graph, r))
        },
    }


def _described(graph: Graph, resource: Resource) -> dict[str, Any]:
    options = {
        name: getattr(resource.options, name) for name in ("aliases", "ignore_changes", "protect", "retain_on_delete")
    }
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value}
    inputs = _readable(graph, resource.inputs)
    return {**({"options": said} if said else {}), **({"inputs": inputs} if inputs else {})}


def _readable(graph: Graph, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _readable(graph, inner) for key, inner in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_readable(graph, inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and str(value) in graph.standins:
        return _name(graph, str(value))
    return named(value, [graph]) if isinstance(value, str) else value


def named(text: str, graphs: Sequence[Graph]) -> str:
    """A text for people: each stand-in of ``graphs`` becomes the name and the output that it stands for."""
    for graph in graphs:
        text = _named(graph, text)
    return text


def _named(graph: Graph, text: str) -> str:
    for core in [*CORE.findall(text), *NUMBER.findall(text)]:
        standin = graph.standins.get(core)
        if standin:
            whole = str(standin.value)
            text = text.replace(whole, _name(graph, core)) if whole in text else re.sub(core, _name(graph, core), text)
    return text


def _name(graph: Graph, core: str) -> str:
    standin = graph.standins[core]
    return f"<{standin.urn.rpartition('::')[2]}.{standin.path}>"
