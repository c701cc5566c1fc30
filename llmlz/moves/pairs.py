"""Which resource of one graph is which of another: by URN, or by a former name."""

from collections.abc import Mapping
from dataclasses import dataclass

from llmlz.graph.model import Graph, Resource


@dataclass(frozen=True, slots=True)
class Pairs:
    """Resources of two graphs that a provider makes."""

    both: tuple[tuple[Resource, Resource], ...]
    """As it was, and as it will be."""

    gone: tuple[Resource, ...]
    new: tuple[Resource, ...]


def pairs(before: Graph, after: Graph) -> Pairs:
    """Every resource of both graphs, once."""
    were = {resource.urn: resource for resource in before.custom()}
    both, new = [], []
    for resource in after.custom():
        old = were.pop(resource.urn, None) or _former(resource, were)
        if old is None:
            new.append(resource)
        else:
            both.append((old, resource))
    return Pairs(tuple(both), tuple(were.values()), tuple(new))


def _former(resource: Resource, were: dict[str, Resource]) -> Resource | None:
    for alias in resource.options.aliases:
        urn = alias if alias.startswith("urn:") else "::".join([*resource.urn.split("::")[:3], alias])
        if urn in were:
            return were.pop(urn)
    return None


def inputs(resource: Resource, ignored: tuple[str, ...] = ()) -> Mapping[str, object]:
    """Inputs of a resource without those that the engine is told to leave alone."""
    tops = {path.partition(".")[0].partition("[")[0] for path in ignored}
    return {} if "*" in ignored else {name: value for name, value in resource.inputs.items() if name not in tops}
