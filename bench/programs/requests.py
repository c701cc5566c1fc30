"""``python -m bench.programs.requests <bundle> <stack> <count>``: what enumerating requests costs, and how many there are.

Two requests are told apart when a document or a property can tell them apart. The classes of each key are those of the
proof, so a sample with one request per combination has the same coverage; it is counted here, and never run.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path

from llmlz.access.bundle import read
from llmlz.access.evaluate import decide
from llmlz.access.proof.properties import load, where
from llmlz.access.proof.prover import Prover
from llmlz.access.proof.space import ALWAYS, Space
from llmlz.access.proof.subjects import Subject, subjects
from llmlz.access.request import Request
from llmlz.access.resolve import resolved

SEED = 1


def main(file: Path, stack: str, count: int) -> None:
    """Decide ``count`` requests of the first principal of a stack; print what was found as JSON."""
    found = read(file)
    everybody = subjects(resolved(found.graphs.values()), found.intent)
    subject = next(subject for subject in everybody if subject.stack == stack)
    rows = [row for row in load() if row.sort == "never" and row.holds_for(subject.kind, subject.level, subject.names)]
    wheres = [where(row, subject.names, subject.assumed) for row in rows]
    prover = Prover({"now": subject.world}, fixed=subject.fixed, wheres=wheres)
    values = prover.space.values()
    requests = list(drawn(subject, values, count))
    started = time.perf_counter()
    outcomes = [decide(request, subject.world).outcome for request in requests]
    seconds = time.perf_counter() - started
    allowed = [request for request, outcome in zip(requests, outcomes, strict=True) if outcome == "allowed"]
    told = {
        "outcomes": dict(Counter(outcomes)),
        "per_second": count / seconds,
        "combinations_log10": sum(log10(_choices(name, len(known))) for name, known in values.items()),
        "keys": {name: len(known) for name, known in values.items()},
        "broken": sum(
            prover.says(request) is not None and any(each.holds(request) for each in wheres) for request in allowed
        ),
    }
    sys.stdout.write(json.dumps(told))


def drawn(subject: Subject, values: Mapping[str, Sequence[str]], count: int) -> Iterator[Request]:
    """Requests with a class of each key drawn at random; absent is one more class where a request can lack the key."""
    chance = random.Random(SEED)  # noqa: S311  # a sample, not a secret
    fixed = {name: value for name, value in subject.fixed.items() if value is not None}
    for _ in range(count):
        given: dict[str, str | tuple[str, ...]] = dict(fixed)
        for name, known in values.items():
            if Space.key(name).many:
                given[name] = tuple(value for value in known if chance.random() < 0.5)  # noqa: PLR2004
            elif (at := chance.randrange(_choices(name, len(known)))) < len(known):
                given[name] = known[at]
        action, resource, principal = (str(given.pop(name)) for name in ALWAYS)
        yield Request(principal, action, resource, {name: value for name, value in given.items() if value != ()})


def _choices(name: str, classes: int) -> int:
    """How many requests differ in this key alone."""
    return 2**classes if Space.key(name).many else classes + (name not in ALWAYS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
