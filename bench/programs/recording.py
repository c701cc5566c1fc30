"""``python -m bench.programs.recording <each|kept|monolith> <folder>``: record an estate, and say what that took.

``each`` drops a team's graph before the next is made; ``kept`` keeps all graphs; ``monolith`` records all teams as one
program. The peak of memory is read before anything is measured on the graphs.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from stacks.collector import tune

tune()

from bench.programs.monolith import record_monolith  # noqa: E402
from llmlz.cli.recording import record_each, record_stack  # noqa: E402
from llmlz.graph.model import Graph  # noqa: E402
from stacks.estate import Estate, load_estate  # noqa: E402


def graphs(how: str, estate: Estate) -> Iterator[Graph]:
    """The graphs of an estate with one platform, the platform's first."""
    match how:
        case "each":
            yield from record_each(estate)
        case "kept":  # as ``record_estate`` does
            kept: list[Graph] = []
            for graph in record_each(estate):
                kept.append(graph)
                yield graph
        case "monolith":
            (platform,) = estate.platforms()
            base = record_stack(platform, {})
            yield base
            yield record_monolith(estate, {platform.name: base})
        case _:
            raise ValueError(f"{how!r}, expected each, kept or monolith")


def main(how: str, folder: Path) -> None:
    """Record; print registrations of the platform and of the teams, seconds, bytes of the last graph, and the peak.

    Seconds of the teams begin after the platform: neither reading nor what Python loads for the platform is in them.
    """
    began = time.process_time()
    estate = load_estate(folder)
    reading, counts, custom, last, platform_done = time.process_time() - began, [], [], None, 0.0
    for graph in graphs(how, estate):
        platform_done = platform_done or time.process_time()
        counts.append(len(graph.resources))
        custom.append(len(graph.custom()))
        last = graph
        del graph
    teams_seconds = time.process_time() - platform_done
    told = {
        "platform": counts[0],
        "teams": sum(counts[1:]),
        "leaves": sum(custom[1:]),
        "reading_cpu": reading,
        "teams_cpu": teams_seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "last_bytes": len(last.to_json().encode()) if last else 0,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
