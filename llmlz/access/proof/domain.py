"""What values a request can carry, by type of key: small machines that read a text, and the axioms on whole requests.

All assumptions, with their reasons, are listed in ``axioms.yaml``; the machines here are the rows about single values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from llmlz.access.proof.where import Clause
from llmlz.access.request import Request

FILE = Path(__file__).with_name("axioms.yaml")

Moves = Mapping[str, str | None]
"""Character to the state that it leads to; ``None`` where the text then is no value."""


@dataclass(frozen=True)
class Domain:
    """A machine over texts: the values are those that end in a state of ``final``."""

    name: str
    moves: Mapping[str, tuple[Moves, str | None]]
    """State to its moves by character, and its move by any other character."""

    final: frozenset[str]
    start: str = "start"

    def step(self, state: str, char: str) -> str | None:
        """The state after one more character; ``None`` when no value begins like this."""
        named, other = self.moves[state]
        return named.get(char, other)

    def letters(self, state: str) -> Iterable[str]:
        """Characters that the machine tells apart in this state."""
        return self.moves[state][0]

    def characters(self) -> str:
        """Every character that it tells apart anywhere."""
        return "".join(sorted({char for named, _ in self.moves.values() for char in named}))

    def has(self, text: str) -> bool:
        """Whether the text is a value."""
        state: str | None = self.start
        for char in text:
            state = None if state is None else self.step(state, char)
        return state in self.final


def _spelled(word: str, start: str, end: str) -> dict[str, tuple[Moves, str | None]]:
    """The states that read exactly ``word`` from ``start`` to ``end``."""
    states = [start, *(f"{start} {word[: n + 1]}" for n in range(len(word) - 1)), end]
    return {state: ({char: states[n + 1]}, None) for n, (state, char) in enumerate(zip(states, word, strict=False))}


TEXT = Domain("text", {"start": ({}, "start")}, frozenset({"start"}))
FILLED = Domain("text of a list", {"start": ({}, "more"), "more": ({}, "more")}, frozenset({"more"}))
ACTION = Domain(
    "action",
    {
        "start": ({":": None}, "service"),
        "service": ({":": "colon"}, "service"),
        "colon": ({":": None}, "operation"),
        "operation": ({":": None}, "operation"),
    },
    frozenset({"operation"}),
)

_VERSION = dict.fromkeys("0123456789km", "version")
_SERVICE = {
    f"service {'bedrock'[:n]}": ({c: f"service {'bedrock'[: n + 1]}"}, "other") for n, c in enumerate("bedrock")
}
_ARN: dict[str, tuple[Moves, str | None]] = {
    **_spelled("arn:aws", "start", "partition"),
    "partition": ({":": "service "}, "partition"),
    **{
        state: ({**named, ":": None if state == "service " else "region"}, other)
        for state, (named, other) in _SERVICE.items()
    },
    "service bedrock": ({":": "bedrock region"}, "other"),
    "other": ({":": "region"}, "other"),
    "region": ({":": "account"}, "region"),
    "account": ({":": "last"}, "account"),
    "last": ({}, "rest"),
    "rest": ({}, "rest"),
    "bedrock region": ({":": "bedrock account"}, "bedrock region"),
    "bedrock account": ({":": "bedrock last"}, "bedrock account"),
    "bedrock last": ({":": None}, "bedrock rest"),
    "bedrock rest": ({":": "after colon"}, "bedrock rest"),
    "after colon": ({":": None, "/": None, **_VERSION}, "word"),
    "version": ({":": "after colon", "/": "tail", **_VERSION}, "word"),
    "word": ({":": "after colon", "/": None}, "word"),
    "tail": ({":": None}, "tail"),
}
ARN = Domain("ARN", _ARN, frozenset({"rest", "bedrock rest", "version", "word", "tail"}))
RESOURCE = Domain(
    "resource",
    {**_ARN, "start": ({**_ARN["start"][0], "*": "star"}, None), "star": ({}, None)},
    ARN.final | {"star"},
)


@cache
def role(account: str) -> Domain:
    """ARNs of the roles of one account."""
    moves: dict[str, tuple[Moves, str | None]] = {
        **_spelled("arn:aws", "start", "partition"),
        "partition": ({":": "rest"}, "partition"),
        **_spelled(f"iam::{account}:role/", "rest", "last"),
        "last": (dict.fromkeys(" *:?"), "name"),
        "name": (dict.fromkeys(" *:?"), "name"),
    }
    return Domain(f"role of {account}", moves, frozenset({"name"}))


@dataclass(frozen=True, slots=True)
class Axiom:
    """An assumption on whole requests: what fits ``when`` fits ``then``."""

    says: str
    when: tuple[Clause, ...]
    then: tuple[Clause, ...]

    def keys(self) -> frozenset[str]:
        """What it speaks about; where nothing else does, it would only add classes."""
        return frozenset(clause.key for clause in (*self.when, *self.then))

    def holds(self, request: Request) -> bool:
        """Whether the request keeps to it, by the evaluator's matching."""
        when, then = (all(clause.holds(request, "strict") for clause in row) for row in (self.when, self.then))
        return then or not when


@cache
def axioms() -> tuple[Axiom, ...]:
    """The rows of the file that are about whole requests."""
    rows = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return tuple(Axiom(row["says"], _clauses(row["when"]), _clauses(row["then"])) for row in rows if "when" in row)


def _clauses(said: Mapping[str, str | Sequence[str]]) -> tuple[Clause, ...]:
    return tuple(
        Clause(key.lower(), "present") if what == "present" else Clause(key.lower(), "in", tuple(what))
        for key, what in said.items()
    )


HINTS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "action": ("bedrock:SomethingNew", "kms:SomethingNew", "s3:SomethingNew", "iam:SomethingNew", "other:Action"),
        "resource": (
            "arn:aws:bedrock:eu-central-1::foundation-model/vendor.other-model-v1:0",
            "arn:aws:s3:::some-bucket/some-object",
            "arn:aws:other:::thing",
        ),
        "aws:requestedregion": ("ap-southeast-9",),
        "aws:sourceip": ("198.51.100.7", "2001:db8::7"),
        "aws:vpcsourceip": ("10.255.0.7", "198.51.100.7", "2001:db8::7"),
        "aws:sourcevpce": ("vpce-somebody-elses",),
        "bedrock:guardrailidentifier": ("arn:aws:bedrock:eu-central-1:999999999999:guardrail/other:1",),
    }
)
"""Lower-case key to values that people can read, for the classes that they happen to be in."""
