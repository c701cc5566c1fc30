"""Options that several commands share, and how every command prints."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmlz.errors import BadInputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "estate"
DEFAULT_STACK = "platform-sandbox"
UNFOLDED = 10_000
"""Columns of what is no terminal: a file or a pipe has no edge to fold at."""

EstateOption = Annotated[
    Path,
    typer.Option(
        "--estate",
        envvar="LLMLZ_ESTATE",
        help="Folder with stack files, teams and overlay.",
        show_default="the example estate",
    ),
]
StackOption = Annotated[str, typer.Option("--stack", help="Name of a stack of the estate.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]


@cache
def console() -> "Console":
    """For what people asked for. Rich is loaded when something is printed, so that ``--help`` need not wait for it."""
    from rich.console import Console  # noqa: PLC0415

    return Console(soft_wrap=True)


@cache
def progress() -> "Console":
    """For what is going on: never mixed with what was asked for."""
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, soft_wrap=True)


def print_json(value: Any) -> None:
    """Stable JSON: equal values give equal bytes."""
    typer.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def print_table(table: "Table") -> None:
    """A table, folded at the edge of a terminal and nowhere else."""
    from rich.console import Console  # noqa: PLC0415
    from rich.measure import Measurement  # noqa: PLC0415

    to = console()
    if not to.is_terminal:
        to = Console(width=Measurement.get(to, to.options.update(width=UNFOLDED), table).maximum)
    to.print(table)


def usable_folder(folder: Path) -> None:
    """Raise ``BadInputError`` when nothing can be written to ``folder``: before minutes of work, not after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadInputError(f"--folder {folder}: expected a folder that can be written ({error.strerror})") from None
