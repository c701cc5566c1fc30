"""Settings of the policy pack for one stack: the engine then decides with what ``llmlz check`` knows of the estate."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from llmlz.checks.waivers import Waiver
from llmlz.files import write_whole
from llmlz.graph.model import Graph

FILE = "pack.json"


def write_pack_settings(
    graphs: Mapping[str, Graph], name: str, level: int, waivers: Iterable[Waiver], folder: Path
) -> None:
    """Write ``pack.json`` for ``--policy-pack-config``, and beside it the graphs of the other stacks.

    Values that only the deployment knows are advice in previews: they are decided by ``llmlz check`` before, and again
    by the pack at the deployment.
    """
    others = {f"{other}.json": graph.to_json() for other, graph in graphs.items() if other != name}
    today = datetime.now(UTC).date()
    waived = [f"{w.control} {w.resource}" for w in waivers if w.stack == name and w.holds(today)]
    settings = {
        "level": level,
        "account": graphs[name].account,
        "region": graphs[name].region,
        "others": [str(folder.resolve() / file) for file in others],
        "unknown": "advice",
        "waived": waived,
    }
    write_whole(folder, {**others, FILE: json.dumps({"assurance": settings}, indent=2) + "\n"})
