"""Exact finite classes of the values of one key: two values are in one class when no predicate tells them apart.

Texts are told apart by walking the automaton of all their patterns together with the machine of the key's domain;
numbers, dates and networks by the points where an answer can change. Each class has one value that stands for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Literal

from llmlz.access.proof.automaton import LIMIT, Automaton, Signature, TooManyStatesError
from llmlz.access.proof.domain import Domain
from llmlz.access.proof.keys import Type
from llmlz.access.proof.points import addresses, around, measure
from llmlz.access.proof.tokens import TWINS, Pattern

Bound = tuple[Callable[[float, float], bool], float]
"""How a value is compared, and with what: a number, or the seconds since 1970."""

Network = IPv4Network | IPv6Network

Predicate = tuple[Pattern | Bound | Network, ...]
"""What one element of a policy asks of one value: whether it fits any of these."""

FLAGS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Partition:
    """The classes of one key."""

    witnesses: tuple[str, ...]
    """For each class the value that stands for it."""

    members: Mapping[Predicate, frozenset[int]]
    """Predicate to the classes whose values fit."""

    find: Callable[[str], int | None]
    """Class of a value; ``None`` for one that no request carries."""


def partition(
    type_: Type, predicates: Sequence[Predicate], domain: Domain, hints: Sequence[str] = (), limit: int = LIMIT
) -> Partition:
    """The classes; ``hints`` are values that people can read, taken for the classes that they are in.

    Raises ``TooManyStatesError``; never gives fewer classes.
    """
    sign, candidates = _reader(type_, predicates, domain, limit)
    classes: dict[Signature, str] = {}
    for value in (*hints, *candidates()):
        signature = sign(value)
        if signature is not None:
            classes.setdefault(signature, value)
    numbers = {signature: number for number, signature in enumerate(classes)}
    members = {
        predicate: frozenset(number for signature, number in numbers.items() if index in signature)
        for index, predicate in enumerate(predicates)
    }

    again = cache(
        lambda: _reader(type_, predicates, domain, limit)[0]
    )  # a cached partition must not keep the automaton

    def find(value: str) -> int | None:
        signature = again()(value)
        return None if signature is None else numbers[signature]

    return Partition(tuple(classes.values()), members, find)


def fits(type_: Type, predicate: Predicate, value: str, domain: Domain) -> bool | None:
    """Whether one value fits; ``None`` for one that no request carries."""
    signature = _reader(type_, (predicate,), domain, LIMIT)[0](value)
    return None if signature is None else bool(signature)


Sign = Callable[[str], Signature | None]
Candidates = Callable[[], Iterator[str]]


def _reader(type_: Type, predicates: Sequence[Predicate], domain: Domain, limit: int) -> tuple[Sign, Candidates]:
    """How a value of this type is told apart, and values among which every class has one."""
    if type_ in ("number", "date"):
        bounds = {bound[1] for predicate in predicates for bound in predicate if isinstance(bound, tuple)}
        return partial(_sign_measured, predicates, type_), partial(around, bounds, type_)
    if type_ == "network":
        networks = [net for predicate in predicates for net in predicate if isinstance(net, IPv4Network | IPv6Network)]
        return partial(_sign_address, predicates), partial(addresses, networks)
    texts = _Texts(predicates, domain, limit)
    if type_ == "flag":
        return (lambda value: texts.sign(value) if value in FLAGS else None), lambda: iter(FLAGS)
    return texts.sign, texts.words


def _sign_measured(predicates: Sequence[Predicate], type_: Literal["number", "date"], value: str) -> Signature | None:
    found = measure(value, type_)
    if found is None:
        return None
    fitting = (any(isinstance(b, tuple) and b[0](found, b[1]) for b in predicate) for predicate in predicates)
    return frozenset(number for number, fit in enumerate(fitting) if fit)


def _sign_address(predicates: Sequence[Predicate], value: str) -> Signature | None:
    try:
        address = int(ip_address(value)), ip_address(value).max_prefixlen
    except ValueError:
        return None
    fitting = (any(_inside(address, network) for network in predicate) for predicate in predicates)
    return frozenset(number for number, fit in enumerate(fitting) if fit)


def _inside(address: tuple[int, int], network: object) -> bool:
    if not isinstance(network, IPv4Network | IPv6Network) or network.max_prefixlen != address[1]:
        return False
    return int(network.network_address) <= address[0] <= int(network.broadcast_address)


class _Texts:
    """Texts of one domain, and the patterns that tell them apart."""

    def __init__(self, predicates: Sequence[Predicate], domain: Domain, limit: int) -> None:
        patterns = [[one for one in predicate if isinstance(one, Pattern)] for predicate in predicates]
        self._domain, self._limit = domain, limit
        self._automaton = Automaton(patterns, domain.characters())

    def sign(self, value: str) -> Signature | None:
        """The predicates that a text fits."""
        if not self._domain.has(value) or TWINS & set(value):
            return None
        return self._automaton.signature(self._automaton.run(value))

    def words(self) -> Iterator[str]:
        """A shortest text of every class: breadth first over all states that a text of the domain can reach."""
        automaton, domain = self._automaton, self._domain
        first = (automaton.start, domain.start)
        reached = {first: ""}
        waiting = [first]
        told: set[Signature] = set()
        for at in waiting:
            state, place = at
            word = reached[at]
            if place in domain.final:
                signature = automaton.signature(state)
                if signature not in told:
                    told.add(signature)
                    yield word
            for char in (*sorted(automaton.letters(state).union(domain.letters(place))), automaton.other):
                next_place = domain.step(place, char)
                if next_place is None:
                    continue
                following = (automaton.step(state, char), next_place)
                if following not in reached:
                    if len(reached) >= self._limit:
                        raise TooManyStatesError(
                            f"values of {domain.name} are told apart by more than {self._limit} states"
                        )
                    reached[following] = word + char
                    waiting.append(following)
        self.states = len(reached)
