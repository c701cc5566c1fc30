"""``python -m bench.programs.recording <each|kept|monolith> <folder>``: record an estate, and say what that took.

``each`` drops a team's graph before the next is made; ``kept`` keeps all graphs; ``monolith`` records all teams as one
program. The peak of memory is read before anything is measured on the graphs.
"""

import json
import resource
import sys
from collections.abc import Iterable
from pathlib import Path

from stacks.collector import tune

tune()

from bench.programs.monolith import record_monolith  # noqa: E402
from llmlz.cli.recording import record_each, record_estate, record_stack  # noqa: E402
from llmlz.graph.model import Graph  # noqa: E402
from stacks.estate import Estate, load_estate  # noqa: E402


def graphs(how: str, estate: Estate) -> Iterable[Graph]:
    """The graphs of an estate with one platform, the platform's first."""
    match how:
        case "each":
            return record_each(estate)
        case "kept":
            return list(record_estate(estate).values())
        case "monolith":
            (platform,) = estate.platforms()
            base = record_stack(platform, {})
            return [base, record_monolith(estate, {platform.name: base})]
    raise ValueError(f"{how!r}, expected each, kept or monolith")


def main(how: str, folder: Path) -> None:
    """Record; print registrations of the platform and of the teams, bytes of the last graph, and the peak in MiB."""
    counts, custom, last = [], [], None
    for graph in graphs(how, load_estate(folder)):
        counts.append(len(graph.resources))
        custom.append(len(graph.custom()))
        last = graph
        del graph
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "platform": counts[0],
        "teams": sum(counts[1:]),
        "leaves": sum(custom[1:]),
        "last_bytes": len(last.to_json().encode()) if last else 0,
        "peak_mb": peak,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
