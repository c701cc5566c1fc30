"""The same platform and team at every tier, recorded: what the pages of tiers count and compare.

Owns: the small estate in ``docs/examples/climb``, as values.
Does not own: what the pages say of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from llmlz.cli.recording import record_with_platform
from llmlz.cost.fixed import Cost, fixed_cost, require_priced
from llmlz.cost.prices import Prices, load
from llmlz.graph.model import Graph
from stacks.estate import load_estate

ESTATE = Path(__file__).parents[1] / "examples" / "climb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tier of the climb."""

    region: str
    """Where the platform is; prices differ by region."""
    platform: Mapping[str, int]
    """Type to how many of it the platform has."""
    team: Mapping[str, int]
    """The same for a team with three models and a space in the vector store."""
    platform_costs: Mapping[str, Decimal]
    """What is billed while the platform is idle, in US dollars a month."""
    team_costs: Mapping[str, Decimal]
    """The same for the team."""


@cache
def climb() -> Mapping[str, Step]:
    """Tier to its step; raises when a resource has no price."""
    estate, prices = load_estate(ESTATE), load()
    steps = {}
    for platform in estate.platforms():
        (team,) = estate.teams_on(platform.name)
        recorded = {graph.stack: graph for graph in record_with_platform(estate, team.name)}
        of_platform, of_team = recorded[platform.name], recorded[team.name]
        steps[platform.tier] = Step(
            region=platform.region,
            platform=_counted(of_platform),
            team=_counted(of_team),
            platform_costs=_billed(of_platform, prices),
            team_costs=_billed(of_team, prices),
        )
    return steps


def usd(costs: Mapping[str, Decimal]) -> str:
    """US dollars a month of all of them together."""
    return f"{sum(costs.values(), Decimal(0)):.2f}"


def _counted(graph: Graph) -> Mapping[str, int]:
    return dict(sorted(Counter(resource.type for resource in graph.custom()).items()))


def _billed(graph: Graph, prices: Prices) -> Mapping[str, Decimal]:
    cost: Cost = fixed_cost(graph, prices)
    require_priced(cost)
    sums: dict[str, Decimal] = {}
    for line in cost.lines:
        sums[line.what] = sums.get(line.what, Decimal(0)) + line.month
    return dict(sorted(sums.items()))
