"""What an instance costs an hour: a list price that somebody looked up, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from llmlz.inventory.model import Capacity, Cost


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPrice:
    """On demand, Linux, shared tenancy."""

    usd_per_hour: Mapping[str, Decimal | None]
    """Region to US dollars; ``None`` where it is offered at a price that is not known."""

    source: str
    """Address and date."""

    missing: str = "its price is not known"
    """The reason of a ``None``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """List prices by instance type, or why there are none."""

    by_type: Mapping[str, ListPrice]
    """Instance type to its price."""

    missing: str = "no list price of this type is known"
    """The reason that rows without a price give."""


NO_TYPE = "its instance type is not known"
BY_THE_MOMENT = "the spot price changes all the time"
IN_ADVANCE = "a capacity block is paid in advance, as a whole"
BOUGHT_SOMEHOW = "how it was bought is not known"


def cost(prices: Prices, instance_type: str, capacity: Capacity, region: str, count: int = 1) -> Cost:
    """What ``count`` instances cost. A reservation costs what its instances would on demand, used or not:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html (2026-11).
    """
    reason = {"spot": BY_THE_MOMENT, "block": IN_ADVANCE, "unknown": BOUGHT_SOMEHOW}.get(capacity)
    if not instance_type:
        reason = NO_TYPE
    if reason is not None:
        return Cost(usd_per_hour=None, note=reason)
    price = prices.by_type.get(instance_type)
    if price is None:
        return Cost(usd_per_hour=None, note=prices.missing)
    if region not in price.usd_per_hour:
        return Cost(usd_per_hour=None, note=f"no list price of it in {region or 'a region that is not known'}")
    usd = price.usd_per_hour[region]
    if usd is None:
        return Cost(usd_per_hour=None, note=price.missing)
    return Cost(usd_per_hour=usd * count, note=price.source)
