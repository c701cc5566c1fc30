"""Policy documents as rules read them: parsed strictly, or unreadable."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.pack import _grammar
from policies.pack._values import NOT_YET, UNKNOWN, UnreadableError

POSITIVE = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
"""Operators that refuse where the key is missing. ``IfExists`` and ``ForAllValues`` do not, and are not counted:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(2026-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement, with every list written out."""

    allows: bool
    """``Allow``; the other effect is ``Deny``."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    """Kind to names; ``"*"`` alone is written as ``{"AWS": ("*",)}``."""

    not_principals: Mapping[str, tuple[str, ...]]
    conditions: Mapping[tuple[str, str], tuple[str, ...]]
    """Operator and lower-case key to values; flags and numbers as texts."""

    def covers(self, action: str) -> bool:
        """The statement speaks about this exact action."""
        if self.not_actions:
            return not any(matches(pattern, action) for pattern in self.not_actions)
        return any(matches(pattern, action) for pattern in self.actions)

    @property
    def everyone(self) -> bool:
        """The statement names everyone as principal, or everyone but a few."""
        return bool(self.not_principals) or "*" in self.principals.get("AWS", ())

    @property
    def denies_everyone(self) -> bool:
        """A Deny that spares no principal by name."""
        return not self.allows and "*" in self.principals.get("AWS", ())

    def spans(self, other: "Statement") -> bool:
        """The statement is about every resource that the other one lists."""
        return "*" in self.resources or (bool(other.resources) and set(other.resources) <= set(self.resources))

    def only_condition(self, operator: str, key: str) -> tuple[str, ...]:
        """Values of the one condition, if it is this one and there is no other; else empty."""
        return self.conditions.get((operator, key.lower()), ()) if len(self.conditions) == 1 else ()


def parse(value: Any, kind: _grammar.Kind, where: str) -> tuple[Statement, ...]:
    """The statements of a document; raises ``UnreadableError`` for whatever the grammar does not allow."""
    return _parsed(value, kind, where) if isinstance(value, str) else _parse(value, kind, where)


@functools.lru_cache(maxsize=512)
def _parsed(value: str, kind: _grammar.Kind, where: str) -> tuple[Statement, ...]:
    """Some ten rules read the same document one after the other."""
    return _parse(value, kind, where)


def _parse(value: Any, kind: _grammar.Kind, where: str) -> tuple[Statement, ...]:
    if value == UNKNOWN:
        raise UnreadableError(f"{where} is {NOT_YET}")
    try:
        document = _grammar.load(value)
    except ValueError as error:
        raise UnreadableError(f"{where} is {error}") from None
    wrong = next(_grammar.problems(document, kind), None)
    if wrong:
        raise UnreadableError(f"{where}: {wrong}")
    statements = document["Statement"]
    return tuple(_statement(s) for s in ([statements] if isinstance(statements, Mapping) else statements))


def matches(pattern: str, name: str) -> bool:
    """IAM's wildcards, case left aside: ``*`` is any text, ``?`` any one character."""
    return _compiled(pattern).fullmatch(name) is not None


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def _statement(raw: Mapping[str, Any]) -> Statement:
    conditions: dict[tuple[str, str], tuple[str, ...]] = {}
    for operator, keys in raw.get("Condition", {}).items():
        for key, values in keys.items():
            conditions[operator, key.lower()] = _many(values)
    return Statement(
        allows=raw["Effect"] == "Allow",
        actions=_many(raw.get("Action", ())),
        not_actions=_many(raw.get("NotAction", ())),
        resources=_many(raw.get("Resource", ())),
        not_resources=_many(raw.get("NotResource", ())),
        principals=_principals(raw.get("Principal")),
        not_principals=_principals(raw.get("NotPrincipal")),
        conditions=conditions,
    )


def _many(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return tuple(str(v).lower() if isinstance(v, bool) else str(v) for v in listed)


def _principals(value: Any) -> Mapping[str, tuple[str, ...]]:
    if value is None:
        return {}
    if value == "*":
        return {"AWS": ("*",)}
    return {kind: _many(names) for kind, names in value.items()}
