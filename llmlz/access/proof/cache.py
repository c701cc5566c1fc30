"""Partitions that were made before, for all provers of one process."""

from collections import OrderedDict

from llmlz.access.proof.automaton import TooManyStatesError
from llmlz.access.proof.classes import Partition, Predicate, partition
from llmlz.access.proof.domain import Domain
from llmlz.access.proof.keys import Key

MOST = 256
"""Partitions that are kept, a few principals' worth; the least used goes first. What is shared is used all the time."""


class Cache:
    """Partitions by key and predicates. Principals share most layers, and so the classes of most keys."""

    def __init__(self) -> None:
        self._known: OrderedDict[object, Partition | TooManyStatesError] = OrderedDict()

    def partition(self, key: Key, predicates: tuple[Predicate, ...], of: Domain, hints: tuple[str, ...]) -> Partition:
        """The classes of a key; raises ``TooManyStatesError``."""
        name = (key.type, of.name, predicates, hints)
        if name not in self._known:
            try:
                self._known[name] = partition(key.type, predicates, of, hints)
            except TooManyStatesError as error:
                self._known[name] = error
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        self._known.move_to_end(name)
        found = self._known[name]
        if isinstance(found, TooManyStatesError):
            raise found
        return found
