"""The arithmetic of a comparison: pure functions over measured seconds."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import linear_regression, median
from typing import Literal

Verdict = Literal["reached", "not reached", "void", "no goal", "left out"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Ours against a peer over the rounds that both ran."""

    ours: float
    """Median of ours, in the unit of the samples."""

    peer: float
    """Median of the peer."""

    ratio: float
    """Median of the ratios of the rounds; below one, ours is cheaper."""

    worst: float
    """Largest ratio of a round."""

    rounds: int
    """Rounds that were compared."""


def compare(ours: Sequence[float], peer: Sequence[float]) -> Comparison:
    """Round by round: a round's two runs saw the same machine. Rounds that only one of them ran do not count."""
    pairs = list(zip(ours, peer, strict=False))
    if not pairs:
        raise ValueError("nothing to compare: one side has no rounds")
    ratios = [mine / other for mine, other in pairs]
    return Comparison(
        ours=median(mine for mine, _ in pairs),
        peer=median(other for _, other in pairs),
        ratio=median(ratios),
        worst=max(ratios),
        rounds=len(pairs),
    )


def growth_exponent(costs: Mapping[int, float]) -> float:
    """How cost grows with size: ``k`` in ``cost = start + c * size ** k``, by least squares over logarithms.

    The smallest size stands for the start-up and is taken off the others; with it left in, an exponent would be
    flattered. Raises ``ValueError`` with fewer than three sizes, or where a larger size costs no more than the smallest.
    """
    first, *larger = sorted(costs)
    if len(larger) < 2:  # noqa: PLR2004  # a line needs two points
        raise ValueError("an exponent needs three sizes")
    added = {size - first: costs[size] - costs[first] for size in larger}
    if min(added.values()) <= 0:
        raise ValueError("a larger size costs no more than the smallest: the runs are too noisy to fit")
    return linear_regression([math.log(size) for size in added], [math.log(cost) for cost in added.values()]).slope


def marginal(costs: Mapping[int, float]) -> dict[tuple[int, int], float | None]:
    """What one more costs, between every size and the next; nothing where noise made the larger size the cheaper one."""
    steps = {
        (small, large): (costs[large] - costs[small]) / (large - small) for small, large in pairwise(sorted(costs))
    }
    return {sizes: cost if cost > 0 else None for sizes, cost in steps.items()}


def judged(value: float, goal: float | None, *, valid: bool = True) -> Verdict:
    """Whether a goal is reached; a figure whose correctness gate is shut counts for nothing."""
    if not valid:
        return "void"
    if goal is None:
        return "no goal"
    return "reached" if value <= goal else "not reached"


def differences(ours: Sequence[str], peer: Sequence[str]) -> list[str]:
    """What one side has and the other has not, as multisets: no lines when both made the same."""
    mine, other = Counter(ours), Counter(peer)
    return [f"only ours: {line}" for line in sorted((mine - other).elements())] + [
        f"only the peer's: {line}" for line in sorted((other - mine).elements())
    ]
