"""Controls over a stack of an estate: the level comes from its tier, the other stacks from the estate."""

from collections.abc import Mapping

from llmlz.checks.evaluate import Evaluation, evaluate
from llmlz.checks.wellformed import wellformed
from llmlz.cli.recording import record_estate
from llmlz.graph.model import Graph
from stacks.estate import Estate


def evaluated(estate: Estate, name: str, level: int | None = None) -> tuple[Graph, Evaluation, int]:
    """The graph of a stack, every finding in it, and the level that was asked for."""
    graphs = record_estate(estate)
    at = level or estate.stack(name).level
    return graphs[name], evaluate_stack(graphs, name, at), at


def evaluate_stack(graphs: Mapping[str, Graph], name: str, level: int) -> Evaluation:
    """Malformed documents and controls over one graph; the other stacks of the estate are known to the rules."""
    others = [graph for other, graph in graphs.items() if other != name]
    evaluation = evaluate(graphs[name], level, others)
    return Evaluation(findings=(*wellformed(graphs[name]), *evaluation.findings), coverage=evaluation.coverage)
