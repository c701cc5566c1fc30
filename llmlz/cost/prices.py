"""The price file: rows by resource type and region, each with unit, source and date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from llmlz.cost.cluster_quantities import MACHINES
from llmlz.cost.machines import Machines, ours
from llmlz.cost.quantities import QUANTITIES
from llmlz.errors import BadInputError

FILE = "data/prices.yaml"
FREE_KEYS = {"types", "because"}
PRICE_KEYS = {"type", "what", "unit", "quantity", "usd", "usd_of", "source", "confirmed", "note"}
UNITS = ("hour", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one part of a resource costs."""

    what: str
    """What is billed, for a person."""

    unit: str
    """``hour`` or ``month``."""

    quantity: str
    """Name of the rule that counts the units of one resource; see ``quantities``."""

    usd: Mapping[str, Decimal]
    """Region to USD for one unit. A region that is missing has no known price."""

    source: str
    """Address of the published price."""

    confirmed: Mapping[str, date]
    """Region to the day on which this price was last compared with a published figure; missing where it was not."""

    usd_of: str | None = None
    """Name of the rule that says which machines are billed; their price is that of the accelerator catalogue, and ``usd``
    is empty. ``None`` where ``usd`` has the price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The whole price file."""

    checked: date
    hours_per_month: int
    priced: Mapping[str, tuple[Price, ...]]
    """Resource type to what it is billed for."""

    free: Mapping[str, str]
    """Resource type to the reason why it has no fixed cost."""

    machines: Machines
    """Instance type to what it costs an hour."""


def load(text: str | None = None, machines: Machines | None = None) -> Prices:
    """The price file of this release, or another one given as text; raises ``BadInputError`` naming the row.

    ``machines`` are those of an estate's catalogue; those of this release if left out.
    """
    if text is None:
        text = resources.files("llmlz.cost").joinpath(FILE).read_text(encoding="utf-8")
    try:
        raw = YAML(typ="safe", pure=True).load(text)
        return _prices(raw, ours() if machines is None else machines)
    except (YAMLError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BadInputError(f"price file: {error}\n  fix: see the head of llmlz/cost/{FILE}") from error


def _prices(raw: Mapping[str, Any], machines: Machines) -> Prices:
    priced: dict[str, tuple[Price, ...]] = {}
    for row in raw["priced"]:
        priced[row["type"]] = (*priced.get(row["type"], ()), _price(row, raw["sources"]))
    free: dict[str, str] = {}
    for row in raw["free"]:
        _only(row, FREE_KEYS, row["because"])
        for token in row["types"]:
            if token in free or token in priced:
                raise ValueError(f"{token} has two rows")
            free[token] = row["because"]
    return Prices(
        checked=_day(raw["checked"]),
        hours_per_month=int(raw["hours_per_month"]),
        priced=priced,
        free=free,
        machines=machines,
    )


def _price(row: Mapping[str, Any], sources: Mapping[str, str]) -> Price:
    where = f"{row['type']}, {row['what']}"
    _only(row, PRICE_KEYS, where)
    if row["unit"] not in UNITS:
        raise ValueError(f"{where}: unit is {row['unit']!r}, expected one of {', '.join(UNITS)}")
    if row["quantity"] not in QUANTITIES:
        raise ValueError(f"{where}: no quantity rule {row['quantity']!r}, there are {', '.join(sorted(QUANTITIES))}")
    if ("usd" in row) == ("usd_of" in row):
        raise ValueError(f"{where}: expected usd or usd_of, and one of them only")
    if row.get("usd_of") not in (None, *MACHINES):
        raise ValueError(f"{where}: no rule {row['usd_of']!r} for machines, there are {', '.join(sorted(MACHINES))}")
    for region, usd in row.get("usd", {}).items():
        if not isinstance(usd, str):
            raise TypeError(f"{where}: price for {region} must be a quoted text, so that it stays exact")
    usd = {region: Decimal(value) for region, value in row.get("usd", {}).items()}
    if any(not value.is_finite() or value < 0 for value in usd.values()):
        raise ValueError(f"{where}: prices cannot be negative")
    confirmed = {region: _day(day) for region, day in row["confirmed"].items()}
    if extra := sorted(set(confirmed) - set(usd)):
        raise ValueError(f"{where}: {extra[0]} is confirmed and has no price")
    return Price(
        what=row["what"],
        unit=row["unit"],
        quantity=row["quantity"],
        usd=usd,
        source=sources[row["source"]],
        confirmed=confirmed,
        usd_of=row.get("usd_of"),
    )


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date like 2026-11-21")
    return value


def _only(row: Mapping[str, Any], known: set[str], where: str) -> None:
    if extra := sorted(set(row) - known):
        raise ValueError(f"{where}: key {extra[0]!r} is not understood")
