"""The grid as files: Markdown, CSV, JSON and one self-contained HTML page; equal grids give equal bytes.

Whatever a name holds, it stays a name: no file lets it become markup, a formula or a script.
"""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from llmlz.access.cells import Answer, Cell, Grid, Through
from llmlz.access.page import as_html
from llmlz.access.view import Kind, Shown, view
from llmlz.access.wording import said, summary, words
from llmlz.files import write_whole

NAME = "access"
"""Name of the four files, without their endings."""

FORMAT = 1
"""Version of the JSON form."""

FORMULA = re.compile(
    r"\s*[=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]"
)
"""What a spreadsheet may take for a formula: https://owasp.org/www-community/attacks/CSV_Injection (2026-11)."""

MARKDOWN = re.compile(r"[\\`*{}\[\]<>#|~&!]|(?<![^\W_])_|_(?![^\W_])|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
"""What Markdown may take for markup, or for an address: https://github.github.com/gfm/ (2026-11)."""

FIELDS = (
    "team", "role", "stack", "model", "region", "verdict", "profiles", "with_guardrail", "without_guardrail",
    "other_profiles", "without_profile", "layer", "statement", "line", "reason",
)  # fmt: skip
"""Columns of the CSV file; layer, statement and line are those of the answer that makes the verdict."""


def write(grid: Grid, folder: Path) -> tuple[Path, ...]:
    """Write ``access.md``, ``.csv``, ``.json`` and ``.html`` into ``folder``, each whole or not; raises ``OSError``."""
    made = {"md": as_markdown(grid), "csv": as_csv(grid), "json": as_json(grid), "html": as_html(grid)}
    return write_whole(folder, {f"{NAME}.{ending}": text for ending, text in made.items()})


def as_markdown(grid: Grid) -> str:
    """One table, and what the numbers in its cells mean."""
    shown = view(grid)
    head = ["team", "role", *(f"{_md(g.model)} {_md(', '.join(g.regions))}" for g in shown.groups)]
    body = [[_md(line.team), _md(line.role), *map(_md_cell, cells)] for line, cells in shown.lines]
    return "\n".join(
        [
            "# Who may call what",
            "",
            _md(summary(grid)),
            f"Guardrails tried: {_md(', '.join(grid.guardrails)) or 'none'}.",
            f"Operations: {_md(', '.join(grid.actions)) or 'none'}.",
            "",
            *_table(head, body),
            "",
            "## What the numbers mean",
            "",
            *_table(
                ["number", "call through", "guardrail", "operations", "answer", "layer", "statement", "line"],
                [row for kind in shown.kinds for row in _md_kind(kind)],
            ),
            "",
        ]
    )


def as_csv(grid: Grid) -> str:
    """One line per role, model and region; a text that a spreadsheet would calculate starts with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELDS)
    for line in grid.lines:
        for column, cell in zip(grid.columns, line.cells, strict=True):
            row = (line.team, line.role, line.stack, column.model, column.region, *_csv_cell(cell, grid))
            writer.writerow([_spreadsheet(text) for text in row])
    return file.getvalue()


def as_json(grid: Grid) -> str:
    """The whole grid, see ``plain``."""
    return json.dumps({"format": FORMAT, **plain(grid)}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def plain(grid: Grid) -> dict[str, Any]:
    """The grid as plain values; each answer and each cell is there once, and is named by its number, from one."""
    cells = {c: number for number, c in enumerate(dict.fromkeys(c for line in grid.lines for c in line.cells), start=1)}
    answers = sorted({way.answer for cell in cells for way in cell.ways})
    numbers: Mapping[Answer, int] = {answer: number for number, answer in enumerate(answers, start=1)}
    return {
        "actions": list(grid.actions),
        "guardrails": list(grid.guardrails),
        "columns": [asdict(column) for column in grid.columns],
        "answers": [{"number": number, **asdict(answer)} for answer, number in numbers.items()],
        "cells": [
            {
                "number": number,
                "verdict": cell.verdict,
                "ways": [
                    {
                        "through": way.through,
                        "profiles": list(way.profiles),
                        "guardrails": list(way.guardrails),
                        "actions": list(way.actions),
                        "answer": numbers[way.answer],
                    }
                    for way in cell.ways
                ],
            }
            for cell, number in cells.items()
        ],
        "lines": [
            {"team": line.team, "role": line.role, "stack": line.stack, "cells": [cells[cell] for cell in line.cells]}
            for line in grid.lines
        ],
    }


def _csv_cell(cell: Cell, grid: Grid) -> tuple[str, ...]:
    def facet(through: Through, *guarded: bool) -> str:
        return said([way for way in cell.ways if way.through == through and bool(way.guardrails) in guarded], grid)

    names = dict.fromkeys(name for way in cell.ways for name in way.profiles)
    answer = cell.decisive
    return (
        words(cell, grid),
        " ".join(names),
        facet("own profile", True),
        facet("own profile", False),
        facet("profile of another", True, False),
        facet("no profile", True, False),
        answer.layer,
        answer.statement,
        answer.where,
        answer.why,
    )


def _spreadsheet(text: str) -> str:
    clean = _clean(text)
    return f"'{clean}" if FORMULA.match(clean) else clean


def _md_cell(cell: Shown) -> str:
    parts = [cell.words, f"by {cell.layer}" if cell.layer else "", ", ".join(cell.profiles), f"({cell.kind})"]
    return _md(" ".join(part for part in parts if part))


def _md_kind(kind: Kind) -> list[list[str]]:
    rows = [
        (e.through, e.guardrails, e.operations, e.outcome, e.answer.layer, e.answer.told, e.answer.where)
        for e in kind.entries
    ]
    return [[str(kind.number), *map(_md, row)] for row in rows]


def _table(head: list[str], body: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body)]


def _md(text: str) -> str:
    return MARKDOWN.sub(lambda found: f"\\{found[0]}", _clean(text))


def _clean(text: str) -> str:
    """Without control characters, line breaks and the marks that turn the direction of text."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
