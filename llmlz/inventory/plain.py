"""An inventory as values that JSON has; times in ISO 8601, money as text, so that nothing is rounded."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from llmlz.inventory.model import Holding, Inventory
from llmlz.inventory.totals import by_team, totals


def plain(found: Inventory) -> dict[str, Any]:
    """Everything in it, with sums."""
    return {
        "findings": _simple(found.findings),
        "holdings": [{**_simple(one), **_counted(one)} for one in found.holdings],
        "models": _simple(found.models),
        "places": list(found.places),
        "reservations": [{**_simple(one), "used": one.used} for one in found.reservations],
        "teams": _simple(by_team(found.holdings)),
        "totals": _simple(totals(found.holdings)),
    }


def _counted(one: Holding) -> dict[str, int | None]:
    return {"allocated": one.allocated, "free": one.free, "over": one.over}


def _simple(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [_simple(one) for one in value]
        case dict():
            return {key: _simple(one) for key, one in value.items()}
        case _ if hasattr(value, "__dataclass_fields__"):
            return _simple(asdict(value))
        case _:
            return value
