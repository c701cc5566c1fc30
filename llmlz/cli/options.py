"""Options that several commands share, and how every command prints."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "estate"
DEFAULT_STACK = "platform-sandbox"

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

console = Console(soft_wrap=True)
"""What people asked for."""

progress = Console(stderr=True, soft_wrap=True)
"""What is going on: never mixed with what was asked for."""


def print_json(value: Any) -> None:
    """Stable JSON: equal values give equal bytes."""
    typer.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
