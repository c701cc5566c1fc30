"""Verdicts on a team in a process that has everything loaded, and on many saved teams after a rule changed.

``python -m bench.programs.again warm <estate> <stack> <rounds>``: reads the estate, records the team and decides, as often
as it is told, with the platform recorded once; then once more with a planted violation. Prints a line of JSON for each.
``python -m bench.programs.again saved <place> <level> <processes>``: every saved graph of a team, read and decided again.
"""

import json
import multiprocessing
import sys
import time
from pathlib import Path

from stacks.collector import tune

tune()

from bench.policy_packs import processor  # noqa: E402
from bench.programs.gate import GRAPHS, PLATFORMS, plant  # noqa: E402
from llmlz.checkov.process import Checkov  # noqa: E402
from llmlz.checks.evaluate import Evaluation  # noqa: E402
from llmlz.cli.checking import evaluate_stack, known  # noqa: E402
from llmlz.cli.recording import record_stack  # noqa: E402
from llmlz.graph.model import Graph  # noqa: E402
from stacks.estate import load_estate  # noqa: E402

LIMITS = "budget_usd: "


def change(file: Path, number: int) -> None:
    """Give the team another budget."""
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = [
        f"{line.partition(LIMITS)[0]}{LIMITS}{200 + number}" if line.strip().startswith(LIMITS) else line
        for line in lines
    ]
    file.write_text("\n".join(changed) + "\n", encoding="utf-8")


def blocking(found: Evaluation) -> list[str]:
    """Controls that make a verdict red."""
    return sorted({finding.control for finding in found.findings if finding.mandatory})


def warm(folder: Path, name: str, rounds: int) -> None:
    """One change after the other."""
    team = load_estate(folder).stack(name)
    file = folder / "teams" / f"{team.team.team}.yaml"  # type: ignore[union-attr]
    platforms = known(load_estate(folder), name)
    evaluate_stack(platforms, name, team.level)
    del platforms[name]
    with Checkov() as checkov:
        for number in range(rounds + 2):
            if number > rounds:
                plant()
            change(file, number)
            begun, cpu = time.perf_counter(), time.process_time() + _of(checkov)
            stack = load_estate(folder).stack(name)
            read = time.perf_counter()
            graph = record_stack(stack, platforms)
            recorded = time.perf_counter()
            found = evaluate_stack({**platforms, name: graph}, name, stack.level, checkov)
            ended = time.perf_counter()
            told = {
                "wall": ended - begun,
                "cpu": time.process_time() + _of(checkov) - cpu,
                "read": read - begun,
                "record": recorded - read,
                "decide": ended - recorded,
                "blocking": blocking(found),
            }
            if number:  # the first loads what is loaded on first use
                sys.stdout.write(json.dumps(told) + "\n")


def _of(checkov: Checkov) -> float:
    return processor(checkov.pid) if checkov.pid else 0.0


def decided(task: tuple[Path, int, list[str]]) -> list[tuple[str, list[str]]]:
    """Some of the graphs in a place at a level: file to the controls that block."""
    place, level, names = task
    graphs = [Graph.from_json(p.read_text(encoding="utf-8")) for p in sorted((place / PLATFORMS).glob("*.json"))]
    platforms = {graph.stack: graph for graph in graphs}
    found = []
    with Checkov() as checkov:
        for name in names:
            graph = Graph.from_json((place / GRAPHS / name).read_text(encoding="utf-8"))
            found.append(
                (name, blocking(evaluate_stack({**platforms, graph.stack: graph}, graph.stack, level, checkov)))
            )
    return found


def saved(place: Path, level: int, processes: int) -> None:
    """All of them; prints how many there are, and which are red."""
    names = sorted(path.name for path in (place / GRAPHS).glob("*.json"))
    tasks = [(place, level, names[start::processes]) for start in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        found = dict(one for some in pool.map(decided, tasks) for one in some)
        pool.close()
        pool.join()
    sys.stdout.write(json.dumps({"graphs": len(found), "red": {name: why for name, why in found.items() if why}}))


if __name__ == "__main__":
    if sys.argv[1] == "warm":
        warm(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        saved(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
