"""The example estate, read and recorded once per process."""

from collections.abc import Mapping
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
