"""Texts of a policy as tokens: characters, and the four kinds of wildcards that a shape gives them.

It reads the same three shapes as the evaluator's ``patterns``, and shares no code with it. A policy variable is replaced
here, once, by the value that every request has; one that can vary is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from llmlz.access.patterns import Shape

ONE, MANY = "one of any", "many of any"
ONE_INSIDE, MANY_INSIDE = "one inside the part", "many inside the part"
"""Wildcards; those that stay inside a part of an ARN take no colon."""

WILD = (ONE, MANY, ONE_INSIDE, MANY_INSIDE)
COLONS = 5
"""Of an ARN: what comes after the fifth is its last part, where a colon is a character like any other."""

TWINS = frozenset("\u0130\u0131\u017f\u212a")
"""Letters beyond ASCII that some programs take for i, s or k when case does not matter. No value has one, by axiom."""

Piece = tuple[str, bool]
"""A character, and whether the policy wrote it itself: what a variable brings is never a wildcard."""

Fixed = str | tuple[str, ...] | None
"""Value, or values, of a key that every request has; ``None`` where no request has the key."""


class RefusedError(Exception):
    """A construct that the proof does not know; the message says which."""


class NoValueError(Exception):
    """A policy variable whose key no request has, and which has no default; the message names it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one text of a policy fits."""

    tokens: tuple[str, ...]
    """Characters and wildcards. No two wildcards for many characters stand next to each other."""

    fold: bool = False
    """Case is ignored; the characters are in lower case."""

    @property
    def word(self) -> str | None:
        """The only text that fits; ``None`` where there are several."""
        return None if self.fold or any(token in WILD for token in self.tokens) else "".join(self.tokens)


def pattern(text: str, shape: Shape, fixed: Mapping[str, Fixed], *, fold: bool = False) -> Pattern:
    """The text as a pattern; ``fixed`` are the values that variables can take, by lower-case key.

    Raises ``RefusedError`` for a variable that is not fixed or not understood and for a letter whose case is not known,
    ``NoValueError`` for a variable without a value.
    """
    return _pattern(tuple(_pieces(text, fixed)), shape, fold) if "${" in text else _plain(text, shape, fold)


@lru_cache(maxsize=8192)
def _plain(text: str, shape: Shape, fold: bool) -> Pattern:
    return _pattern(tuple((char, True) for char in text), shape, fold)


def _pattern(pieces: tuple[Piece, ...], shape: Shape, fold: bool) -> Pattern:
    if any(char in TWINS or (fold and not char.isascii()) for char, _ in pieces):
        text = "".join(char for char, _ in pieces)
        raise RefusedError(f"{text!r} has a letter whose upper and lower case are not known here")
    whole = shape == "text" or pieces == (("*", True),)
    tokens: list[str] = []
    colons = 0
    for index, (char, written) in enumerate(pieces):
        inside = not whole and colons < COLONS
        if not written or shape == "exact" or char not in "*?":
            tokens.append(char.lower() if fold else char)
        elif char == "?":
            tokens.append(ONE_INSIDE if inside else ONE)
        else:
            reaches_over = shape == "resource" and pieces[index + 1 : index + 2] == ((":", True),)
            _append_many(tokens, MANY_INSIDE if inside and not reaches_over else MANY)
        colons += written and char == ":"
    return Pattern(tuple(tokens), fold)


def _append_many(tokens: list[str], token: str) -> None:
    if tokens and tokens[-1] in (MANY, MANY_INSIDE):
        token = MANY if MANY in (tokens.pop(), token) else MANY_INSIDE
    tokens.append(token)


def _pieces(text: str, fixed: Mapping[str, Fixed]) -> Iterator[Piece]:
    before, *rest = text.split("${")
    yield from ((char, True) for char in before)
    for part in rest:
        name, closed, after = part.partition("}")
        if not closed:
            raise RefusedError(f"{text!r} opens a policy variable and does not close it")
        yield from ((char, False) for char in _value(name, fixed))
        yield from ((char, True) for char in after)


def _value(name: str, fixed: Mapping[str, Fixed]) -> str:
    if name in ("*", "?", "$"):
        return name
    key, comma, default = name.partition(",")
    key, default = key.strip().lower(), default.strip()
    if key not in fixed:
        raise RefusedError(f"policy variable ${{{name}}} differs from request to request")
    value = fixed[key]
    if isinstance(value, tuple):
        raise RefusedError(f"policy variable ${{{name}}} has several values")
    if value is not None:
        return value
    if not comma:
        raise NoValueError(f"${{{name}}} has no value in any request")
    if len(default) < len("''") or default[0] != "'" or default[-1] != "'":
        raise RefusedError(f"policy variable ${{{name}}} is not understood")
    return default[1:-1]
