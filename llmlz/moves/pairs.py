"""Which resource of one graph is which of another, by URN or by a former name, and in which inputs the two differ."""

from dataclasses import dataclass

from llmlz.engine.differ import changes as differences
from llmlz.engine.differ import covers
from llmlz.graph.model import Graph, Resource
from llmlz.moves.rules import Row, Rules


@dataclass(frozen=True, slots=True)
class Pairs:
    """Resources of two graphs that a provider makes."""

    before: Graph
    after: Graph
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
    return Pairs(before, after, tuple(both), tuple(were.values()), tuple(new))


def _former(resource: Resource, were: dict[str, Resource]) -> Resource | None:
    """Of the same type: a resource never becomes one of another type."""
    for alias in resource.options.aliases:
        urn = alias if alias.startswith("urn:") else "::".join([*resource.urn.split("::")[:3], alias])
        if urn in were and were[urn].type == resource.type:
            return were.pop(urn)
    return None


def changed(old: Resource, new: Resource) -> tuple[str, ...]:
    """Paths of the inputs that differ, but for those that the engine is told to leave alone."""
    found = (change.path for change in differences(new.type, old.inputs, new.inputs))
    return tuple(p for p in found if not any(covers(whole, p) for whole in new.options.ignore_changes))


def met(old: Resource, new: Resource, rules: Rules) -> tuple[Row, ...]:
    """The rows about the difference of two inputs, unless all of that difference is left alone."""
    paths = changed(old, new)
    rows = rules.met(new.type, old.inputs, new.inputs)
    return tuple(row for row in rows if any(covers(row.property, p) or covers(p, row.property) for p in paths))
