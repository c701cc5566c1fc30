"""Policy documents as frozen statements. What is not understood makes the document undecided; nothing is skipped.

The grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (2026-11).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmlz.access.conditions import Condition, PolicyError, parse_condition
from llmlz.access.patterns import problem
from llmlz.access.principals import Principals, parse_principals
from llmlz.graph.model import Source

Layer = Literal["service_control", "resource_control", "endpoint", "boundary", "session", "identity", "resource"]
"""Where a document takes part in a decision. A Deny in any layer wins; ``world`` says how the Allows are combined."""

WITH_PRINCIPAL: tuple[Layer, ...] = ("resource_control", "endpoint", "resource")
"""Documents of these layers say in every statement whom it is about; documents of the others must not."""

VERSION = "2012-10-17"
"""The only accepted version: in the older one policy variables are plain text."""

ELEMENTS = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS = ("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document comes from."""

    layer: Layer
    name: str
    """What a reader calls it, such as the logical name of the policy."""

    urn: str = ""
    """The resource that carries it; empty for a document made outside Pulumi."""

    source: Source | None = None
    """The line that made the resource."""

    def __str__(self) -> str:
        """Layer, name and line."""
        return f"{self.layer} {self.name}" + (f" ({self.source})" if self.source else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One Allow or Deny."""

    sid: str
    """The Sid, or ``#1`` and so on, counted from one, where there is none."""

    effect: Literal["Allow", "Deny"]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    origin: Origin
    not_action: bool = False
    """``actions`` are those that the statement does not apply to."""

    not_resource: bool = False
    """``resources`` are those that the statement does not apply to."""

    conditions: tuple[Condition, ...] = ()
    principals: Principals | None = None
    """``None`` in layers that name nobody."""

    def __str__(self) -> str:
        """Effect, Sid and where it comes from."""
        return f"{self.effect} {self.sid} of {self.origin}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One policy document: its statements, or the reason why it cannot be decided."""

    origin: Origin
    statements: tuple[Statement, ...] = ()
    undecided: str | None = None
    """AWS refuses a malformed document as a whole, and a part that is not understood may change the rest: so one
    problem leaves the whole document undecided."""

    length: int = 0
    """Characters without white space between elements, which IAM does not count; 0 where there is no text."""

    written: int = 0
    """Bytes as written, which is what every other service counts."""


def parse(document: str | Mapping[str, Any], origin: Origin) -> Document:
    """The statements of a document, given as JSON text or as a plain value; never raises for its content."""
    text = document if isinstance(document, str) else _shortest(document)
    length, why = len(text), None
    statements: tuple[Statement, ...] = ()
    try:
        raw = json.loads(text, object_pairs_hook=_object)
        length = len(_shortest(raw))
        statements = _statements(raw, origin)
    except PolicyError as error:
        why = str(error)
    except json.JSONDecodeError as error:
        why = f"not JSON: {error}"
    return Document(
        origin=origin, statements=statements, undecided=why, length=length, written=len(text.encode("utf-8"))
    )


def unknown(origin: Origin, why: str) -> Document:
    """A document that exists and cannot be read."""
    return Document(origin=origin, undecided=why)


def _shortest(raw: Any) -> str:
    return json.dumps(raw, separators=(",", ":"), ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PolicyError(f"element {twice[0]!r} is given twice")
    return dict(pairs)


def _statements(raw: Any, origin: Origin) -> tuple[Statement, ...]:
    if not isinstance(raw, Mapping):
        raise PolicyError(f"a policy document is an object, found a {type(raw).__name__}")
    _only(raw, ELEMENTS, "document")
    if raw.get("Version") != VERSION:
        raise PolicyError(f"Version is {raw.get('Version')!r}, expected {VERSION!r}")
    listed = raw.get("Statement")
    listed = [listed] if isinstance(listed, Mapping) else listed
    if not isinstance(listed, list | tuple) or not listed:
        raise PolicyError("Statement must hold at least one statement")
    found = tuple(_statement(item, f"#{number}", origin) for number, item in enumerate(listed, start=1))
    sids = [statement.sid for statement in found]
    if twice := sorted({sid for sid in sids if sids.count(sid) > 1}):
        raise PolicyError(f"Sid {twice[0]!r} is given twice")
    return found


def _statement(raw: Any, number: str, origin: Origin) -> Statement:
    if not isinstance(raw, Mapping):
        raise PolicyError(f"statement {number} is not an object")
    sid = raw.get("Sid", number)
    if not isinstance(sid, str):
        raise PolicyError(f"Sid of statement {number} is not a text")
    where = f"statement {sid or number}"
    _only(raw, STATEMENT_ELEMENTS, where)
    if raw.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"{where}: Effect is {raw.get('Effect')!r}, expected Allow or Deny")
    action, resource = _one_of(raw, "Action", where), _one_of(raw, "Resource", where)
    actions, resources = _texts(raw[action], f"{where}: {action}"), _texts(raw[resource], f"{where}: {resource}")
    for found in (*map(_action_problem, actions), *(problem(text, "resource") for text in resources)):
        if found:
            raise PolicyError(f"{where}: {found}")
    return Statement(
        sid=sid or number,
        effect=raw["Effect"],
        actions=actions,
        not_action=action.startswith("Not"),
        resources=resources,
        not_resource=resource.startswith("Not"),
        conditions=_conditions(raw.get("Condition", {}), where),
        principals=_principals(raw, origin.layer, where),
        origin=origin,
    )


def _principals(raw: Mapping[str, Any], layer: Layer, where: str) -> Principals | None:
    if layer not in WITH_PRINCIPAL:
        if "Principal" in raw:
            raise PolicyError(f"{where}: a document of the {layer} layer names no Principal")
        return None
    if "Principal" not in raw:
        raise PolicyError(f"{where}: a document of the {layer} layer must name a Principal")
    return parse_principals(raw["Principal"], where)


def _conditions(raw: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(raw, Mapping) or not all(isinstance(block, Mapping) and block for block in raw.values()):
        raise PolicyError(f"{where}: Condition must be operator to key to values")
    found = [(operator, key, values) for operator, block in raw.items() for key, values in block.items()]
    folded = [(operator, key.lower()) for operator, key, _ in found]
    if len(set(folded)) != len(folded):
        raise PolicyError(f"{where}: one condition key is given twice in different case")
    return tuple(parse_condition(operator, key, values) for operator, key, values in found)


def _action_problem(action: str) -> str | None:
    service, colon, operation = action.partition(":")
    if action == "*" or (colon and operation and service and not set(service) & set("*?$") and "${" not in operation):
        return None
    return f"action {action!r} is not understood, expected * or service:Operation"


def _only(raw: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    if extra := sorted(set(raw) - set(known)):
        raise PolicyError(f"{where}: element {extra[0]!r} is not understood")


def _one_of(raw: Mapping[str, Any], name: str, where: str) -> str:
    given = [n for n in (name, f"Not{name}") if n in raw]
    if len(given) != 1:
        raise PolicyError(f"{where}: expected either {name} or Not{name}")
    return given[0]


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    listed = [raw] if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple) or not listed or not all(isinstance(item, str) and item for item in listed):
        raise PolicyError(f"{where} must be a text or a list of texts")
    return tuple(listed)
