"""``checkov-on-pulumi``: what it takes to have checkov judge a graph of Pulumi, by its size.

Ours projects the graph and asks a process of checkov. The peer is checkov's own command over the plan document that our
projection writes: without us nobody has one for a graph of Pulumi.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, Literal

from bench.checkov_peer import QUIETLY, Verdict, of_aws, of_records, scanned, verdicts
from bench.figures import compare, differences, judged, marginal
from bench.policy_packs import example, grown, processor
from bench.process import ROOT, Run, interleaved, run
from bench.result import Result, Row
from bench.starts import CHECKOV_BIN, WITHOUT_CHECKOV
from llmlz.checkov.process import PYTHON, Checkov
from llmlz.checkov.projection import Projection, project
from llmlz.checkov.scan import known, scan
from llmlz.graph.model import Graph

NAME = "checkov-on-pulumi"
OURS, PEER, WARM, LIMIT = "ours", "checkov's command", "ours warm", "imports alone"
SIZES: Mapping[int, int] = {20: 5, 200: 5, 1_000: 3, 5_000: 1}
QUICK: Mapping[int, int] = {20: 1, 100: 1}
"""Resources to rounds."""

COLD_GOALS: Mapping[int, float] = {1_000: 1 / 6}
MARGINAL_GOAL, MARGINAL_FROM = 1 / 40, 200
"""Between sizes from this one on: with fewer resources the difference is lost in the noise of the start."""

NEEDED = (str(PYTHON), "-I", str(ROOT / "bench" / "programs" / "needed.py"))
"""Alone: its folder has modules of the same names as what checkov imports."""

SHOWN = 3
Measure = Literal["wall", "cpu"]
UNITS: Mapping[Measure, str] = {"wall": "s wall", "cpu": "s CPU"}
Measured = Mapping[int, Mapping[str, Sequence[Run]]]
"""Size to side to runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One size and one set of checks, with what each side reads."""

    graph: Graph
    checks: Sequence[str]
    projected: Projection
    saved: Path
    plan: Path


def checkov_on_pulumi(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where the two sides do not say the same."""
    if not CHECKOV_BIN.exists():
        return Result(name=NAME, rows=(Row(what="every row", unit="", verdict="left out", note=WITHOUT_CHECKOV),))
    rows, broken = list[Row](), list[str]()
    platform = mixed(example())
    with tempfile.TemporaryDirectory() as folder, Checkov() as warm:
        covering = of_aws(warm.hello(), platform)
        named = [check for check in of_records(warm.hello()) if check in covering]
        sets = {"all AWS checks": covering} | ({} if quick else {"checks that our records name": named})
        for what, checks in sets.items():
            measured: dict[int, Mapping[str, Sequence[Run]]] = {}
            for size, rounds in (QUICK if quick else SIZES).items():
                made = case(apart(grown(platform, size)), checks, warm, Path(folder))
                told = f"{what}, {size} resources"
                measured[size], found = measure(made, rounds, warm, partial(_say, say, told))
                broken += [f"{told}: {line}" for line in found]
            rows += rows_of(f"{what} ({len(checks)})", measured, valid=not broken)
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def _say(say: Callable[[str], None], about: str, text: str) -> None:
    say(f"{NAME}, {about}: {text}")


def mixed(graph: Graph) -> Graph:
    """The same resources in an order without meaning, so that the first few of them are of as many types as the rest."""
    return replace(graph, resources=tuple(sorted(graph.resources, key=lambda r: sha256(r.urn.encode()).digest())))


def apart(graph: Graph) -> Graph:
    """A grown graph whose copies have names of their own in AWS too, so that none is taken for another."""
    renamed = []
    for resource in graph.resources:
        name, copy = resource.inputs.get("name"), resource.urn.rpartition("-")[2]
        own = resource.kind != "provider" and isinstance(name, str)
        renamed.append(replace(resource, inputs={**resource.inputs, "name": f"{name}-{copy}"}) if own else resource)
    return replace(graph, resources=tuple(renamed))


def case(graph: Graph, checks: Sequence[str], checkov: Checkov, folder: Path) -> Case:
    """Write what both sides read."""
    projected = project(graph, known(checks, checkov))
    saved, plan = folder / "graph.json", folder / "plan.json"
    saved.write_text(graph.to_json(), encoding="utf-8")
    plan.write_text(json.dumps(projected.plan), encoding="utf-8")
    return Case(graph=graph, checks=checks, projected=projected, saved=saved, plan=plan)


