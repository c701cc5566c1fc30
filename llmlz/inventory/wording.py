"""Words for people, the same in the table and on the page."""

from datetime import datetime

from llmlz.inventory.model import Cost, Holding, Model, Reservation, Share

UNKNOWN = "?"
"""For a number that nobody can say."""


def money(cost: Cost) -> str:
    """Dollars and cents an hour; a dash where there is no price."""
    return "-" if cost.usd_per_hour is None else f"{cost.usd_per_hour:.2f}"


def day(moment: datetime | None) -> str:
    """A day; empty where there is none."""
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def held_by(one: Holding) -> str:
    """Teams with how much each holds, such as ``claims 4, search 2``."""
    if not one.known:
        return UNKNOWN
    return ", ".join(f"{_team(share)} {share.gpus}" for share in one.shares)


def location(one: Holding | Reservation | Model) -> str:
    """Account and region, and the cluster where there is one."""
    cluster = one.cluster if isinstance(one, Holding) else ""
    return " ".join(part for part in (one.account, one.region, cluster) if part)


def _team(share: Share) -> str:
    return share.team or f"({share.namespace or 'no team'})"
