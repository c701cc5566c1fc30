"""Keep what this release makes: ``python -m tests.releases v0.2.0``, or of graphs that are on file already."""

import json
import sys
import tempfile
from pathlib import Path

from llmlz.graph.model import Graph
from llmlz.moves.kept import Kept, write_kept
from llmlz.moves.planned import settled
from llmlz.rehearsal.merge import merged
from llmlz.rehearsal.terraform import Terraform
from stacks.tier import TIERS
from tests import ladder
from tests.releases import path_of


def keep(tag: str, recorded: Path | None) -> None:
    """Write the files of a tag; ``recorded`` holds ``<tier>.json``, stack to graph, made by an earlier release."""
    terraform = Terraform.find()
    for tier in TIERS:
        if recorded is None:
            graphs = dict(ladder.recorded(tier))
        elif (file := recorded / f"{tier}.json").is_file():
            raw = json.loads(file.read_text(encoding="utf-8"))
            graphs = {name: Graph.from_json(json.dumps(graph)) for name, graph in raw.items()}
        else:
            continue
        with tempfile.TemporaryDirectory() as folder:
            state = settled(merged(list(graphs.values())), terraform, Path(folder)).state
        write_kept(Kept(graphs=graphs, state=state, provider=terraform.provider_version), path_of(tag, tier))
        sys.stdout.write(f"{path_of(tag, tier)}\n")


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # tag, perhaps a folder
