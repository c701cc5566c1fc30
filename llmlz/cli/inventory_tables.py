"""An inventory as tables for a terminal."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from llmlz.cli.options import console, print_table
from llmlz.inventory.model import Inventory
from llmlz.inventory.totals import by_team, totals
from llmlz.inventory.wording import UNKNOWN, day, held_by, location, money


def print_inventory(found: Inventory) -> None:
    """A table for each part that has rows, and the sums below."""
    _print(
        ("Where", "Pool", "Node or instance", "Type", "GPU", "GPUs", "Free", "Held by", "Bought", "USD/h", "Until"),
        (
            (
                location(one),
                one.pool,
                one.node or one.instance,
                one.instance_type,
                one.accelerator,
                str(one.gpus),
                UNKNOWN if one.free is None else str(one.free),
                held_by(one),
                one.capacity,
                money(one.cost),
                day(one.expires),
            )
            for one in found.holdings
        ),
    )
    _print(
        ("Team", "GPUs", "USD/h"),
        ((row.team, str(row.gpus), f"{row.usd_per_hour:.2f}") for row in by_team(found.holdings)),
    )
    _print(
        ("Where", "Reservation", "Kind", "Type", "Instances", "Used", "Owner", "Team", "State", "USD/h", "Until"),
        (
            (
                location(one),
                one.id,
                one.kind,
                one.instance_type,
                str(one.count),
                str(one.used),
                f"{one.owner} (foreign)" if one.foreign else one.owner,
                one.team,
                one.state,
                money(one.cost),
                day(one.end),
            )
            for one in found.reservations
        ),
    )
    _print(
        ("Where", "Kind", "Model or profile", "Behind it", "Team", "State", "Until"),
        (
            (
                location(one),
                one.kind,
                one.name,
                ", ".join(one.models),
                UNKNOWN if one.team is None else one.team,
                one.state,
                day(one.expires),
            )
            for one in found.models
        ),
    )
    _print(
        ("Finding", "Outcome", "Found"),
        ((one.kind, one.outcome, f"{one.what}\nwhere: {one.where}\nfix: {one.fix}") for one in found.findings),
    )
    _sums(found)


def _print(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    listed = list(rows)
    if not listed:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in listed:
        table.add_row(*(Text(_printable(text)) for text in row))  # a name is no markup
    print_table(table)
    console().print()


def _printable(text: str) -> str:
    """Without what a terminal would obey: tags and messages of servers may hold anything."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _sums(found: Inventory) -> None:
    sums = totals(found.holdings)
    more = [f"{sums.over} held that are not there"] if sums.over else []
    more += [f"{sums.unknown} of which nobody can say"] if sums.unknown else []
    told = ", ".join([f"{sums.gpus} accelerators: {sums.allocated} held, {sums.free} free", *more])
    unpriced = f" and {sums.unpriced} rows without a price" if sums.unpriced else ""
    console().print(f"{told}; {sums.usd_per_hour:.2f} USD an hour{unpriced}", highlight=False, markup=False)
