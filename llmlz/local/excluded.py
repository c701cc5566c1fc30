"""What the emulator cannot serve, as rows with reasons; everything else is deployed.

Owns: the rows of ``data/excluded.yaml`` and what they take out of a graph.
Does not own: finding out what works (``deploy`` counts, and a test looks for rows that are no longer needed).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ruamel.yaml import YAML

from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource

ROWS = Path(__file__).parent / "data" / "excluded.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing that is left out of the local cloud."""

    token: str
    """Pulumi token, or a CloudFormation type for a part of the bootstrap."""

    reason: str
    """What happens when it is tried, in one sentence."""

    name: str | None = None
    """Logical name, where only one resource of the type is left out."""

    def fits(self, resource: Resource) -> bool:
        """Whether the row takes ``resource`` out."""
        return resource.type == self.token and self.name in (None, resource.name)


def rows(path: Path = ROWS) -> tuple[Row, ...]:
    """Every row; raises ``BadInputError`` for a row without a token or a reason, or with another key."""
    found = []
    for number, raw in enumerate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or [], 1):
        if not {"token", "reason"} <= set(raw) <= {"token", "reason", "name"} or not all(raw.values()):
            raise BadInputError(f"{path.name}, row {number}: expected token, reason and perhaps name; found {raw}")
        found.append(Row(**raw))
    return tuple(found)


def made_by_aws(graph: Graph) -> tuple[Resource, ...]:
    """The resources that a cloud has to make: what coverage is counted against."""
    return tuple(resource for resource in graph.custom() if resource.type.startswith("aws:"))


def without(graph: Graph, left_out: Iterable[Row]) -> Graph:
    """The graph without the resources that a row takes out."""
    rows = tuple(left_out)
    return replace(graph, resources=tuple(r for r in graph.resources if not any(row.fits(r) for row in rows)))
