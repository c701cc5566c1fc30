"""Our evaluator beside another one: where the two differ on a request, which element is the cause, and is it known.

Every element of every statement is asked about alone, one value at a time. What differs then is the cause, and a row
of ``differences.yaml`` must recognise it. A difference without such a cause is a mistake in how elements are combined.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from llmlz.access import conditions, evaluate
from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.request import Request
from llmlz.access.world import World
from tests.access.random_policies import ROLE, VERSION, Case, Json

ROWS = Path(__file__).parent / "differences.yaml"
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}

Fits = Literal["yes", "no", "unknown"]
Judge = Callable[[Sequence[Case]], list[str]]
"""Cases to the verdicts of the other evaluator, in order."""


def ours(case: Case) -> str:
    """Our outcome for a case."""
    world = World(
        account=ROLE.split(":")[4],
        identity=tuple(read(document, "identity") for document in case.identity),
        boundary=None if case.boundary is None else read(case.boundary, "boundary"),
        session=None if case.session is None else read(case.session, "session"),
    )
    return evaluate.decide(Request(ROLE, case.action, case.resource, case.context), world).outcome


def read(document: Json, layer: Layer) -> Document:
    """A document as our statements."""
    return parse(document, Origin(layer=layer, name="random"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One element of one statement, or one value of it, alone."""

    case: Case
    """The same request, with nothing but this element to decide it."""

    effect: str
    element: str
    operator: str
    """As the policy writes it; empty outside conditions."""

    texts: str
    """Value or values of the policy and what they are compared with, as JSON; ``null`` is an absent key."""

    key: str
    """The case as JSON."""

    def fits(self, outcome: str) -> Fits:
        """Whether the value fits, as far as ``outcome`` tells: a Deny and a negation are turned round."""
        if outcome == "indeterminate":
            return "unknown"
        known = conditions.OPERATORS.get(self.operator.rpartition(":")[2].removesuffix("IfExists"))
        turned = self.element.startswith("Not") or (known is not None and known.negated)
        return "yes" if (outcome == "allowed") != ((self.effect == "Deny") != turned) else "no"

    def __str__(self) -> str:
        return f"{self.element} {self.operator} {self.texts}"


@dataclass(frozen=True, slots=True)
class Look:
    """One element of one statement, looked at ever more closely."""

    whole: Part
    single: list[Part]
    """Each value of the policy alone."""

    pairs: list[Part]
    """Each value of the policy with each value of the request, where the request has several."""

    def causes(self, verdict: Mapping[str, tuple[Fits, Fits]]) -> list[Part]:
        """The smallest parts that differ; none where the element does not."""
        single, pairs, whole = (
            [part for part in found if len(set(verdict[part.key])) > 1]
            for found in (self.single, self.pairs, [self.whole])
        )
        return single or (whole and (pairs or whole))


def looks(case: Case) -> Iterator[Look]:
    """Every element of every statement."""
    for document in (*case.identity, *(d for d in (case.boundary, case.session) if d is not None)):
        for statement in _listed(document["Statement"]):
            for element, values in statement.items():
                if element in ("Action", "NotAction", "Resource", "NotResource"):
                    yield _look(case, statement["Effect"], values, _element(element))
            for operator, block in statement.get("Condition", {}).items():
                for key, values in block.items():
                    yield _look(case, statement["Effect"], values, _condition(operator, key), key)


def _element(name: str) -> Callable[[Any], Json]:
    return lambda some: {name: some}


def _condition(operator: str, key: str) -> Callable[[Any], Json]:
    return lambda some: {"Condition": {operator: {key: some}}}


