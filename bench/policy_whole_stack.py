"""``policy-whole-stack``: what rules over a whole stack cost at its end, by their number and the size of the stack.

Ours decodes and indexes the resources once. In the peer each rule is a stack policy of Pulumi's SDK, which decodes all
resources for each of them.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.figures import compare, differences, growth_exponent, judged
from bench.policy_packs import cost, example, grown, keys, packs, records
from bench.result import Result, Row
from llmlz.engine.analyzer import messages

NAME = "policy-whole-stack"
COUNTS, FEW_COUNTS = (10, 40, 100), (2,)
SIZES: Mapping[int, int] = {500: 2, 2_000: 2, 8_000: 1}
QUICK: Mapping[int, int] = {100: 1}
"""Resources to rounds."""

GOALS: Mapping[int, float] = {10: 1 / 12, 40: 1 / 35, 100: 1 / 10}
EXPONENT_GOAL = 1.05


def policy_whole_stack(*, quick: bool, say: Callable[[str], None]) -> Result:
    """Run it; the rows are void where the findings differ."""
    rows, broken = [], []
    graph = example()
    for count in FEW_COUNTS if quick else COUNTS:
        ours: dict[int, float] = {}
        with tempfile.TemporaryDirectory() as folder, packs(Path(folder), records(count, "stack")) as started:
            for size, rounds in (QUICK if quick else SIZES).items():
                whole = messages(grown(graph, size))[1]
                costs: dict[str, list[float]] = {"ours": [], "peer": []}
                found: dict[str, list[str]] = {}
                for number in range(rounds):
                    say(f"{NAME}: {count} rules, {size} resources, round {number + 1} of {rounds}")
                    for name, pack in started.items():
                        seconds, diagnostics = cost(pack, "AnalyzeStack", [whole])
                        costs[name].append(seconds)
                        found[name] = keys(diagnostics)
                different = differences(found["ours"], found["peer"])
                broken += [f"{count} rules, {size} resources: {line}" for line in different[:3]]
                against = compare(costs["ours"], costs["peer"])
                ours[size] = against.ours
                goal = GOALS.get(count)
                rows.append(
                    Row(
                        what=f"{count} rules over {size} resources, against separate policies",
                        unit="s CPU",
                        verdict=judged(against.ratio, goal, valid=not different),
                        compared=against,
                        value=against.ratio,
                        goal=goal,
                        facts={"findings": len(found["ours"])},
                    )
                )
        if len(ours) > 2:  # noqa: PLR2004  # an exponent needs three
            exponent = growth_exponent(ours)
            verdict = judged(exponent, EXPONENT_GOAL, valid=not broken)
            what = f"{count} rules: exponent of cost over resources"
            rows.append(Row(what=what, unit="", verdict=verdict, value=exponent, goal=EXPONENT_GOAL))
    return Result(name=NAME, rows=tuple(rows), broken=tuple(broken))
