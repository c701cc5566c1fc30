"""One request against identity policies and a permission boundary.

A Deny anywhere wins; without an Allow the answer is no; every layer must allow (both pages 2026-11):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html.

Resource policies, session policies and the policies of an organization are not read here: each is one more layer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from llmlz.access.conditions import holds
from llmlz.access.documents import Document, Statement
from llmlz.access.patterns import UndecidedError, UnresolvedError, fits
from llmlz.access.request import Request

Outcome = Literal["allowed", "denied", "indeterminate"]
Applies = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the documents say about one request."""

    outcome: Outcome
    statement: Statement | None
    """The statement that decided: the Deny, or the Allow of the identity policies; ``None`` where none did."""

    reason: str
    """One line for a person."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whether one statement applies to a request, and why."""

    applies: Applies
    why: str


def decide(request: Request, identity: Sequence[Document], boundary: Document | None = None) -> Decision:
    """Allowed, denied or indeterminate; never raises for the content of a document.

    A certain Deny, or a layer that certainly does not allow, decides even where something else is undecided.
    """
    layers = {"identity": tuple(identity), **({"boundary": (boundary,)} if boundary else {})}
    matched = {layer: tuple(matches(documents, request)) for layer, documents in layers.items()}
    every = [found for layer in matched.values() for found in layer]
    for statement, match in every:
        if statement.effect == "Deny" and match.applies == "yes":
            return Decision("denied", statement, f"explicit deny: {statement}")
    undecided = {
        layer: [f"{d.origin}: {d.undecided}" for d in documents if d.undecided] for layer, documents in layers.items()
    }
    doubts = [f"{s}: {m.why}" for s, m in every if s.effect == "Deny" and m.applies == "unknown"]
    doubts += [reason for reasons in undecided.values() for reason in reasons]
    allows: dict[str, Statement] = {}
    for layer, found in matched.items():
        sure = next((s for s, m in found if s.effect == "Allow" and m.applies == "yes"), None)
        unsure = [f"{s}: {m.why}" for s, m in found if s.effect == "Allow" and m.applies == "unknown"]
        if sure:
            allows[layer] = sure
        elif unsure:
            doubts += unsure
        elif not undecided[layer]:
            return Decision("denied", None, f"implicit deny: no statement of the {layer} layer allows it")
    if doubts:
        return Decision("indeterminate", None, "; ".join(doubts))
    return Decision("allowed", allows["identity"], "; ".join(str(statement) for statement in allows.values()))


def matches(documents: Iterable[Document], request: Request) -> Iterable[tuple[Statement, Match]]:
    """Every statement of the documents with its match; undecided documents have none."""
    return ((statement, match(statement, request)) for document in documents for statement in document.statements)


def match(statement: Statement, request: Request) -> Match:
    """Whether the statement applies: action, resource and all conditions.

    AWS says of a variable without a value that it "might cause the entire statement to be invalid":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (2026-11). An Allow then gives
    nothing; whether a Deny still holds is undecided.
    """
    keys = request.keys
    if any(fits(a, "text", request.action, {}, fold=True) for a in statement.actions) == statement.not_action:
        return Match("no", f"action {request.action}")
    unknown: Match | None = None
    for part in (None, *statement.conditions):
        try:
            if part is None:
                found = [fits(r, "resource", request.resource, keys) for r in statement.resources]
                if any(found) == statement.not_resource:
                    return Match("no", f"resource {request.resource}")
            elif not holds(part, keys):
                return Match("no", f"{part}; the request has {keys.get(part.key, 'no such key')}")
        except UndecidedError as error:
            unknown = unknown or Match("unknown", str(error))
        except UnresolvedError as error:
            if statement.effect == "Allow":
                return Match("no", str(error))
            unknown = unknown or Match("unknown", str(error))
    return unknown or Match("yes", "action, resource and conditions match")
