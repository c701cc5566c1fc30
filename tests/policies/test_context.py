"""What rules find in a stack: by type and by URN, as it lies there."""

from collections.abc import Mapping

from llmlz.graph.model import Graph
from policies.pack._rule import Context


def test_the_index_finds_what_a_search_finds(graphs: Mapping[str, Graph]) -> None:
    """Every type, two types at once in the stack's order, a type named twice, every URN, and nothing that is not there."""
    for stack in graphs.values():
        context = Context(stack=stack, level=1)
        types = sorted({resource.type for resource in stack.resources})
        for tokens in [(token,) for token in types] + list(zip(types[::-1], types, strict=True)):
            assert context.of_type(*tokens) == tuple(r for r in stack.resources if r.type in tokens)
        assert all(context.by_urn(resource.urn) is resource for resource in stack.resources)
        assert (context.of_type("none"), context.of_type(), context.by_urn("none")) == ((), (), None)
