"""Goldens: what each kind of stack holds at each tier, and by which identities; ``make goldens`` writes them anew."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from llmlz.graph.inventory import identities, inventory
from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from tests import estates, generated

FOLDER = Path(__file__).parent
REFRESH = "make goldens"

GENERATED = "generated"
"""The estate with one organization and a team at each tier."""

VARIANTS: Mapping[str, Mapping[str, str]] = {
    "foundation/platform": {"stack": "platform-sandbox"},
    "foundation/team": {"stack": "team-claims-sandbox"},
    "foundation/platform-pgvector": {"stack": "platform-sandbox", "estate": "pgvector"},
    "foundation/team-pgvector": {"stack": "team-claims-sandbox", "estate": "pgvector"},
    "repeatable/platform": {"stack": "platform-repeatable", "estate": GENERATED},
    "repeatable/team": {"stack": "team-t002", "estate": GENERATED},
    "repeatable/platform-opensearch": {"stack": "platform-pilot", "estate": "opensearch"},
    "repeatable/team-opensearch": {"stack": "team-claims-pilot", "estate": "opensearch"},
    "reliable/platform": {"stack": "platform-reliable", "estate": GENERATED},
    "reliable/team": {"stack": "team-t001", "estate": GENERATED},
    "scaled/platform": {"stack": "platform-scaled", "estate": GENERATED},
    "scaled/team": {"stack": "team-t000", "estate": GENERATED},
    "organization": {"stack": "organization", "estate": GENERATED},
}
"""Golden to the stack that it shows; other estates stand beside this file, or are generated."""


@cache
def recorded(estate: str) -> Mapping[str, Graph]:
    """The graphs of an estate that only the goldens use."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415

    return generated.recorded(4) if estate == GENERATED else record_estate(other_estate(estate))


@cache
def other_estate(name: str) -> Estate:
    """An estate in ``tests/goldens/estates``."""
    return load_estate(FOLDER / "estates" / name)


def graph_of(golden: str) -> Graph:
    """The graph that a golden shows."""
    variant = VARIANTS[golden]
    graphs = recorded(variant["estate"]) if "estate" in variant else estates.recorded()
    return graphs[variant["stack"]]


def texts(golden: str) -> dict[Path, str]:
    """The two files of a golden: identities and inventory."""
    graph = graph_of(golden)
    return {
        FOLDER / f"{golden}.identities.txt": "\n".join(identities(graph)) + "\n",
        FOLDER / f"{golden}.inventory.json": json.dumps(inventory(graph), indent=1, ensure_ascii=False) + "\n",
    }
