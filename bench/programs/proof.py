"""``python -m bench.programs.proof <bundle> [...]``: prove an estate from its file, and say what that took.

Owns: one measured run. Does not own: which runs there are, and what they should cost (``bench.access_proof``).
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from llmlz.access.bundle import Bundle, read
from llmlz.access.layers import INLINE
from llmlz.access.proof.run import prove
from llmlz.access.proof.subjects import subjects
from llmlz.access.resolve import resolved
from llmlz.graph.model import Graph

NOTHING_NEW = {"Sid": "Planted", "Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*"}
"""A statement that takes away what the role does not have: every property still holds, and must be proved again."""


def main(arguments: list[str]) -> None:
    """Prove what ``arguments`` name; print seconds, verdicts and peaks of memory as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.programs.proof")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--remembered", type=Path, help="folder of earlier answers")
    parser.add_argument("--stack", help="prove the principals of this stack alone")
    parser.add_argument("--changed", metavar="STACK", help="add a statement to the policy of this stack first")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    found = read(chosen.bundle)
    graphs = resolved((_changed(found, chosen.changed) if chosen.changed else found.graphs).values())
    everybody = subjects(graphs, found.intent)
    asked = [subject for subject in everybody if chosen.stack in (None, subject.stack)]
    before = _files(chosen.remembered)
    read_seconds = time.perf_counter() - started
    proofs = prove(asked, processes=chosen.processes, remembered=chosen.remembered)
    told = {
        "principals": len(asked),
        "proofs": len(proofs),
        "verdicts": dict(Counter(proof.verdict for proof in proofs)),
        "anew": _files(chosen.remembered) - before if chosen.remembered else len(asked),
        "reading": read_seconds,
        "proving": time.perf_counter() - started - read_seconds,
        "peak_mb": {"own": _peak(resource.RUSAGE_SELF), "worker": _peak(resource.RUSAGE_CHILDREN)},
    }
    sys.stdout.write(json.dumps(told))


def _changed(found: Bundle, stack: str) -> Mapping[str, Graph]:
    """The graphs with one more statement in the first policy of a stack."""
    graph = found.graphs[stack]
    policy = graph.of_type(INLINE)[0]
    document = json.loads(policy.inputs["policy"])
    text = json.dumps({**document, "Statement": [*document["Statement"], NOTHING_NEW]})
    wider = replace(policy, inputs={**policy.inputs, "policy": text})
    resources = tuple(wider if resource is policy else resource for resource in graph.resources)
    return {**found.graphs, stack: replace(graph, resources=resources)}


def _files(folder: Path | None) -> int:
    return len(list(folder.glob("*.json"))) if folder else 0


def _peak(who: int) -> float:
    """Largest resident memory of this process, or of the largest of its workers, in MiB."""
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
