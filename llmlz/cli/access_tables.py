"""The matrix for people: a short table on the terminal, and files in a folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from llmlz.access import tables
from llmlz.access.cells import THROUGH, Answer, Cell, Grid, Line, Through, Way
from llmlz.access.wording import said, summary
from llmlz.cli.options import console, print_table
from llmlz.errors import BadInputError
from stacks.access_list import guarded
from stacks.estate import Estate

HEAD = ("Team", "Model", "Region", "With guardrail", "Without", "Decided by")
NAMES = 3
"""Roles in one line about many; above that they are counted."""

REST = "everything else"
SUFFIXES: dict[Through, str] = {
    "own profile": "",
    "profile of another": ", profile of another",
    "no profile": ", no profile",
}


def unguarded(estate: Estate) -> frozenset[str]:
    """Ids of the models of the catalogue that no guardrail can look at."""
    return frozenset(model.model_id for model in estate.catalogue.models.values() if not guarded(model))


def write(grid: Grid, folder: Path) -> tuple[Path, ...]:
    """Write the four files; raises ``BadInputError`` where nothing can be written."""
    try:
        return tables.write(grid, folder)
    except OSError as error:
        raise BadInputError(
            f"--write {folder}: expected a folder that can be written ({error.strerror}); choose another"
        ) from None


def show(grid: Grid) -> None:
    """Print what is open, undecided, or closed although the role has a profile for it; then the rest in a few lines."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in HEAD:
        table.add_column(name, overflow="fold")
    for line in (*_open(grid), *_rest(grid)):
        table.add_row(*map(Text, line))
    print_table(table)
    console().print(f"\n{summary(grid)}", highlight=False, markup=False)


def _open(grid: Grid) -> Iterator[tuple[str, ...]]:
    for line in grid.lines:
        for column, cell in zip(grid.columns, line.cells, strict=True):
            for through in THROUGH:
                ways = [way for way in cell.ways if way.through == through]
                if _shown(ways):
                    yield (
                        _who(line, grid),
                        column.model + SUFFIXES[through],
                        column.region,
                        said([way for way in ways if way.guardrails], grid),
                        said([way for way in ways if not way.guardrails], grid),
                        _by(Cell(ways=tuple(ways)).decisive),
                    )


def _rest(grid: Grid) -> Iterator[tuple[str, ...]]:
    """Whatever is refused besides, by the layers that do."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in grid.lines:
        ways = [way for cell in line.cells for through in THROUGH for way in _refused(cell, through)]
        if layers := tuple(sorted({way.answer.layer or way.answer.why for way in ways})):
            found.setdefault(layers, []).append(line)
    for layers, lines in found.items():
        names = list(dict.fromkeys(_who(line, grid) for line in lines))
        who = (
            "all"
            if len(lines) == len(grid.lines)
            else f"{len(names)} roles"
            if len(names) > NAMES
            else ", ".join(names)
        )
        yield who, REST, "", "refused" if grid.guardrails else "", "refused", ", ".join(layers)


def _refused(cell: Cell, through: Through) -> list[Way]:
    """The ways of a cell that have no line of their own."""
    ways = [way for way in cell.ways if way.through == through]
    return [] if _shown(ways) else ways


def _shown(ways: Sequence[Way]) -> bool:
    return any(way.through == "own profile" or way.answer.outcome != "denied" for way in ways)


def _who(line: Line, grid: Grid) -> str:
    """The team; its role too where it has several."""
    if not line.team:
        return line.role
    alone = sum(other.team == line.team for other in grid.lines) == 1
    return line.team if alone else f"{line.team} ({line.role})"


def _by(answer: Answer) -> str:
    return f"{answer.layer}: {answer.told}" if answer.layer else answer.told
