"""What a release leaves behind: graphs and settled states, kept so that every later release can be tried over them.

Owns: the form of the file.
Does not own: which estates are kept, or where.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import BadInputError
from llmlz.files import write_whole
from llmlz.graph.model import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One estate as a release made it."""

    graphs: Mapping[str, Graph]
    """Stack to graph."""

    state: Mapping[str, Any]
    """The provider's state after a perfect deployment of all of them."""

    provider: str
    """Version of the provider that planned it."""


def write_kept(kept: Kept, path: Path) -> None:
    """Write the file; equal states give equal bytes."""
    graphs = {name: json.loads(graph.to_json()) for name, graph in kept.graphs.items()}
    text = json.dumps({"graphs": graphs, "provider": kept.provider, "state": kept.state}, sort_keys=True)
    write_whole(path.parent, {path.name: gzip.compress(text.encode(), mtime=0)})


def read_kept(path: Path) -> Kept:
    """The file again; raises ``BadInputError`` for another one."""
    try:
        raw = json.loads(gzip.decompress(path.read_bytes()))
        graphs = {name: Graph.from_json(json.dumps(graph)) for name, graph in raw["graphs"].items()}
        return Kept(graphs=graphs, state=raw["state"], provider=raw["provider"])
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{path}: expected the state of a release ({error})") from None
