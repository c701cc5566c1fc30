"""Controls over a stack of an estate: level from its tier, other stacks and waivers from the estate."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime

from llmlz.checkov.process import Checkov
from llmlz.checks.by_checkov import evaluate_by_checkov, together
from llmlz.checks.compiled import records
from llmlz.checks.evaluate import Evaluation, evaluate
from llmlz.checks.waivers import Waiver, apply, load_waivers
from llmlz.checks.wellformed import wellformed
from llmlz.cli.recording import record_estate, record_with_platform
from llmlz.graph.model import Graph
from stacks.estate import Estate
from stacks.kinds import TeamStack


def evaluated(estate: Estate, name: str, level: int | None = None) -> tuple[dict[str, Graph], Evaluation, int]:
    """A stack among those that its rules may look at, every finding in it, and the level that was asked for."""
    waivers = waivers_of(estate)
    graphs = known(estate, name)
    at = level or estate.stack(name).level
    return graphs, _waived(evaluate_stack(graphs, name, at), waivers, graphs[name]), at


def evaluated_all(estate: Estate, graphs: Mapping[str, Graph], level: int) -> dict[str, Evaluation]:
    """Stack name to every finding, waivers applied; the stacks know each other, and one checkov serves them all."""
    waivers = waivers_of(estate)
    with Checkov() as checkov:
        return {
            name: _waived(evaluate_stack(graphs, name, level, checkov), waivers, graph)
            for name, graph in graphs.items()
        }


def _waived(found: Evaluation, waivers: tuple[Waiver, ...], graph: Graph) -> Evaluation:
    return apply(found, waivers, graph.stack, graph.project, datetime.now(UTC).date())


def waivers_of(estate: Estate) -> tuple[Waiver, ...]:
    """The waivers of an estate; raises ``BadInputError`` before anything is recorded."""
    return load_waivers(estate.folder, [record.id for record in records()], estate.stacks)


def known(estate: Estate, name: str) -> dict[str, Graph]:
    """A stack and what its rules may look at: its platform for a team, so that its cost does not grow with the others.

    What a team relies on, such as a budget or the logging of calls, is its platform's to have, never another team's.
    """
    if isinstance(estate.stack(name), TeamStack):
        return {graph.stack: graph for graph in record_with_platform(estate, name)}
    return record_estate(estate)


def evaluate_stack(graphs: Mapping[str, Graph], name: str, level: int, checkov: Checkov | None = None) -> Evaluation:
    """Malformed documents and controls over one graph; the other stacks of the estate are known to the rules.

    ``checkov`` is one that is kept warm over several stacks; without it one is started where it has something to judge.
    """
    others = [graph for other, graph in graphs.items() if other != name]
    evaluation = evaluate(graphs[name], level, others)
    with nullcontext(checkov) if checkov else Checkov() as asked:
        evaluation = together(evaluation, evaluate_by_checkov(graphs[name], level, asked))
    return Evaluation(findings=(*wellformed(graphs[name]), *evaluation.findings), coverage=evaluation.coverage)
