"""The catalogue of engines for vectors, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from stacks.files import display, read_mapping
from stacks.problems import SettingsError
from stacks.settings.engines import Engine, Engines
from stacks.validate import parse

FILE = Path(__file__).parent / "catalogue" / "engines.yaml"


@cache
def load_engines(file: Path = FILE) -> Mapping[str, Engine]:
    """Name to row; raises ``SettingsError`` for a file that is wrong."""
    found, problems = parse(Engines, read_mapping(file), file=display(file), at="")
    if found is None:
        raise SettingsError(problems)
    return {str(name): row for name, row in found.engines.items()}