def _look(case: Case, effect: str, values: Any, only: Callable[[Any], Json], key: str = "") -> Look:
    name = next((name for name in case.context if name.lower() == key.lower()), key)
    several = [v for v in _listed(case.context.get(name)) if isinstance(case.context.get(name), list)]
    closer = [replace(case, context={**case.context, name: [value]}) for value in several]
    return Look(
        whole=_part(case, effect, only(values)),
        single=[_part(case, effect, only(value)) for value in _listed(values)],
        pairs=[_part(other, effect, only(value)) for other in closer for value in _listed(values)],
    )


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _part(case: Case, effect: str, only: Json) -> Part:
    ((element, values),) = only.items()
    operator = ""
    compared: Any = case.action if element.endswith("Action") else case.resource
    if element == "Condition":
        ((operator, block),) = values.items()
        ((key, values),) = block.items()
        compared = {name.lower(): value for name, value in case.context.items()}.get(key.lower())
    rest = {name: text for name, text in ALLOW_ALL.items() if f"Not{name}" != element}
    statement: Json = {**rest, **only, "Effect": effect}
    identity = [{"Version": VERSION, "Statement": [ALLOW_ALL, statement] if effect == "Deny" else statement}]
    alone = replace(case, identity=identity, boundary=None, session=None)
    return Part(
        case=alone,
        effect=effect,
        element=element,
        operator=operator,
        texts=f"{json.dumps(values)} against {json.dumps(compared)}",
        key=json.dumps(alone.plain()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A known difference."""

    id: str
    differs: str
    right: str
    source: str
    read: str
    element: str = ""
    operator: str = ""
    seen: str = ""
    """Regular expressions that must be found: in the element's name, in the operator, and in both values with
    ``against`` between them."""

    when: str = ""
    """Name of a function of ``WHEN`` that must be true."""

    ours: str = ""
    emulator: str = ""
    """Whether the value fits, if only one answer is meant."""

    def recognises(self, part: Part, mine: Fits, theirs: Fits) -> bool:
        """Whether the difference is this one."""
        return (
            self.ours in ("", mine)
            and self.emulator in ("", theirs)
            and re.search(self.element, part.element) is not None
            and re.search(self.operator, part.operator) is not None
            and re.search(self.seen, part.texts) is not None
            and (not self.when or WHEN[self.when](*part.texts.split(" against ")))
        )


def parts_differ(policy: str, request: str) -> bool:
    """An ARN whose parts are compared one by one does not fit: a wildcard must have taken a colon."""
    pairs = [(p.split(":", 5), v.split(":", 5)) for p in _texts(policy) for v in _texts(request)]
    return not any(all(_like(a, b) for a, b in zip(pattern, value, strict=True)) for pattern, value in pairs)


def colon_inside(policy: str, request: str) -> bool:
    """A resource does not fit if only a star that ends a part may take colons, and any wildcard in the last part."""
    *parts, last = _texts(policy)[0].split(":", 5)
    inner = [re.escape(part).replace(r"\*", "[^:]*").replace(r"\?", "[^:]") for part in parts]
    ends = [f"{part.removesuffix('[^:]*')}.*" if part.endswith("[^:]*") else part for part in inner]
    free = re.escape(last).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(":".join((*ends, free)), _texts(request)[0]) is None


WHEN: Mapping[str, Callable[[str, str], bool]] = {"parts differ": parts_differ, "colon inside": colon_inside}


def _texts(text: str) -> list[str]:
    return _listed(json.loads(text))


def _like(pattern: str, value: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value, re.DOTALL) is not None


@cache
def rows() -> tuple[Row, ...]:
    """The known differences."""
    return tuple(Row(**raw) for raw in YAML(typ="safe", pure=True).load(ROWS.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of many cases."""

    verdicts: Counter[tuple[str, str]]
    """Ours and the emulator's, to the number of cases."""

    known: Counter[str]
    """Row to the number of cases that it explains."""

    unexplained: list[str]


def compared(asked: Sequence[Case], theirs: Sequence[str], judge: Judge) -> Comparison:
    """Our outcomes beside the emulator's, and the reason of each difference."""
    mine = [ours(case) for case in asked]
    differing = [case for case, a, b in zip(asked, mine, theirs, strict=True) if a != b]
    looked = {id(case): list(looks(case)) for case in differing}
    verdict = _verdicts(
        (part for found in looked.values() for look in found for part in (look.whole, *look.single, *look.pairs)), judge
    )
    known: Counter[str] = Counter()
    unexplained: list[str] = []
    for case in differing:
        causes = [part for look in looked[id(case)] for part in look.causes(verdict)]
        names = {row.id for part in causes for row in rows() if row.recognises(part, *verdict[part.key])}
        known.update(names)
        strange = [p for p in causes if not any(row.recognises(p, *verdict[p.key]) for row in rows())]
        unexplained += [f"{part}: {verdict[part.key]}" for part in strange]
        if not causes:
            unexplained.append(f"no element differs alone: {json.dumps(case.plain())}")
    return Comparison(verdicts=Counter(zip(mine, theirs, strict=True)), known=known, unexplained=unexplained)


def _verdicts(found: Iterable[Part], judge: Judge) -> dict[str, tuple[Fits, Fits]]:
    by_key = {part.key: part for part in found}
    answers = judge([part.case for part in by_key.values()])
    return {key: (p.fits(ours(p.case)), p.fits(a)) for (key, p), a in zip(by_key.items(), answers, strict=True)}
