"""An estate as one file: the graphs of its stacks and what ought to hold; for a later comparison, or another machine."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.files import write_whole
from llmlz.graph.model import Graph

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Graphs by stack, and the intent they are judged against."""

    graphs: dict[str, Graph]
    intent: Intent


def write(bundle: Bundle, path: Path) -> None:
    """Write the bundle in one step: equal bundles give equal bytes, and a broken write leaves no file."""
    graphs = {name: json.loads(graph.to_json()) for name, graph in bundle.graphs.items()}
    text = json.dumps({"format": FORMAT, "graphs": graphs, "intent": asdict(bundle.intent)}, sort_keys=True)
    write_whole(path.parent, {path.name: text + "\n"})


def read(path: Path) -> Bundle:
    """The bundle of a file; raises ``ValueError`` for anything else, and ``OSError``."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise ValueError(f"not a bundle of format {FORMAT}")
        graphs = {name: Graph.from_json(json.dumps(graph)) for name, graph in raw["graphs"].items()}
        return Bundle(graphs=graphs, intent=_intent(raw["intent"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error


def _intent(raw: dict[str, Any]) -> Intent:
    platforms = tuple(_platform(platform) for platform in raw.pop("platforms"))
    return Intent(platforms=platforms, **_tuples(raw))


def _platform(raw: dict[str, Any]) -> PlatformIntent:
    teams = tuple(TeamIntent(**_tuples(team)) for team in raw.pop("teams"))
    return PlatformIntent(teams=teams, **_tuples(raw))


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
