"""From an estate to graphs: where readers and stacks meet."""

from collections.abc import Collection, Iterator, Mapping

from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks.estate import Estate
from stacks.kinds import PROJECT, Stack, TeamStack, beneath
from stacks.program import program


def record_stack(stack: Stack, others: Mapping[str, Graph]) -> Graph:
    """The graph of one stack; ``others`` holds the graphs of the stacks it refers to."""
    return record(
        program(stack),
        project=PROJECT,
        stack_name=stack.name,
        account=stack.account,
        region=stack.region,
        partition=stack.partition,
        others=others,
    )


def record_with_platform(estate: Estate, name: str) -> tuple[Graph, ...]:
    """The graph of one stack, after the graphs of the platforms that it refers to."""
    graphs: dict[str, Graph] = {}
    for stack in (*beneath(estate.stack(name)), estate.stack(name)):
        graphs[stack.name] = record_stack(stack, graphs)
    return tuple(graphs.values())


def record_each(estate: Estate, teams: Collection[str] | None = None) -> Iterator[Graph]:
    """The graph of every stack, platforms first, one after the other; of team stacks only those in ``teams``, if given.

    Graphs of teams are not kept: nothing refers to them, and they are what there may be hundreds of.
    """
    referred: dict[str, Graph] = {}
    for name, stack in estate.stacks.items():
        if teams is not None and isinstance(stack, TeamStack) and name not in teams:
            continue
        graph = record_stack(stack, referred)
        if not isinstance(stack, TeamStack):
            referred[name] = graph
        yield graph
        del graph  # or it would live until the next one is made


def record_estate(estate: Estate, teams: Collection[str] | None = None) -> dict[str, Graph]:
    """Stack name to graph for the whole estate, or with these teams: first regions, second ones, organizations, teams."""
    return {graph.stack: graph for graph in record_each(estate, teams)}
