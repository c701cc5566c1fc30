"""From an estate to graphs: what is kept while it is walked."""

import weakref
from collections.abc import Mapping

import pytest

from llmlz.cli import recording
from llmlz.cli.recording import record_each
from llmlz.graph.model import Graph
from stacks.kinds import Stack, TeamStack
from tests.estates import example


def test_the_walk_gives_what_is_recorded_at_once(graphs: Mapping[str, Graph]) -> None:
    """Every stack, platforms before teams."""
    assert {graph.stack: graph for graph in record_each(example())} == graphs


def test_no_graph_of_a_team_outlives_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is gone when the next one is made, and no program can refer to it; those of platforms stay."""

    class Made:
        """Stands for a graph; can be watched."""

    alive: dict[str, weakref.ref[Made]] = {}
    known: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}

    def made(stack: Stack, others: Mapping[str, Graph]) -> Made:
        left[stack.name] = [name for name, there in alive.items() if there() is not None]
        known[stack.name] = list(others)
        graph = Made()
        alive[stack.name] = weakref.ref(graph)
        return graph

    monkeypatch.setattr(recording, "record_stack", made)
    stacks = example().stacks
    for graph in record_each(example()):
        del graph
    lasting = [name for name, stack in stacks.items() if not isinstance(stack, TeamStack)]
    teams = [name for name, stack in stacks.items() if isinstance(stack, TeamStack)]
    assert len(teams) > 1
    assert all(known[name] == left[name] == lasting for name in teams)
