"""The example estate, read and recorded once per process."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "estate"


@cache
def example() -> Estate:
    """The estate under ``docs/examples``."""
    return load_estate(EXAMPLE)


@cache
def recorded() -> Mapping[str, Graph]:
    """Every stack of it, platforms before teams."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    return record_estate(example())


def programs() -> Mapping[str, Callable[[], None]]:
    """Stack name to program."""
    from stacks.program import program  # noqa: PLC0415

    return {name: program(stack) for name, stack in example().stacks.items()}
