"""``python -m bench.programs.bridge <graph> <check,check,...>``: checkov's verdicts over a saved graph, everything cold.

The graph is read from its JSON form, as checkov reads a plan; checkov's process is started, and ended.
"""

import json
import sys
from pathlib import Path

from stacks.collector import tune

tune()  # as every entry point of ours does

from llmlz.checkov.process import Checkov  # noqa: E402
from llmlz.checkov.scan import scan  # noqa: E402
from llmlz.graph.model import Graph  # noqa: E402


def main(graph: Path, checks: list[str]) -> None:
    """Print check, URN and verdict of everything that was judged, and the doubts."""
    read = Graph.from_json(graph.read_text(encoding="utf-8"))
    with Checkov() as checkov:
        found = scan(read, checks, checkov=checkov)
    said = {
        "results": [(result.check, result.urn, result.verdict) for result in found.results],
        "doubts": [f"{doubt.urn}: {doubt.message}" for doubt in found.doubts],
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","))
