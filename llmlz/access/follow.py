"""From an input that names another resource to that resource, in recorded graphs and in live ones."""

from collections.abc import Sequence

from llmlz.access.layers import output_of
from llmlz.graph.model import Graph, Resource


def named_at(
    graph: Graph, user: Resource, at: str, tokens: Sequence[str], outputs: Sequence[str] = ("id",)
) -> Resource | None:
    """The resource of one of these types that ``user`` names at ``at``; ``None`` where the graph makes no such one.

    It is found by its text, which is one of its ``outputs`` or the input of that name, else by the reference that the
    graph keeps. Several that could be meant are as good as none.
    """
    made, text = graph.of_type(*tokens), user.inputs.get(at)
    by_text = [resource for resource in made if text is not None and text in _texts(graph, resource, outputs)]
    referenced = {reference.to for reference in user.references if reference.at == at}
    found = by_text or [resource for resource in made if resource.urn in referenced]
    return found[0] if len(found) == 1 else None


def _texts(graph: Graph, resource: Resource, outputs: Sequence[str]) -> list[object]:
    return [
        text for output in outputs for text in (output_of(graph, resource, output), resource.inputs.get(output)) if text
    ]
