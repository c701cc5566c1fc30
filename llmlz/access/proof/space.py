"""All requests as the solver sees them: for every key that is asked about, in which class its value is.

A single-valued key is one number, with one more value for "absent"; a multivalued key is one Boolean per class, since one
value of each class is enough. Keys are asked about first, and closed together when all predicates are known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import z3  # type: ignore[import-untyped]  # ships no types

from llmlz.access.proof import domain, formula
from llmlz.access.proof.automaton import TooManyStatesError
from llmlz.access.proof.cache import Cache
from llmlz.access.proof.classes import Partition, Predicate, fits
from llmlz.access.proof.formula import Formula
from llmlz.access.proof.keys import Key, known
from llmlz.access.proof.tokens import Fixed, RefusedError
from llmlz.access.request import PRINCIPAL_ARN, Request

ACTION, RESOURCE, PRINCIPAL = "action", "resource", PRINCIPAL_ARN.lower()
ALWAYS = (ACTION, RESOURCE, PRINCIPAL)
"""What every request has."""


@dataclass
class _Asked:
    """What is asked about one key that is not fixed: its predicates, each with the Booleans that answer."""

    key: Key
    some: dict[Predicate, Formula] = field(default_factory=dict)
    some_not: dict[Predicate, Formula] = field(default_factory=dict)
    present: Formula = None
    hints: dict[str, None] = field(default_factory=dict)
    classes: Partition | None = None
    variables: list[Formula] = field(default_factory=list)


class Space:
    """The requests of one principal, or of every role of one account."""

    def __init__(
        self, fixed: Mapping[str, Fixed], account: str, hints: Mapping[str, Sequence[str]], cache: Cache | None
    ) -> None:
        self.fixed = fixed
        self._account, self._hints, self._cache = account, hints, cache or Cache()
        self._asked: dict[str, _Asked] = {}
        for name in ALWAYS:
            self._ask(name)

    @staticmethod
    def key(name: str) -> Key:
        """The key of this name; raises ``RefusedError`` for one that is not known."""
        found = Key(name, "text") if name in (ACTION, RESOURCE) else known(name)
        if found is None:
            raise RefusedError(f"condition key {name} is not known")
        return found

    def names(self) -> frozenset[str]:
        """Keys that a request can carry: those that are fixed, and those that something was asked about."""
        return frozenset(self._asked).union(name for name, value in self.fixed.items() if value is not None)

    def mention(self, name: str, texts: Sequence[str]) -> None:
        """Texts of policies: those without wildcards and variables read better as values than what a machine makes up."""
        if name not in self.fixed:
            self._ask(name).hints.update((text, None) for text in texts if not set(text) & {"*", "?", "$"})

    def has(self, name: str) -> Formula:
        """Whether the request has the key."""
        if name in self.fixed:
            return self.fixed[name] is not None
        if name in ALWAYS:
            return True
        asked = self._ask(name)
        if asked.present is None:
            asked.present = z3.Bool(f"has {name}")
        return asked.present

    def some(self, name: str, predicate: Predicate) -> Formula:
        """Whether the request has the key, and its value, or one of several, fits."""
        if not predicate:
            return False
        if name in self.fixed:
            return any(self._fixed_fits(name, predicate))
        asked = self._ask(name).some
        if predicate not in asked:
            asked[predicate] = z3.Bool(f"{name} {len(asked)}")
        return asked[predicate]

    def some_not(self, name: str, predicate: Predicate) -> Formula:
        """Whether one of the values of a multivalued key does not fit."""
        if name in self.fixed:
            return not all(self._fixed_fits(name, predicate))
        self.some(name, predicate)
        asked = self._ask(name).some_not
        if predicate not in asked:
            asked[predicate] = z3.Bool(f"not {name} {len(asked)}")
        return asked[predicate]

    def _fixed_fits(self, name: str, predicate: Predicate) -> Iterator[bool]:
        key, value = self.key(name), self.fixed[name]
        if value is not None and isinstance(value, tuple) != key.many:
            raise RefusedError(
                f"{key.name} is fixed to {value!r}, and has {'several values' if key.many else 'one value'}"
            )
        for one in () if value is None else (value,) if isinstance(value, str) else value:
            fit = fits(key.type, predicate, one, self._domain(name, key))
            if fit is None:
                raise RefusedError(f"{key.name} is fixed to {one!r}, which is no {key.type} that a request carries")
            yield fit

    def _ask(self, name: str) -> _Asked:
        if name not in self._asked:
            self._asked[name] = _Asked(self.key(name))
        return self._asked[name]

    def _domain(self, name: str, key: Key) -> domain.Domain:
        if name in (ACTION, RESOURCE):
            return domain.ACTION if name == ACTION else domain.RESOURCE
        if name == PRINCIPAL and name not in self.fixed:
            return domain.role(self._account)
        return domain.ARN if key.type == "arn" else domain.FILLED if key.many else domain.TEXT

    def close(self) -> Iterator[Formula]:
        """Make the classes; what then holds of all Booleans. Raises ``TooManyStatesError`` with the name of the key."""
        for name, asked in self._asked.items():
            if name in self.fixed:
                continue
            hints = (*self._hints.get(name, ()), *asked.hints, *domain.HINTS.get(name, ()))
            try:
                of = self._domain(name, asked.key)
                asked.classes = self._cache.partition(asked.key, tuple(asked.some), of, tuple(dict.fromkeys(hints)))
            except TooManyStatesError as error:
                raise TooManyStatesError(f"{asked.key.name}: {error}") from error
            yield from (_many if asked.key.many else _single)(name, asked, asked.classes)

    def request(self, model: Formula) -> Request:
        """The request that a model of the solver stands for."""
        found: dict[str, str | tuple[str, ...]] = {k: v for k, v in self.fixed.items() if v is not None}
        for name, asked in self._asked.items():
            if asked.classes is None:
                continue
            true = [n for n, variable in enumerate(asked.variables) if z3.is_true(model.eval(variable, True))]
            values = tuple(asked.classes.witnesses[n] for n in true if n < len(asked.classes.witnesses))
            if values:
                found[name] = values if asked.key.many else values[0]
        action, resource, principal = (str(found.pop(name)) for name in ALWAYS)
        return Request(principal, action, resource, {(known(k) or Key(k, "text")).name: v for k, v in found.items()})

    def values(self) -> Mapping[str, tuple[str, ...]]:
        """For every key that is not fixed, one value of each class."""
        return {name: asked.classes.witnesses for name, asked in self._asked.items() if asked.classes is not None}

    def pins(self, request: Request) -> list[Formula] | None:
        """What is true of this request alone; ``None`` for one that is outside of what requests are taken to be."""
        given = {**request.keys, ACTION: request.action, RESOURCE: request.resource}
        if any(given.get(name) != value for name, value in self.fixed.items()):
            return None
        pinned: list[Formula] = []
        for name, asked in self._asked.items():
            if asked.classes is None:
                continue
            value = given.get(name)
            values = () if value is None else (value,) if isinstance(value, str) else value
            if value is not None and (isinstance(value, tuple) != asked.key.many or not values):
                return None
            classes = [asked.classes.find(one) for one in values]
            if None in classes:
                return None
            if asked.key.many:
                pinned += [v if n in classes else formula.no(v) for n, v in enumerate(asked.variables)]
            else:
                pinned.append(asked.variables[-1 if classes == [] else classes[0] or 0])
        return pinned


def _single(name: str, asked: _Asked, classes: Partition) -> Iterator[Formula]:
    count = len(classes.witnesses) + (name not in ALWAYS)
    bits = max(1, (count - 1).bit_length())
    variable = z3.BitVec(f"class of {name}", bits)
    asked.variables = [variable == number for number in range(count)]
    if count < 1 << bits:
        yield z3.ULT(variable, count)
    if asked.present is not None:
        yield asked.present == formula.no(asked.variables[-1])
    for predicate, found in asked.some.items():
        yield found == formula.some(asked.variables[number] for number in sorted(classes.members[predicate]))


def _many(name: str, asked: _Asked, classes: Partition) -> Iterator[Formula]:
    every = range(len(classes.witnesses))
    asked.variables = [z3.Bool(f"class {number} of {name}") for number in every]
    if asked.present is not None:
        yield asked.present == formula.some(asked.variables)
    for predicate, found in asked.some.items():
        yield found == formula.some(asked.variables[n] for n in every if n in classes.members[predicate])
    for predicate, found in asked.some_not.items():
        yield found == formula.some(asked.variables[n] for n in every if n not in classes.members[predicate])
