"""A grid as tables show it: what stands in each cell, and the kinds of cells with all that was decided for them.

Columns of one model whose cells are equal on every line are shown as one. A kind is a cell without the names of
profiles, so that a large grid has a handful of them and each needs to be told once.
"""

from dataclasses import dataclass, replace

from llmlz.access.cells import Answer, Cell, Grid, Line, Through, Verdict
from llmlz.access.wording import OUTCOME_WORDS, VERDICT_WORDS, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Neighbouring columns that are shown as one."""

    model: str
    regions: tuple[str, ...]
    at: int
    """Number of the first column, from zero."""

    closed: bool
    """Every role is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row about a kind: every call that it describes has this answer."""

    through: str
    guardrails: str
    """Names, ``each`` for all that were tried, ``none`` for calls without one."""

    operations: str
    """Names, or ``all``."""

    answer: Answer

    @property
    def outcome(self) -> str:
        """Allowed, refused or undecided."""
        return OUTCOME_WORDS[self.answer.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Cells for which the same was decided."""

    number: int
    """From one, the most serious kind first."""

    verdict: Verdict
    words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a table shows of one cell."""

    verdict: Verdict
    words: str
    profiles: tuple[str, ...]
    layer: str
    """Layer that refuses a refused cell."""

    kind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A grid as tables show it."""

    groups: tuple[Group, ...]
    lines: tuple[tuple[Line, tuple[Shown, ...]], ...]
    """One thing to show per group."""

    kinds: tuple[Kind, ...]


def view(grid: Grid) -> View:
    """The grid in words; equal grids give equal views."""
    across = groups(grid)
    cells = dict.fromkeys(line.cells[group.at] for line in grid.lines for group in across)
    plain = {cell: _without_names(cell) for cell in cells}
    ordered = sorted(dict.fromkeys(plain.values()), key=lambda kind: list(VERDICT_WORDS).index(kind.verdict))
    numbers = {kind: number for number, kind in enumerate(ordered, start=1)}
    shown = {
        cell: Shown(
            verdict=cell.verdict,
            words=words(cell, grid),
            profiles=_profiles(cell),
            layer=cell.decisive.layer if cell.verdict == "refused" else "",
            kind=numbers[plain[cell]],
        )
        for cell in cells
    }
    return View(
        groups=across,
        lines=tuple((line, tuple(shown[line.cells[group.at]] for group in across)) for line in grid.lines),
        kinds=tuple(
            Kind(number=number, verdict=kind.verdict, words=words(kind, grid), entries=_entries(kind, grid))
            for kind, number in numbers.items()
        ),
    )


def groups(grid: Grid) -> tuple[Group, ...]:
    """Columns of one model with equal cells together; those in which something is open come first."""
    found: dict[tuple[object, ...], list[int]] = {}
    for at, column in enumerate(grid.columns):
        found.setdefault((column.model, *(line.cells[at] for line in grid.lines)), []).append(at)
    made = (
        Group(
            model=grid.columns[same[0]].model,
            regions=tuple(grid.columns[at].region for at in same),
            at=same[0],
            closed=all(line.cells[same[0]].verdict == "refused" for line in grid.lines),
        )
        for same in found.values()
    )
    return tuple(sorted(made, key=lambda group: (group.closed, group.at)))


def _profiles(cell: Cell) -> tuple[str, ...]:
    """The profiles that a cell is about; one that refuses beside one that does not says so."""
    told = {name: True for way in cell.ways for name in way.profiles}
    told |= {name: False for way in cell.ways for name in way.profiles if way.answer.outcome != "denied"}
    mixed = len(set(told.values())) > 1
    return tuple(f"{name} (refused)" if shut and mixed else name for name, shut in told.items())


def _without_names(cell: Cell) -> Cell:
    return Cell(ways=tuple(replace(way, profiles=()) for way in cell.ways))


def _entries(kind: Cell, grid: Grid) -> tuple[Entry, ...]:
    """The rows about a kind; ways that differ only in what is named as the model share one."""
    through: dict[tuple[str, tuple[str, ...], Answer], list[Through]] = {}
    for way in kind.ways:
        guardrails = "each" if way.guardrails == grid.guardrails != () else ", ".join(way.guardrails) or "none"
        through.setdefault((guardrails, way.actions, way.answer), []).append(way.through)
    found: dict[tuple[str, tuple[str, ...], Answer], list[str]] = {}
    for (guardrails, actions, answer), names in through.items():
        found.setdefault((", ".join(dict.fromkeys(names)), actions, answer), []).append(guardrails)
    return tuple(
        Entry(
            through=names,
            guardrails=", ".join(versions),
            operations="all" if actions == grid.actions else ", ".join(actions),
            answer=answer,
        )
        for (names, actions, answer), versions in found.items()
    )
