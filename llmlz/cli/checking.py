"""Controls over a stack of an estate: the level comes from its tier, the other stacks from the estate."""

from collections.abc import Mapping

from llmlz.checks.evaluate import Evaluation, evaluate
from llmlz.checks.wellformed import wellformed
from llmlz.cli.recording import record_estate, record_with_platform
from llmlz.graph.model import Graph
from stacks.estate import Estate
from stacks.kinds import TeamStack


def evaluated(estate: Estate, name: str, level: int | None = None) -> tuple[Graph, Evaluation, int]:
    """The graph of a stack, every finding in it, and the level that was asked for."""
    graphs = known(estate, name)
    at = level or estate.stack(name).level
    return graphs[name], evaluate_stack(graphs, name, at), at


def known(estate: Estate, name: str) -> dict[str, Graph]:
    """A stack and what its rules may look at: its platform for a team, so that its cost does not grow with the others.

    What a team relies on, such as a budget or the logging of calls, is its platform's to have, never another team's.
    """
    if isinstance(estate.stack(name), TeamStack):
        return {graph.stack: graph for graph in record_with_platform(estate, name)}
    return record_estate(estate)


def evaluate_stack(graphs: Mapping[str, Graph], name: str, level: int) -> Evaluation:
    """Malformed documents and controls over one graph; the other stacks of the estate are known to the rules."""
    others = [graph for other, graph in graphs.items() if other != name]
    evaluation = evaluate(graphs[name], level, others)
    return Evaluation(findings=(*wellformed(graphs[name]), *evaluation.findings), coverage=evaluation.coverage)
