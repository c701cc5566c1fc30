"""The fixed monthly cost of a stack."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from llmlz.cost.cluster_quantities import MACHINES
from llmlz.cost.machines import an_hour
from llmlz.cost.prices import Price, Prices
from llmlz.cost.quantities import QUANTITIES
from llmlz.cost.uncounted import UncountedError
from llmlz.errors import ChecksFailedError
from llmlz.graph.model import Graph, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is billed."""

    urn: str
    what: str
    quantity: Decimal
    """Units billed at the same time: zones, capacity units, gigabytes."""

    unit: str
    """``hour`` or ``month``."""

    unit_price: Decimal
    """USD for one unit."""

    month: Decimal
    """USD a month, exact; round when it is shown."""

    source: str
    """Address of the published price."""

    confirmed: bool
    """Whether the price was compared with a published figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """A resource whose fixed cost is not known."""

    urn: str
    token: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The fixed cost of one stack."""

    lines: tuple[Line, ...]
    """What is billed, in the graph's order; resources without fixed cost have none."""

    total: Decimal
    """USD a month over the lines. It is a lower bound while something is unpriced."""

    unpriced: tuple[Unpriced, ...]

    @property
    def outcome(self) -> Literal["priced", "indeterminate"]:
        """``indeterminate`` as soon as one resource has no price."""
        return "indeterminate" if self.unpriced else "priced"


def fixed_cost(graph: Graph, prices: Prices) -> Cost:
    """Price every resource that a provider makes. A type without a row, or a region without a price, is unpriced."""
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    for resource in graph.custom():
        if resource.type in prices.free:
            continue
        rows = prices.priced.get(resource.type, ())
        if not rows:
            unpriced.append(Unpriced(urn=resource.urn, token=resource.type, why="no row for this type"))
        for row in rows:
            try:
                lines += _line(graph, resource, row, prices)
            except UncountedError as error:
                unpriced.append(Unpriced(urn=resource.urn, token=resource.type, why=f"{row.what}: {error}"))
    return Cost(lines=tuple(lines), total=sum((line.month for line in lines), Decimal(0)), unpriced=tuple(unpriced))


def require_priced(cost: Cost) -> None:
    """Raise ``ChecksFailedError`` with every unpriced resource; what has no price is never taken as free."""
    if cost.unpriced:
        found = "\n".join(f"  {item.urn}\n    {item.why}" for item in cost.unpriced)
        raise ChecksFailedError(
            f"fixed cost: indeterminate, {len(cost.unpriced)} prices are missing\n{found}\n"
            "  fix: add a row to llmlz/cost/data/prices.yaml; a row under 'free' needs a reason"
        )


def _line(graph: Graph, resource: Resource, row: Price, prices: Prices) -> tuple[Line, ...]:
    quantity = QUANTITIES[row.quantity](graph, resource)
    if not quantity:
        return ()
    region = _region(graph, resource)
    if row.usd_of is not None:
        price = an_hour(prices.machines, MACHINES[row.usd_of](graph, resource), region)
    elif region in row.usd:
        price = row.usd[region]
    else:
        raise UncountedError(f"no price for region {region!r}, there are {', '.join(sorted(row.usd))}")
    line = Line(
        urn=resource.urn,
        what=row.what,
        quantity=quantity,
        unit=row.unit,
        unit_price=price,
        month=quantity * price * (prices.hours_per_month if row.unit == "hour" else 1),
        source=row.source,
        confirmed=region in row.confirmed,
    )
    return (line,)


def _region(graph: Graph, resource: Resource) -> str:
    """Region of a resource: its own, else its provider's, else that of the stack."""
    provider = graph.by_urn.get(resource.provider or "")
    given = resource.inputs.get("region") or (provider.inputs.get("region") if provider else None) or graph.region
    return str(given)