def measure(
    made: Case, rounds: int, checkov: Checkov, say: Callable[[str], None]
) -> tuple[dict[str, list[Run]], list[str]]:
    """Runs of all sides, and where their verdicts differ."""
    say("what both say")
    cold = [sys.executable, "-m", "bench.programs.bridge", str(made.saved), ",".join(made.checks)]
    modules = run([*NEEDED, "list", ",".join(made.checks)]).out.split()
    found = gate(json.loads(run(cold).out), verdicts(scanned(made.plan, made.checks).out), made.projected.urns)
    _warm(made, checkov)
    runs = interleaved(
        {
            OURS: partial(run, cold),
            PEER: partial(scanned, made.plan, made.checks, *QUIETLY),
            WARM: partial(_warm, made, checkov),
            LIMIT: partial(run, [*NEEDED, "import", *modules]),
        },
        dict.fromkeys((OURS, PEER, WARM, LIMIT), rounds),
        say,
    )
    return runs, found


def gate(ours: Mapping[str, Any], peer: set[Verdict], urns: Mapping[str, str]) -> list[str]:
    """Where the verdicts are not the same; what nobody knows, checkov's command does not print."""
    addresses = {urn: at for at, urn in urns.items()}
    mine = {(check, addresses[urn], verdict) for check, urn, verdict in ours["results"] if verdict != "unknown"}
    found = differences([" ".join(one) for one in mine], [" ".join(one) for one in peer])[:SHOWN]
    found += [f"doubt: {doubt}" for doubt in ours["doubts"][:SHOWN]]
    return found or ([] if mine else ["nothing was judged"])


def _warm(made: Case, checkov: Checkov) -> Run:
    """Projection and scan, with everything loaded; the processor time is that of both processes."""
    pid = checkov.pid or 0
    wall, own, theirs = time.perf_counter(), time.process_time(), processor(pid)
    scan(made.graph, made.checks, checkov=checkov)
    cpu = time.process_time() - own + processor(pid) - theirs
    return Run(cpu=cpu, wall=time.perf_counter() - wall, peak_mb=0, out="")


def rows_of(what: str, measured: Measured, *, valid: bool) -> list[Row]:
    """All rows of one set of checks."""
    rows = []
    for size, runs in measured.items():
        warm = median(one.wall for one in runs[WARM])
        for measure_, unit in UNITS.items():
            compared = compare(_values(runs[OURS], measure_), _values(runs[PEER], measure_))
            rows.append(
                Row(
                    what=f"{what}, {size} resources, cold",
                    unit=unit,
                    compared=compared,
                    value=compared.ratio,
                    goal=COLD_GOALS.get(size),
                    verdict=judged(compared.ratio, COLD_GOALS.get(size), valid=valid),
                    note=f"warm {warm:.2f} s" if measure_ == "wall" else "",
                    facts={side: _values(those, measure_) for side, those in runs.items()},
                )
            )
    rows += [row for measure_ in UNITS for row in _marginal(what, measured, measure_, valid=valid)]
    first = measured[min(measured)]
    limit = compare(_values(first[OURS], "cpu"), _values(first[LIMIT], "cpu"))
    text = f"{what}, {min(measured)} resources, cold: ours / importing the needed checks alone"
    verdict = judged(limit.ratio, None, valid=valid)
    return [*rows, Row(what=text, unit="s CPU", compared=limit, value=limit.ratio, verdict=verdict)]


def _marginal(what: str, measured: Measured, measure_: Measure, *, valid: bool) -> list[Row]:
    """What one more resource costs, between a size and the next: ours warm, the peer as it is."""
    costs = {side: {n: median(_values(runs[side], measure_)) for n, runs in measured.items()} for side in (WARM, PEER)}
    unit, rows = UNITS[measure_].replace("s ", "ms ", 1), []
    for (small, large), ours in marginal(costs[WARM]).items():
        peer, goal = marginal(costs[PEER]).get((small, large)), MARGINAL_GOAL if small >= MARGINAL_FROM else None
        text = f"{what}: one more resource, from {small} to {large}"
        if ours is None or peer is None:
            rows.append(Row(what=text, unit=unit, verdict="left out", note=f"{large} cost no more than {small}"))
            continue
        compared = compare([1000 * ours], [1000 * peer])
        verdict = judged(compared.ratio, goal, valid=valid)
        rows.append(Row(what=text, unit=unit, compared=compared, value=compared.ratio, goal=goal, verdict=verdict))
    return rows


def _values(runs: Sequence[Run], measure_: Measure) -> list[float]:
    return [run_.wall if measure_ == "wall" else run_.cpu for run_ in runs]
