"""Adds holdings up, over all and by team; nothing is lost or counted twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from llmlz.inventory.model import Holding


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Sums; ``gpus`` is ``allocated`` less ``over``, ``free`` and ``unknown`` together."""

    gpus: int
    """What there is."""

    allocated: int
    """What is held."""

    free: int
    """What nobody holds."""

    over: int
    """What is held and is not there."""

    unknown: int
    """Of which nobody can say."""

    usd_per_hour: Decimal
    """Of everything that has a price."""

    unpriced: int
    """Nodes and instances without one."""


def totals(found: Iterable[Holding]) -> Totals:
    """Add holdings up."""
    rows = tuple(found)
    return Totals(
        gpus=sum(one.gpus for one in rows),
        allocated=sum(one.allocated or 0 for one in rows),
        free=sum(one.free or 0 for one in rows),
        over=sum(one.over for one in rows),
        unknown=sum(one.gpus for one in rows if not one.known),
        usd_per_hour=sum((one.cost.usd_per_hour or Decimal(0) for one in rows), Decimal(0)),
        unpriced=sum(one.cost.usd_per_hour is None for one in rows),
    )


NOBODY, NOT_KNOWN = "(nobody)", "(not known)"
"""What stands in the place of a team: for what is free, and for what nobody can say. No team can be called so."""

NO_TEAM = "(no team)"
"""For what is held by something that no label and no tag gives to a team."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamRow:
    """What one team holds, or what nobody does."""

    team: str
    """Its name, or one of the three words in brackets."""

    gpus: int
    """Accelerators."""

    usd_per_hour: Decimal
    """Its part of each node that has a price, by accelerators."""

    unpriced: int
    """Accelerators of nodes without a price."""


def by_team(found: Iterable[Holding]) -> tuple[TeamRow, ...]:
    """Who holds what, greatest first; the costs of all rows are those of all holdings."""
    gpus: defaultdict[str, int] = defaultdict(int)
    paid: defaultdict[str, Decimal] = defaultdict(Decimal)
    unpriced: defaultdict[str, int] = defaultdict(int)
    for one in found:
        parts = [(share.team or NO_TEAM, share.gpus) for share in one.shares] if one.known else []
        parts.append((NOBODY, one.free) if one.free is not None else (NOT_KNOWN, one.gpus))
        whole = sum(number for _, number in parts)
        if whole == 0:  # a node that lost all its devices: nobody holds it, and it costs all the same
            parts, whole = [(NOBODY, 0)], 1
        for team, number in parts:
            gpus[team] += number
            if one.cost.usd_per_hour is None:
                unpriced[team] += number
            else:
                portion = Decimal(number or (whole if len(parts) == 1 else 0)) / whole
                paid[team] += one.cost.usd_per_hour * portion
    rows = (
        TeamRow(team=team, gpus=gpus[team], usd_per_hour=paid[team], unpriced=unpriced[team])
        for team in gpus
        if gpus[team] or paid[team]
    )
    return tuple(sorted(rows, key=lambda row: (-row.gpus, row.team)))
