"""One request against every layer of a world.

A Deny anywhere wins; without an Allow the answer is no; every layer must allow (both pages 2026-11):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from llmlz.access.conditions import holds
from llmlz.access.documents import Document, Layer, Statement
from llmlz.access.patterns import RESOURCE_SHAPES, Reading, UndecidedError, UnresolvedError, fits
from llmlz.access.principals import Named, named
from llmlz.access.request import Request
from llmlz.access.world import ENDPOINT_KEY, World

Outcome = Literal["allowed", "denied", "indeterminate"]
Applies = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the documents say about one request."""

    outcome: Outcome
    statement: Statement | None
    """The statement that decided: the Deny, or the Allow that granted; ``None`` where none did."""

    reason: str
    """One line for a person."""

    layer: str = ""
    """Layer that decided; empty where doubt did."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whether one statement applies to a request, and why."""

    applies: Applies
    why: str
    by: Named = "nobody"
    """How the statement names the principal; ``nobody`` as well where it names nobody at all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Documents of which one must allow: a layer, or one level of it."""

    name: str
    documents: tuple[Document, ...]
    must_allow: bool
    """False for identity policies, and for resource policies that are no gate."""

    grants: bool = False
    """Whether an Allow here gives something: one of these places must."""


def decide(request: Request, world: World, reading: Reading = "documented") -> Decision:
    """Allowed, denied or indeterminate; never raises for the content of a document.

    A certain Deny, or a layer that certainly does not allow, decides even where something else is undecided.
    """
    looked = [(place, tuple(matches(place.documents, request, reading))) for place in places(request, world)]
    for place, found in looked:
        for statement, match in found:
            if statement.effect == "Deny" and match.applies == "yes":
                return Decision("denied", statement, f"explicit deny: {statement}", place.name)
    doubts = [f"{s}: {m.why}" for _, found in looked for s, m in found if s.effect == "Deny" and m.applies == "unknown"]
    doubts += [f"{d.origin}: {d.undecided}" for place, _ in looked for d in place.documents if d.undecided]
    allowing: list[Statement] = []
    for place, found in looked:
        if not place.must_allow:
            continue
        answer = _allow(place, found, "account")
        if isinstance(answer, Statement):
            allowing.append(answer)
        elif answer is None:
            return Decision(
                "denied", None, f"implicit deny: no statement of the {place.name} layer allows it", place.name
            )
        else:
            doubts += answer
    granted = _granted(world, looked)
    if isinstance(granted, str):
        return Decision("denied", None, f"implicit deny: no statement of the {granted} layer allows it", granted)
    doubts += granted if isinstance(granted, list) else []
    if doubts or isinstance(granted, list):
        return Decision("indeterminate", None, "; ".join(dict.fromkeys(doubts)))
    return Decision("allowed", granted, "; ".join(map(str, dict.fromkeys([granted, *allowing]))), granted.origin.layer)


def places(request: Request, world: World) -> Iterator[Place]:
    """Every place that AWS looks at for this request."""
    for kind, levels in (("service_control", world.service_control), ("resource_control", world.resource_control)):
        yield from (Place(kind, level, must_allow=True) for level in levels)
    through = request.keys.get(ENDPOINT_KEY)
    if isinstance(through, str) and through in world.endpoints:
        yield Place("endpoint", (world.endpoints[through],), must_allow=True)
    for kind, document in (("boundary", world.boundary), ("session", world.session)):
        if document is not None:
            yield Place(kind, (document,), must_allow=True)
    yield Place("identity", world.identity, must_allow=False, grants=True)
    for guard in world.guards:
        if any(fits(a, "text", request.action, {}, fold=True) for a in guard.actions) and any(
            fits(r, "resource", request.resource, {}) for r in guard.resources
        ):
            yield Place("resource", (guard.document,), must_allow=guard.gate, grants=guard.grants)


Looked = Sequence[tuple[Place, Sequence[tuple[Statement, Match]]]]


def _allow(place: Place, found: Sequence[tuple[Statement, Match]], least: Named) -> Statement | list[str] | None:
    """The Allow that applies for certain; else the doubts; else ``None``.

    ``least`` is how the statement must name the principal: through its account is enough for ``account``.
    """
    unsure = [f"{d.origin}: {d.undecided}" for d in place.documents if d.undecided]
    for statement, match in found:
        if statement.effect != "Allow" or match.applies == "no":
            continue
        if least == "itself" and statement.principals is not None and match.by != "itself":
            continue
        if match.applies == "yes":
            return statement
        unsure.append(f"{statement}: {match.why}")
    return unsure or None


def _granted(world: World, looked: Looked) -> Statement | list[str] | Layer:
    """The statement that grants, the doubts whether one does, or the layer that would have to.

    In one account the identity's policies grant, or a resource policy that names the principal itself; across accounts
    both must.
    """
    identity = next(_allow(place, found, "account") for place, found in looked if place.name == "identity")
    least: Named = "itself" if world.same_account else "account"
    answers = [_allow(place, found, least) for place, found in looked if place.name == "resource" and place.grants]
    unsure = [doubt for answer in answers if isinstance(answer, list) for doubt in answer]
    resource = next((answer for answer in answers if isinstance(answer, Statement)), unsure or None)
    if world.same_account:
        certain = next((answer for answer in (identity, resource) if isinstance(answer, Statement)), None)
        return certain or [*_doubts(identity), *_doubts(resource)] or "identity"
    if identity is None or resource is None:
        return "identity" if identity is None else "resource"
    return [*_doubts(identity), *_doubts(resource)] or identity


def _doubts(answer: Statement | list[str] | None) -> list[str]:
    return answer if isinstance(answer, list) else []


def matches(
    documents: Sequence[Document], request: Request, reading: Reading = "documented"
) -> Iterator[tuple[Statement, Match]]:
    """Every statement of the documents with its match; undecided documents have none."""
    statements = (statement for document in documents for statement in document.statements)
    return ((statement, match(statement, request, reading)) for statement in statements)


@lru_cache(maxsize=65536)
def _about(actions: tuple[str, ...], action: str) -> bool:
    """Whether one of the patterns fits: there are few actions, and each is asked about in every statement."""
    return any(fits(pattern, "text", action, {}, fold=True) for pattern in actions)


def match(statement: Statement, request: Request, reading: Reading = "documented") -> Match:
    """Whether the statement applies: principal, action, resource and all conditions.

    AWS says of a variable without a value that it "might cause the entire statement to be invalid":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (2026-11). An Allow then gives
    nothing; whether a Deny still holds is undecided.
    """
    keys = request.keys
    by: Named = "nobody"
    if _about(statement.actions, request.action) == statement.not_action:
        return Match("no", f"action {request.action}")
    if statement.principals is not None:
        by = named(statement.principals, request.principal)
        if by == "nobody":
            return Match("no", f"principal {request.principal}")
    unknown: Match | None = None
    for part in (None, *statement.conditions):
        try:
            if part is None:
                found = [fits(r, RESOURCE_SHAPES[reading], request.resource, keys) for r in statement.resources]
                if any(found) == statement.not_resource:
                    return Match("no", f"resource {request.resource}")
            elif not holds(part, keys):
                return Match("no", f"{part}; the request has {keys.get(part.key, 'no such key')}")
        except UndecidedError as error:
            unknown = unknown or Match("unknown", str(error), by)
        except UnresolvedError as error:
            if statement.effect == "Allow":
                return Match("no", str(error))
            unknown = unknown or Match("unknown", str(error), by)
    return unknown or Match("yes", "principal, action, resource and conditions match", by)
