"""What is wrong with reservations, and with who runs in them."""

from collections.abc import Iterable, Iterator

from llmlz.inventory.facts import PlaceFacts
from llmlz.inventory.judge import PLATFORM, Bounds, ending, problem, spot_of, undecided
from llmlz.inventory.model import Finding, Holding, Reservation


def judge_reservations(
    found: Iterable[Reservation], places: Iterable[PlaceFacts], held: Iterable[Holding], bounds: Bounds
) -> Iterator[Finding]:
    """Reservations, and who runs in them."""
    known = {one.id: one for one in found}
    inside: dict[str, list[Holding]] = {}
    for holding in held:
        if holding.reservation:
            inside.setdefault(holding.reservation, []).append(holding)
    unread = {place.region for place in places if place.reservations is None}
    everywhere = bounds.complete and all(place.instances is not None for place in places)
    for one in known.values():
        yield from _reservation(one, inside.get(one.id, []), bounds, everywhere=everywhere)
    for id_, holdings in inside.items():
        if id_ not in known:
            yield from _elsewhere(id_, holdings, unread)


def _reservation(one: Reservation, inside: list[Holding], bounds: Bounds, *, everywhere: bool) -> Iterator[Finding]:
    where = f"{one.account} {one.region} {one.id}"
    kind = "capacity block" if one.kind == "block" else "reservation"
    if one.foreign:
        what = (
            f"{kind} of {one.count} {one.instance_type} belongs to account {one.owner or '(none)'}, not of the estate"
        )
        yield problem("foreign", what, where, "agree with its owner on how long, or use capacity of your own")
    elif not one.team:
        yield problem("untagged", f"{kind} of {one.count} {one.instance_type} names no team", where, "tag it with team")
    started = one.start is None or bounds.now - one.start >= bounds.idle
    if one.state == "active" and one.available > 0 and started and not one.foreign:
        what = f"{one.available} of {one.count} {one.instance_type} are paid for and not used{_wasted(one)}"
        fix = "let its pool use it, or make it smaller" if one.kind == "on-demand" else "let its pool use it"
        yield problem("idle", what, where, fix)
    if one.state == "expired":
        yield problem(
            "expiring", f"{kind} of {one.count} {one.instance_type} has expired", where, "take it out of its pool"
        )
    elif one.end is not None:
        yield from ending(f"{kind} of {one.count} {one.instance_type}", one.end, where, "plan what follows it", bounds)
    if not one.foreign and one.used > len(inside):
        others = f"{one.used - len(inside)} of {one.used} instances in it are of accounts or regions that were not seen"
        make = problem if everywhere else undecided
        yield make("foreign", others, where, "see with whom it is shared (aws ram), and whether that is meant")
    if one.team not in ("", PLATFORM):
        yield from _strangers(one, inside)


def _wasted(one: Reservation) -> str:
    whole = one.cost.usd_per_hour
    return "" if whole is None else f" ({whole * one.available / one.count:.2f} USD an hour)"


def _strangers(one: Reservation, inside: list[Holding]) -> Iterator[Finding]:
    """Teams that run in what another team pays for."""
    for holding in inside:
        others = sorted({share.team for share in holding.shares} - {"", one.team, PLATFORM})
        if others:
            what = f"{', '.join(others)} runs in reservation {one.id} of {one.team}"
            yield problem(
                "foreign", what, spot_of(holding), "let its pool be for one team, or tag the reservation platform"
            )


def _elsewhere(id_: str, holdings: list[Holding], unread: set[str]) -> Iterator[Finding]:
    for one in holdings:
        what = f"it runs in reservation {id_}, which no account of the estate has"
        if one.region in unread:
            yield undecided("foreign", f"{what}, as far as they answered", spot_of(one), "read the reservations first")
        else:
            yield problem("foreign", what, spot_of(one), "find out whose it is: it ends when its owner says so")
