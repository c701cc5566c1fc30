"""The grammar of IAM policy documents, strict: what AWS would refuse, and what it would silently read otherwise.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and reference_policies_elements.html
(2026-11).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

Kind = Literal["identity", "trust", "resource", "resourceless"]
"""Where a document is attached. ``resourceless`` is a resource policy whose service knows no Resource element."""

ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
VERSIONS = ("2012-10-17", "2008-10-17")
PRINCIPALS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
SID = re.compile(r"[A-Za-z0-9]*")
"""In IAM's own policies; S3 and KMS take more."""

ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S[^\n]*")
ACCOUNT = re.compile(r"\d{12}")
UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,127}")
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.[a-z.]+")
OPERATOR = re.compile(
    r"Null|((ForAllValues|ForAnyValue):)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))"
    r"(IfExists)?"
)
CONDITION_KEY = re.compile(r"[A-Za-z0-9.-]+:\S.*|\S+:(aud|sub|amr|email|oaud|iss|namequalifier|sub_type)")


def load(value: Any) -> Mapping[str, Any]:
    """The object in a JSON text, or the object itself; raises ``ValueError`` for anything else and for double keys."""
    if isinstance(value, str):
        try:
            value = json.loads(value, object_pairs_hook=_once, parse_constant=_no_constant)
        except RecursionError:
            raise ValueError("not JSON: nested too deeply") from None
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None
    if not isinstance(value, Mapping):
        raise ValueError(f"not a JSON object but a {type(value).__name__}")
    return value


def problems(document: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    """Everything in a document that the grammar does not allow, each with its place."""
    for name in document:
        if name not in ("Version", "Id", "Statement"):
            yield f"unknown element {name!r}; a document has Version, Id and Statement"
    if document.get("Version") not in VERSIONS:
        yield f"Version is {document.get('Version')!r}, expected {VERSIONS[0]!r}"
    statements = document.get("Statement")
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list | tuple) or not statements:
        yield "Statement is missing, empty or not a list"
        return
    sids = [s["Sid"] for s in statements if isinstance(s, Mapping) and isinstance(s.get("Sid"), str)]
    if len(sids) != len(set(sids)):
        yield "two statements have the same Sid"
    for index, statement in enumerate(statements):
        where = f"Statement[{index}]"
        if isinstance(statement, Mapping):
            yield from (f"{where}{problem}" for problem in _statement(statement, kind))
        else:
            yield f"{where} is not an object"


def _statement(statement: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    for name in sorted(set(statement) - ELEMENTS):
        near = next((e for e in sorted(ELEMENTS) if e.lower() in (name.lower(), name.lower().rstrip("s"))), None)
        yield f": unknown element {name!r}" + (f", did you mean {near!r}?" if near else "")
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f".Effect is {statement.get('Effect')!r}, expected 'Allow' or 'Deny'"
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or (kind in ("identity", "trust") and not SID.fullmatch(sid)):
        yield f".Sid is {sid!r}, expected letters and digits"
    yield from _one_of(statement, "Action", needed=True)
    yield from _values(statement, ("Action", "NotAction"), _is_action, "an action such as 's3:GetObject'")
    if kind == "trust":
        yield from (f": {e} is not allowed in a trust policy" for e in ("Resource", "NotResource") if e in statement)
    else:
        yield from _one_of(statement, "Resource", needed=kind != "resourceless")
        yield from _values(statement, ("Resource", "NotResource"), _is_resource, "'*' or an ARN")
    if kind == "identity":
        yield from (
            f": {e} is not allowed in an identity policy" for e in ("Principal", "NotPrincipal") if e in statement
        )
    else:
        yield from _one_of(statement, "Principal", needed=True)
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                yield from (f".{name}{problem}" for problem in _principal(statement[name]))
    if "Condition" in statement:
        yield from (f".Condition{problem}" for problem in _condition(statement["Condition"]))


def _one_of(statement: Mapping[str, Any], name: str, *, needed: bool) -> Iterator[str]:
    present = [n for n in (name, f"Not{name}") if n in statement]
    if len(present) > 1:
        yield f" has both {name} and Not{name}"
    elif needed and not present:
        yield f": {name} is missing"


def _values(statement: Mapping[str, Any], names: tuple[str, ...], good: Any, words: str) -> Iterator[str]:
    for name in names:
        if name not in statement:
            continue
        values = statement[name] if isinstance(statement[name], list | tuple) else [statement[name]]
        if not values:
            yield f".{name} is empty"
        for value in values:
            if not isinstance(value, str) or not good(value):
                yield f".{name} holds {value!r}, expected {words}"


def _is_action(value: str) -> bool:
    return ACTION.fullmatch(value) is not None


def _is_resource(value: str) -> bool:
    return value == "*" or ARN.fullmatch(value) is not None


def _principal(value: Any) -> Iterator[str]:
    if value == "*":
        return
    if not isinstance(value, Mapping) or not value:
        yield f" is {value!r}, expected '*' or an object such as {{'Service': …}}"
        return
    for kind, names in value.items():
        if kind not in PRINCIPALS:
            yield f" has the unknown kind {kind!r}, expected one of {', '.join(sorted(PRINCIPALS))}"
            continue
        listed = names if isinstance(names, list | tuple) else [names]
        if not listed:
            yield f".{kind} is empty"
        for name in listed:
            if not isinstance(name, str) or not _is_principal(kind, name):
                yield f".{kind} holds {name!r}, which names no principal of this kind"


def _is_principal(kind: str, name: str) -> bool:
    if kind == "AWS":
        return name == "*" or any(p.fullmatch(name) for p in (ARN, ACCOUNT, UNIQUE_ID))
    if kind == "Service":
        return SERVICE.fullmatch(name) is not None
    return bool(name)


def _condition(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield " is not an object"
        return
    for operator, keys in value.items():
        if not OPERATOR.fullmatch(operator):
            yield f" has the unknown operator {operator!r}"
        if not isinstance(keys, Mapping) or not keys:
            yield f".{operator} is not an object with condition keys"
            continue
        if len({key.lower() for key in keys}) != len(keys):
            yield f".{operator} has the same key twice; case does not count"
        for key, wanted in keys.items():
            if not CONDITION_KEY.fullmatch(key):
                yield f".{operator} has the key {key!r}, expected one such as 'aws:SourceAccount'"
            listed = wanted if isinstance(wanted, list | tuple) else [wanted]
            if not listed or not all(isinstance(w, str | int | float | bool) for w in listed):
                yield f".{operator}.{key} is {wanted!r}, expected a value or a list of values"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(k for k, _ in pairs if sum(k == other for other, _ in pairs) > 1)
        raise ValueError(f"not clear: {twice!r} stands twice in one object")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"not JSON: {name}")
