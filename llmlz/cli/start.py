"""``llmlz start``: bootstrap an account, and write the first files of an estate."""

from pathlib import Path
from typing import Annotated

import typer

from llmlz.cli.options import EXAMPLE, JsonOption, console, print_json, progress
from llmlz.errors import BadInputError

FIRST_TIER = "foundation"


def start() -> None:
    """Placeholder."""
