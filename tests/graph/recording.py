"""Small programs: recording them, and finding the lines that made their resources."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from llmlz.graph.model import Graph
from llmlz.graph.record import record

ROOT = Path(__file__).parents[2]
URN = "urn:pulumi:test::llmlz::"
Program = Callable[[], Any]


def recorded(program: Program, **more: Any) -> Graph:
    """The graph of a small program."""
    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1", **more)


def line_of(text: str, file: str) -> int:
    """The one line of a file that holds a text."""
    (found,) = [n for n, line in enumerate((ROOT / file).read_text().splitlines(), start=1) if text in line]
    return found
