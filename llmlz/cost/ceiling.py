"""The most that pools of machines cost while they run full. It is no part of the fixed cost: idle pools have no machines."""

from dataclasses import dataclass
from decimal import Decimal

from llmlz.cost.machines import Machines, an_hour
from llmlz.cost.uncounted import UncountedError
from llmlz.graph.model import Graph
from llmlz.graph.pools import Pool, pools

MOST_STEPS = 10_000
"""Up to this limit the dearest set of machines is looked for; above, parts of machines count, which is never less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The most of one pool."""

    urn: str
    pool: str
    """Name of the pool."""

    hour: Decimal | None
    """USD an hour for machines alone, on demand, as if nothing were reserved and no spot were to be had; ``None`` where
    it is not known."""

    month: Decimal | None
    """USD a month of as many hours as the price file has."""

    why: str
    """What it runs up to, or why it is not known."""


def ceilings(graph: Graph, known: Machines, hours_per_month: int) -> tuple[Ceiling, ...]:
    """A ceiling for every pool of a graph, recorded or previewed; what has no limit or no price is not known."""
    return tuple(_ceiling(pool, graph.region, known, hours_per_month) for pool in pools(graph))


def together(found: tuple[Ceiling, ...]) -> tuple[Decimal, Decimal] | None:
    """USD an hour and a month of all pools; ``None`` as soon as one is not known."""
    hours = [one.hour for one in found if one.hour is not None]
    months = [one.month for one in found if one.month is not None]
    return None if len(hours) < len(found) else (sum(hours, Decimal(0)), sum(months, Decimal(0)))


def _ceiling(pool: Pool, region: str, known: Machines, hours: int) -> Ceiling:
    try:
        hour, why = _full(pool, region, known)
    except UncountedError as error:
        return Ceiling(urn=pool.urn, pool=pool.name, hour=None, month=None, why=str(error))
    return Ceiling(urn=pool.urn, pool=pool.name, hour=hour, month=hour * hours, why=why)


def _full(pool: Pool, region: str, known: Machines) -> tuple[Decimal, str]:
    """The smallest of what each limit allows: all of them hold at once."""
    prices = {one: an_hour(known, [one], region) for one in pool.types}
    if not prices:
        raise UncountedError("it lists no instance types, and may buy any")
    allowed = []
    if pool.nodes is not None:
        allowed.append((max(prices.values()) * pool.nodes, f"{pool.nodes} machines"))
    if pool.gpus is not None:
        allowed.append((_most(pool.gpus, [(known[one].gpus, usd) for one, usd in prices.items()]), f"{pool.gpus} GPUs"))
    if pool.cpus is not None:
        sizes = [(known[one].vcpus, usd) for one, usd in prices.items()]
        allowed.append((_most(pool.cpus, sizes), f"{pool.cpus} vCPUs"))
    if not allowed:
        raise UncountedError("it has no limit")
    return min(allowed)


def _most(limit: int, sizes: list[tuple[int, Decimal]]) -> Decimal:
    """USD an hour of the dearest machines that fit together, each with its size and price."""
    if limit > MOST_STEPS:
        return max(usd * limit / size for size, usd in sizes)
    best = [Decimal(0)] * (limit + 1)
    for room in range(1, limit + 1):
        best[room] = max([best[room - 1], *(best[room - size] + usd for size, usd in sizes if size <= room)])
    return best[limit]
