"""``python -m bench.programs.change <ours|monolith> <folder> <team>``: the verdict on an estate, of which a team changed.

Ours is what ``llmlz check`` does. The monolith records and judges all teams, since they are one program. What both say
of the team is printed as JSON, with the processor time that comparing takes, which is no part of either.
"""

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from stacks.collector import tune

tune()  # as every entry point of ours does, and the peer's too: the collector is not what is compared

from bench.programs.leaves import leaf_line  # noqa: E402
from bench.programs.monolith import NAME, record_monolith  # noqa: E402
from bench.programs.zone import stack_of  # noqa: E402
from llmlz.checks.evaluate import Evaluation  # noqa: E402
from llmlz.cli.checking import evaluate_stack, evaluated  # noqa: E402
from llmlz.cli.recording import record_stack  # noqa: E402
from llmlz.graph.model import Graph  # noqa: E402
from llmlz.graph.standins import CORE  # noqa: E402
from stacks.estate import Estate, load_estate  # noqa: E402

BUDGET = "aws:budgets/budget:Budget"


def ours(estate: Estate, team: str) -> tuple[Graph, Evaluation]:
    """The team's stack and its platform, and the controls over the stack."""
    name = stack_of(team)
    graphs, evaluation, _ = evaluated(estate, name)
    return graphs[name], evaluation


def monolith(estate: Estate, _: str) -> tuple[Graph, Evaluation]:
    """The platform and all teams, and the controls over all teams."""
    (platform,) = estate.platforms()
    known = {platform.name: record_stack(platform, {})}
    known[NAME] = record_monolith(estate, known)
    return known[NAME], evaluate_stack(known, NAME, platform.level)


def told(graph: Graph, evaluation: Evaluation, team: str) -> dict[str, object]:
    """What was made of a team, and what was found in it, in words that do not depend on the stack that it is in."""
    names = {standin: f"{made.urn.split('::', 2)[2]}#{made.path}" for standin, made in graph.standins.items()}
    own = [r for r in graph.custom() if r.name.startswith(f"{team}-")]
    lines = []
    for resource in own:
        text = CORE.sub(lambda core: names.get(core[0], core[0]), json.dumps(resource.inputs))
        lines.append(leaf_line(resource.type, resource.name, json.loads(text)))
    urns = {resource.urn for resource in own}
    found = [f for f in evaluation.findings if f.urn in urns or f.urn not in {r.urn for r in graph.resources}]
    return {
        "leaves": sorted(lines),
        "findings": sorted(f"{f.control} {f.verdict} {_name(f.urn, urns)} {f.message}" for f in found),
        "looked_at": sorted(
            f"{entry.control} {name}" for entry in evaluation.coverage for name in _names(entry.looked_at, urns)
        ),
        "budget": [r.inputs["limitAmount"] for r in own if r.type == BUDGET],
        "resources": len(graph.custom()),
    }


def _names(found: Iterable[str], urns: set[str]) -> list[str]:
    return [_name(urn, urns) for urn in found if urn in urns]


def _name(urn: str, urns: set[str]) -> str:
    return urn.rpartition("::")[2] if urn in urns else "(stack)"


if __name__ == "__main__":
    side, folder, name = {"ours": ours, "monolith": monolith}[sys.argv[1]], Path(sys.argv[2]), sys.argv[3]
    judged = side(load_estate(folder), name)
    before = time.process_time()
    said = told(*judged, name)
    sys.stdout.write(json.dumps({**said, "telling": time.process_time() - before}))
