"""Texts of a policy against texts of a request: wildcards, ARN parts and policy variables.

Three shapes are matched, each as AWS documents it:

- ``text``: ``*`` is any characters, ``?`` is one.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (2026-11)
- ``arn``, of the Arn operators: the six parts are compared separately, so a wildcard stays within its part. Same page.
- ``resource``: wildcards stay within a part, but a ``*`` that ends a part may reach over colons.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (2026-11)

``strict`` is ``resource`` without that exception. A proof asks for both readings, and so counts on neither.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

Shape = Literal["exact", "text", "arn", "resource", "strict"]

Reading = Literal["documented", "strict"]
"""Whether a ``*`` that ends a part of a Resource may reach over colons, as the page above says, or stays within it."""

RESOURCE_SHAPES: Mapping[Reading, Shape] = {"documented": "resource", "strict": "strict"}

Keys = Mapping[str, str | tuple[str, ...]]
"""Context of a request: lower-case key to value, or values."""

PARTS = 6
VARIABLE = re.compile(r"\$\{([^}]*)\}")
NAMED = re.compile(r"(?P<key>[\w.+=@-]+:[^,{}$'*?]+?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?")
LITERALS = ("*", "?", "$")
"""``${*}``, ``${?}`` and ``${$}`` stand for the character itself."""

Piece = tuple[str, bool]
"""One character, and whether it was written in the policy as such: only then ``*`` and ``?`` are wildcards."""


class UndecidedError(Exception):
    """The documentation does not settle what AWS does here; the message says with what."""


class UnresolvedError(Exception):
    """A policy variable has no value in the request; the message names it."""


def problem(text: str, shape: Shape) -> str | None:
    """Why ``text`` cannot be matched in this shape; ``None`` when it can."""
    for name in VARIABLE.findall(text):
        if name not in LITERALS and not NAMED.fullmatch(name):
            return f"policy variable ${{{name}}} is not understood"
    if "${" in VARIABLE.sub("", text):
        return f"{text!r} opens a policy variable and does not close it"
    plain = shape in ("exact", "text") or (shape == "resource" and text == "*")
    return None if plain else _arn_problem(text, shape)


def _arn_problem(text: str, shape: Shape) -> str | None:
    parts = text.split(":", PARTS - 1)
    if len(parts) < PARTS or parts[0] != "arn":
        return f"{text!r} is not an ARN of six parts"
    if any("${" in part for part in parts[:-1]):
        return f"{text!r} has a policy variable before the resource part, where AWS does not replace it"
    if shape == "resource" and set(parts[2]) & {"*", "?"}:
        return f"{text!r} has a wildcard for the service, which AWS refuses"
    return None


def fits(pattern: str, shape: Shape, value: str, keys: Keys, *, fold: bool = False) -> bool:
    """Whether ``value`` fits ``pattern``; ``keys`` is the context of the request, by lower-case names.

    ``fold`` ignores case. Raises ``UnresolvedError`` for a variable without a value and ``UndecidedError`` for a value
    that cannot be compared in this shape.
    """
    if shape == "arn" and value.count(":") < PARTS - 1:
        raise UndecidedError(f"{value!r} is not an ARN, but is compared as one")
    if "${" not in pattern:
        return _constant(pattern, shape, fold).fullmatch(value) is not None
    return _compiled(tuple(_replaced(pattern, keys)), shape, fold).fullmatch(value) is not None


@lru_cache(maxsize=65536)
def _constant(pattern: str, shape: Shape, fold: bool) -> re.Pattern[str]:
    """A pattern without variables: found by its text, since this is asked millions of times."""
    return _compiled(tuple((char, True) for char in pattern), shape, fold)


def _replaced(pattern: str, keys: Keys) -> Iterator[Piece]:
    at = 0
    for found in VARIABLE.finditer(pattern):
        yield from ((char, True) for char in pattern[at : found.start()])
        yield from ((char, False) for char in _value(found[1], keys))
        at = found.end()
    yield from ((char, True) for char in pattern[at:])


def _value(name: str, keys: Keys) -> str:
    if name in LITERALS:
        return name
    parts = NAMED.fullmatch(name)
    if parts is None:
        raise UndecidedError(f"policy variable ${{{name}}} is not understood")
    value = keys.get(parts["key"].lower(), parts["default"])
    if value is None:
        raise UnresolvedError(f"${{{name}}} has no value in the request")
    if not isinstance(value, str):
        raise UndecidedError(f"${{{name}}} has several values, and only single-valued keys can be policy variables")
    return value


@lru_cache(maxsize=65536)
def _compiled(pieces: tuple[Piece, ...], shape: Shape, fold: bool) -> re.Pattern[str]:
    return re.compile("".join(_expressions(pieces, shape)), re.DOTALL | (re.IGNORECASE if fold else 0))


def _expressions(pieces: tuple[Piece, ...], shape: Shape) -> Iterator[str]:
    whole = shape == "text" or pieces == (("*", True),)
    colons = 0
    for index, (char, written) in enumerate(pieces):
        wild = written and shape != "exact" and char in "*?"
        inside = not whole and colons < PARTS - 1
        if not wild:
            yield re.escape(char)
        elif char == "?":
            yield "[^:]" if inside else "."
        else:
            ends_part = pieces[index + 1 : index + 2] == ((":", True),)
            yield "[^:]*" if inside and not (shape == "resource" and ends_part) else ".*"
        colons += char == ":" and written
