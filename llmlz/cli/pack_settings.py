"""Settings of the policy pack for one stack: the engine then decides with what ``llmlz check`` knows of the estate."""

import json
from datetime import UTC, datetime
from pathlib import Path

from llmlz.cli.checking import known, waivers_of
from llmlz.files import write_whole
from stacks.estate import Estate

FILE = "pack.json"


def write_pack_settings(estate: Estate, name: str, level: int, folder: Path) -> None:
    """Write ``pack.json`` for ``--policy-pack-config``, and beside it the graphs of the other stacks.

    Values that only the deployment knows are advice in previews: they are decided by ``llmlz check`` before, and again
    by the pack at the deployment.
    """
    graphs = known(estate, name)
    others = {f"{other}.json": graph.to_json() for other, graph in graphs.items() if other != name}
    today = datetime.now(UTC).date()
    waived = [f"{w.control} {w.resource}" for w in waivers_of(estate) if w.stack == name and w.expires >= today]
    settings = {
        "level": level,
        "account": graphs[name].account,
        "region": graphs[name].region,
        "others": [str(folder.resolve() / file) for file in others],
        "unknown": "advice",
        "waived": waived,
    }
    write_whole(folder, {**others, FILE: json.dumps({"assurance": settings}, indent=2) + "\n"})
