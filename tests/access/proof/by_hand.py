"""Small worlds written by hand: what the formulas say must be what the evaluator says, and what the test expects."""

import json
from collections.abc import Mapping
from typing import Any

from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.evaluate import Outcome, decide
from llmlz.access.patterns import Reading
from llmlz.access.proof.prover import Prover
from llmlz.access.proof.tokens import Fixed
from llmlz.access.proof.where import Clause, How, Where
from llmlz.access.request import Request, Value
from llmlz.access.world import World

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
STRANGER = f"arn:aws:iam::{ACCOUNT}:role/other"
OBJECT = "arn:aws:s3:::bucket/key"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements: Mapping[str, Any], layer: Layer = "identity") -> Document:
    """A document; an element that a statement leaves out is as wide as it can be."""
    wide = {"Effect": "Allow", **({"Principal": "*"} if layer in ("resource", "endpoint", "resource_control") else {})}
    made = [{**wide, **one} for one in statements]
    for one in made:
        if "NotAction" not in one:
            one.setdefault("Action", "*")
        if "NotResource" not in one:
            one.setdefault("Resource", "*")
    return parse(json.dumps({"Version": "2012-10-17", "Statement": made}), Origin(layer=layer, name=layer))


def world(*statements: Mapping[str, Any], **layers: Any) -> World:
    """A world whose identity policy has these statements; everything is allowed where there are none."""
    identity = (document(*(statements or (EVERYTHING,))),)
    return World(**{"account": ACCOUNT, "identity": identity, **layers})


def where(*clauses: tuple[str, How] | tuple[str, How, str] | tuple[str, How, tuple[str, ...]]) -> Where:
    """One row of conditions; a pattern alone need not be in a tuple."""
    made = []
    for key, how, *patterns in clauses:
        found = patterns[0] if patterns else ()
        made.append(Clause(key, how, (found,) if isinstance(found, str) else found))
    return Where((tuple(made),))


ANYTHING = where(("action", "in", "*"))


def says(
    of: World,
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    context: Mapping[str, Value] | None = None,
    *,
    principal: str = ROLE,
    fixed: Mapping[str, Fixed] | None = None,
    reading: Reading = "documented",
) -> Outcome | None:
    """What the formulas say of one request, after the evaluator has said the same."""
    every: dict[str, Fixed] = {"aws:principalarn": principal, **(fixed or {})}
    given = {**(context or {}), **{key: value for key, value in every.items() if value is not None}}
    request = Request(principal, action, resource, {**given, "aws:principalaccount": principal.split(":")[4]})
    found = Prover({"now": of}, fixed=every, wheres=[], reading=reading).says(request)
    decided = decide(request, of, reading)
    assert found == decided.outcome, f"the formulas say {found}, the evaluator {decided}"
    return found
