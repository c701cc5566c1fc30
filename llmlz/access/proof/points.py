"""Numbers, dates and addresses: the values at which an answer can change, one on each side of every cut.

Written apart from the evaluator's ``conditions``, which reads the same forms.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import pairwise
from typing import Literal

Network = IPv4Network | IPv6Network
START = datetime(1970, 1, 1, tzinfo=UTC)
SHORTEST_SECONDS = 5
"""Digits of a date that is written as seconds; four are a year."""

SOME_NUMBER, SOME_DATE = 1.0, 1767225600.0
"""Where there is no cut, any value will do: the date is the first of January 2026."""


def measure(text: str, type_: Literal["number", "date"]) -> float | None:
    """The number, or the seconds since 1970 of the date; ``None`` for a text that is neither."""
    if type_ == "number":
        whole, point, fraction = text.removeprefix("-" if text.startswith("-") else "+").partition(".")
        plain = _digits(whole) and (_digits(fraction) if point else True)
        return float(text) if plain else None
    if _digits(text):
        return float(text) if len(text) >= SHORTEST_SECONDS else None
    day, time, clock = text.partition("T")
    numbers = day.split("-")
    if [len(number) for number in numbers] != [4, 2, 2] or not all(map(_digits, numbers)):
        return None
    if time and not (clock.endswith("Z") or clock[-6:-5] in ("+", "-")):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if time else found.replace(tzinfo=UTC)).timestamp()


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def around(cuts: Iterable[float], type_: Literal["number", "date"]) -> Iterator[str]:
    """A value at each cut, one between every two, one below all and one above all, as texts."""
    ordered = sorted(set(cuts))
    if not ordered:
        yield _written(SOME_NUMBER if type_ == "number" else SOME_DATE, type_)
        return
    lowest, highest = ordered[0], ordered[-1]
    below, above = max(1.0, abs(lowest)), max(1.0, abs(highest))  # one alone is lost in a number with many digits
    between = [(first + second) / 2 for first, second in pairwise(ordered)]
    for value in (lowest - 1, lowest - below, *ordered, *between, highest + 1, highest + above):
        text = _written(value, type_)
        if measure(text, type_) is not None:
            yield text


def _written(value: float, type_: Literal["number", "date"]) -> str:
    plain = format(Decimal(repr(value)), "f").removesuffix(".0")
    if type_ == "number":
        return plain
    try:
        return (START + timedelta(seconds=value)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return plain.partition(".")[0]  # seconds, of which there are no parts


def addresses(networks: Sequence[Network]) -> Iterator[str]:
    """The first and last address of each network, their neighbours outside, and the ends of both kinds of addresses."""
    yield from ("198.51.100.7", "2001:db8::7")  # set aside for documentation: most readable
    for kind, of in ((IPv4Address, IPv4Network), (IPv6Address, IPv6Network)):
        highest = 2 ** kind(0).max_prefixlen - 1
        edges = {0, highest}
        for network in networks:
            if isinstance(network, of):
                first, last = int(network.network_address), int(network.broadcast_address)
                edges |= {first, last, max(first - 1, 0), min(last + 1, highest)}
        yield from (str(kind(edge)) for edge in sorted(edges))
