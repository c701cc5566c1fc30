"""What both benchmarks of the policy pack share: folders with a number of rules, stacks of a size, and what a call costs.

The figure is processor time of the pack's process alone: the client is the same for both.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.process import ROOT, BenchError
from llmlz.checks.records import POLICIES, controls
from llmlz.engine.analyzer import Diagnostic, Pack, running
from llmlz.graph.model import Graph
from policies.pack import _record
from stacks.estate import load_estate

PEER = ROOT / "bench" / "peer_pack"
PEER_PYTHON = ROOT / ".envs" / "policy" / "bin" / "python"
LEVEL = 4
NEED_REFERENCES = ("LOG-07", "MOD-02", "NET-01")
"""Controls of a stack that follow references between resources, which a policy of the SDK would have to work out itself."""

LARGE = 500
"""Bytes of JSON."""

TICKS = os.sysconf("SC_CLK_TCK")


def records(count: int, scope: str) -> tuple[_record.Record, ...]:
    """``count`` records of one scope: those of the project, and again under other ids where they are not enough."""
    ours = [c.record() for c in controls() if c.evaluator == "code"]
    own = [record for record in ours if record.scope == scope and record.id not in NEED_REFERENCES]
    return tuple(
        replace(own[n % len(own)], id=f"{own[n % len(own)].id}-{n // len(own)}", advisory_from=1) for n in range(count)
    )


def example() -> Graph:
    """The largest platform of the examples."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # slow to import

    return record_estate(load_estate(ROOT / "docs" / "examples" / "climb"))["platform-fleet"]


def large(graph: Graph) -> Graph:
    """Its resources with half a kilobyte of inputs and more, which are policies, rules and dashboards."""
    kept = [r for r in graph.resources if r.kind == "provider" or len(json.dumps(r.inputs)) >= LARGE]
    return replace(graph, resources=tuple(kept))


def mean_size(graph: Graph) -> int:
    """Bytes of JSON that the inputs of a resource have on average."""
    sizes = [len(json.dumps(r.inputs)) for r in graph.resources if r.kind != "provider"]
    return sum(sizes) // len(sizes)


def grown(graph: Graph, size: int) -> Graph:
    """The graph repeated until it has ``size`` resources; copies get URNs of their own, the providers stay one."""
    base = [r for r in graph.resources if r.kind != "provider"]
    providers = [r for r in graph.resources if r.kind == "provider"]
    copies = []
    for number in range(size):
        resource, round_ = base[number % len(base)], number // len(base)
        urn = f"{resource.urn}-{round_}"
        references = tuple(replace(r, to=f"{r.to}-{round_}") for r in resource.references)
        copies.append(replace(resource, urn=urn, name=f"{resource.name}-{round_}", references=references))
    return replace(graph, resources=(*providers, *copies))


@contextmanager
def packs(folder: Path, found: Sequence[_record.Record]) -> Iterator[Mapping[str, Pack]]:
    """Both packs, running with the same records; raises ``BenchError`` without the peer's environment."""
    if not PEER_PYTHON.exists():
        raise BenchError("the environment of Pulumi's policy SDK is missing; run make environments")
    text = _record.dump(tuple(found))
    ours, peer = folder / "ours" / "policies", folder / "peer"
    shutil.copytree(POLICIES, ours, ignore=shutil.ignore_patterns("__pycache__", "controls"))
    shutil.copytree(PEER, peer, ignore=shutil.ignore_patterns("__pycache__"))
    (ours / "records.json").write_text(text, encoding="utf-8")
    (peer / "records.json").write_text(text, encoding="utf-8")
    os.environ["LLMLZ_BENCH_ROOT"] = str(ROOT)
    with ExitStack() as stack:
        started = {
            "ours": stack.enter_context(running(ours)),
            "peer": stack.enter_context(running(peer, python=PEER_PYTHON)),
        }
        started["ours"].configure({"assurance": {"level": LEVEL}})
        yield started


def cost(pack: Pack, method: str, requests: Sequence[Any]) -> tuple[float, list[Diagnostic]]:
    """Processor seconds of the pack for these calls, and its findings."""
    before = processor(pack.pid)
    found = list(pack.ask(method, *requests))
    return processor(pack.pid) - before, found


def processor(pid: int) -> float:
    """User and system seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def keys(found: Sequence[Diagnostic]) -> list[str]:
    """Findings as lines that can be compared: control, resource and message."""
    return sorted(f"{d.policy} {d.urn} {d.message.partition(chr(10) + 'Fix: ')[0]}" for d in found)
