"""``policy-per-resource``: what a policy pack costs for each resource, by the number of its rules.

Ours decodes a resource once and runs the rules for its type. The peer has the same rules as policies of Pulumi's SDK,
each of which gets the resource and looks at its type itself, as the SDK's documentation shows.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.figures import compare, differences, judged
from bench.policy_packs import cost, example, grown, keys, large, mean_size, packs, processor, records
from bench.result import Result, Row
from llmlz.engine.analyzer import Pack, messages

NAME = "policy-per-resource"
SIZES, QUICK = {10: 3, 100: 3, 400: 2}, {10: 1}
"""Rules to rounds."""

RESOURCES, FEW = 2_000, 200
GOALS: Mapping[int, float] = {100: 1 / 10, 400: 1 / 40}
EMPTY_GOAL = 1.5
"""Ours against a call that does nothing, at 100 rules."""


def policy_per_resource(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where the findings differ."""
    rows: list[Row] = []
    broken: list[str] = []
    for graph in (example(), large(example())):
        requests = messages(grown(graph, FEW if quick else RESOURCES))[0]
        for count, rounds in (QUICK if quick else SIZES).items():
            with tempfile.TemporaryDirectory() as folder, packs(Path(folder), records(count, "resource")) as started:
                what = f"{count} rules, resources of {mean_size(graph)} bytes"
                costs, found = _measure(started, requests, rounds, lambda text: say(f"{NAME}: {what}, {text}"))  # noqa: B023  # called at once
            different = differences(found["ours"], found["peer"])
            broken += [f"{what}: {line}" for line in different[:3]]
            rows += _rows(what, count, costs, len(requests), valid=not different, findings=len(found["ours"]))
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))


def _measure(
    started: Mapping[str, Pack], requests: list[Any], rounds: int, say: Callable[[str], None]
) -> tuple[dict[str, list[float]], dict[str, list[str]]]:
    """Seconds by round of both packs and of calls that do nothing, and the findings of both."""
    costs: dict[str, list[float]] = {"ours": [], "peer": [], "empty": []}
    found: dict[str, list[str]] = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for name, pack in started.items():
            seconds, diagnostics = cost(pack, "Analyze", requests)
            costs[name].append(seconds)
            found[name] = keys(diagnostics)
        costs["empty"].append(_empty(started["ours"], requests))
    return costs, found


def _rows(
    what: str, count: int, costs: Mapping[str, list[float]], resources: int, *, valid: bool, findings: int
) -> list[Row]:
    each = {name: [1000 * seconds / resources for seconds in values] for name, values in costs.items()}
    against, empty = compare(each["ours"], each["peer"]), compare(each["ours"], each["empty"])
    goal, limit = GOALS.get(count), EMPTY_GOAL if count == 100 else None  # noqa: PLR2004
    return [
        Row(
            what=f"{what}, against separate policies",
            unit="ms CPU a resource",
            verdict=judged(against.ratio, goal, valid=valid),
            compared=against,
            value=against.ratio,
            goal=goal,
            facts={"findings": findings, "resources": resources},
        ),
        Row(
            what=f"{what}, against a call that does nothing",
            unit="ms CPU a resource",
            verdict=judged(empty.ratio, limit, valid=valid),
            compared=empty,
            value=empty.ratio,
            goal=limit,
        ),
    ]


def _empty(pack: Any, requests: list[Any]) -> float:
    """The engine asks for remediation of every resource too; ours has none."""
    before = processor(pack.pid)
    pack.nothing("Remediate", *requests)
    return processor(pack.pid) - before
