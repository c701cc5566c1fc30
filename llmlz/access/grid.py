"""The matrix as people read it: one line per role, one column per model and region.

Nothing is lost on the way but the names of profiles of others that refuse: every call of the matrix is in a way of one
cell. A call that the matrix does not hold is indeterminate, and a call with two answers has both.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from llmlz.access.calls import GUARDRAIL_VERSION, guardrail_versions
from llmlz.access.cells import NOT_EVALUATED, OUTCOMES, THROUGH, Answer, Cell, Column, Grid, Line, Through, Way
from llmlz.access.matrix import Row
from llmlz.access.profiles import Profile, profiles
from llmlz.graph.inventory import named
from llmlz.graph.model import Graph

Target = tuple[str, str, bool]
"""Name, region, and whether it is a model without a profile."""

Call = tuple[Target, str | None, str]
"""Target, guardrail and operation."""


def grid(rows: Sequence[Row], graphs: Sequence[Graph], unguarded: Collection[str] = ()) -> Grid:
    """The grid of these rows; ``graphs`` are the stacks that they come from, which know profiles and names.

    ``unguarded`` are ids of models that no guardrail can look at, such as embedding models: to call them without one is
    as it should be. The order of ``rows`` does not matter; equal cells are one object.
    """
    maker = _Maker(rows, graphs, unguarded)
    by_role: dict[tuple[bool, str, str, str], list[Row]] = {}
    for row in rows:
        by_role.setdefault((not row.team, row.team or "", row.role, row.stack), []).append(row)
    return Grid(
        actions=maker.actions,
        guardrails=tuple(name for _, name in maker.guardrails[1:]),
        columns=tuple(maker.columns),
        lines=tuple(
            Line(team=team, role=role, stack=stack, cells=maker.cells(stack, by_role[key]))
            for key in sorted(by_role)
            for _, team, role, stack in [key]
        ),
    )


class _Maker:
    """What all lines share."""

    def __init__(self, rows: Sequence[Row], graphs: Sequence[Graph], unguarded: Collection[str]) -> None:
        self.unguarded = unguarded
        self.known = profiles(graphs)
        self.graphs = graphs
        self.actions = tuple(sorted({_operation(row.action) for row in rows}))
        given = {row.guardrail for row in rows if row.guardrail is not None}
        self.guardrails = [(None, ""), *_versions(given, graphs)]
        self.columns: dict[Column, list[Target]] = {}
        for target in sorted({(row.target, row.region, row.direct) for row in rows}):
            self.columns.setdefault(self.column(target), []).append(target)
        self.columns = dict(sorted(self.columns.items()))
        self.answers: dict[tuple[object, ...], Answer] = {}
        self.made: dict[Cell, Cell] = {}

    def column(self, target: Target) -> Column:
        name, region, direct = target
        profile = self.known.get(name)
        model = name if direct else profile.model if profile and profile.model else f"unknown model of {name}"
        return Column(model=model, region=region)

    def cells(self, stack: str, rows: Sequence[Row]) -> tuple[Cell, ...]:
        """The cells of one role."""
        asked: dict[Call, dict[Answer, None]] = {}
        for row in rows:
            key = ((row.target, row.region, row.direct), row.guardrail, _operation(row.action))
            asked.setdefault(key, {})[self.answer(row)] = None
        made = []
        for column, targets in self.columns.items():
            cell = Cell(ways=self.ways(stack, column, targets, asked))
            made.append(self.made.setdefault(cell, cell))
        return tuple(made)

    def answer(self, row: Row) -> Answer:
        key = (row.outcome, row.layer, row.statement, row.source, "" if row.layer else row.reason)
        if key not in self.answers:
            self.answers[key] = Answer(
                outcome=row.outcome,
                layer=row.layer,
                statement=row.statement or "",
                where=str(row.source or ""),
                why="" if row.layer else named(row.reason, self.graphs),
            )
        return self.answers[key]

    def ways(
        self,
        stack: str,
        column: Column,
        targets: Sequence[Target],
        asked: Mapping[Call, Mapping[Answer, None]],
    ) -> tuple[Way, ...]:
        """Calls with equal answers together: first actions, then guardrails, then targets."""
        actions: dict[tuple[Target, str | None, str, Answer], list[str]] = {}
        for target, (guardrail, name), action in product(targets, self.guardrails, self.actions):
            for answer in asked.get((target, guardrail, action), (NOT_EVALUATED,)):
                actions.setdefault((target, guardrail, name, answer), []).append(action)
        guardrails: dict[tuple[Target, bool, tuple[str, ...], Answer], list[str]] = {}
        for (target, guardrail, name, answer), group in actions.items():
            names = guardrails.setdefault((target, guardrail is None, tuple(group), answer), [])
            names += [] if guardrail is None else [name]
        found: dict[tuple[Through, tuple[str, ...], tuple[str, ...], Answer], list[str]] = {}
        for (target, _, operations, answer), versions in guardrails.items():
            through = _through(stack, target, self.known.get(target[0]))
            found.setdefault((through, tuple(versions), operations, answer), []).append(target[0])
        ways = (
            Way(
                through=through,
                profiles=() if _nameless(through, answer) else tuple(names),
                guardrails=versions,
                actions=operations,
                answer=answer,
                intended=through == "own profile" and (bool(versions) or column.model in self.unguarded),
            )
            for (through, versions, operations, answer), names in found.items()
        )
        return tuple(sorted(ways, key=_order))


def _versions(given: Iterable[str], graphs: Sequence[Graph]) -> list[tuple[str, str]]:
    """Identifier and name of guardrail versions: that of the resource, where no other has it."""
    made = {
        identifier: version.name
        for graph in graphs
        for identifier, version in zip(guardrail_versions(graph), graph.of_type(GUARDRAIL_VERSION), strict=True)
    }
    taken = Counter(made.values())
    return sorted((text, made[text] if taken[made.get(text, "")] == 1 else named(text, graphs)) for text in given)


def _order(way: Way) -> tuple[object, ...]:
    place = THROUGH.index(way.through), not way.guardrails, OUTCOMES.index(way.answer.outcome)
    return (*place, way.answer, way.actions, way.guardrails)


def _through(stack: str, target: Target, profile: Profile | None) -> Through:
    if target[2]:
        return "no profile"
    return "own profile" if profile is not None and profile.stack == stack else "profile of another"


def _nameless(through: Through, answer: Answer) -> bool:
    return through == "no profile" or (through == "profile of another" and answer.outcome == "denied")


def _operation(action: str) -> str:
    return action.partition(":")[2] or action
