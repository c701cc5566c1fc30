"""Random worlds and requests that often fit one another; the same seed gives the same ones.

Owns: documents of every layer with every operator, wildcards, Not-elements, policy variables and principals, out of
constructs that the proof knows. Does not own: who judges them.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmlz.access.conditions import ORDERS
from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.proof.tokens import Fixed
from llmlz.access.proof.where import Clause, How, Where
from llmlz.access.request import Request
from llmlz.access.world import Guard, World

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLES = (f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:role/team/app", f"arn:aws:iam::{ACCOUNT}:role/x")
ENDPOINTS = ("vpce-1", "vpce-2", "VPCE-1")
TAG = "aws:principaltag/t"

ACTION_PATTERNS = (
    "*",
    "s3:*",
    "s3:Get*",
    "S3:getobject",
    "s3:?etObject",
    "s3:*Object",
    "q:*",
    "bedrock:*",
    "bedrock:Invoke*",
)
ACTIONS = (
    "s3:GetObject",
    "S3:GETOBJECT",
    "s3:PutObject",
    "s3:GetX",
    "q:Put",
    "bedrock:InvokeModel",
    "bedrock:CreateAgent",
)
PART_PATTERNS = ("", "a", "b", "*", "*", "a*", "*b", "?", "a?", "*a*", "a*b")
PARTS = ("", "a", "b", "ab", "aab", "A")
LAST_PATTERNS = ("*", "x", "x*", "x/*", "*:b", "x:*", "y/?", "x*b", "*/b", "X", "x/${aws:PrincipalTag/t}", "?:x", "b:x")
LASTS = ("x", "X", "x/a", "x/a:b", "y/b", "x:b", "b:x", "a:b:x", "y/:", "x/a*", "x::b")
TEXT_PATTERNS = (
    "a",
    "A",
    "ab",
    "a*",
    "?b",
    "*",
    "",
    "a?",
    "B",
    "${*}",
    "a${?}",
    "${aws:PrincipalTag/t}",
    "${aws:PrincipalTag/t}?",
)
TEXTS = ("a", "A", "ab", "aB", "b", "a*", "a?", "abc", "", "*")
NUMBERS = ("1", "2", "2.5", "10")
NUMBERS_ASKED = (*NUMBERS, "0", "1.5", "2.25", "99", "-3")
DATES = ("2026-01-01", "2026-01-01T12:00:00Z", "2026-01-01T13:00:00+01:00", "1767225600", "2027-05-05T00:00:00Z")
DATES_ASKED = (*DATES, "2025-12-31T23:59:59Z", "2026-01-01T12:00:00.5Z", "2026-07-01T00:00:00Z", "2030-01-01")
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.168.0.0/16", "2001:db8::/32", "2001:db8:1::/48", "::/0")
ADDRESSES = ("10.1.2.3", "10.1.2.4", "10.9.9.9", "11.0.0.0", "192.168.1.1", "2001:db8:1::1", "2001:db8:2::1", "fe80::1")

TEXT_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
)
ARN_OPERATORS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
SETS = ("ForAllValues:", "ForAnyValue:")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A world, what every request in it has, and some requests."""

    world: World
    fixed: Mapping[str, Fixed]
    requests: tuple[Request, ...]


def case(seed: int, requests: int) -> Case:
    """One random world with random requests."""
    rng = random.Random(seed)  # noqa: S311  # the same run twice must ask the same
    fixed: dict[str, Fixed] = {TAG: rng.choice(("a", "a*", "b", None)), "aws:viaawsservice": "false"}
    if rng.random() < 0.6:
        fixed["aws:principalarn"] = ROLES[0]
    return Case(world(rng), fixed, tuple(request(rng, fixed) for _ in range(requests)))


def world(rng: random.Random) -> World:
    """A world with some of the layers."""

    def maybe(share: float) -> bool:
        return rng.random() < share

    levels = tuple(
        tuple(document(rng, "service_control", deny=0.3) for _ in range(rng.choice((1, 1, 2))))
        for _ in range(rng.choice((0, 0, 1, 2)))
    )
    return World(
        account=ACCOUNT,
        resource_account=rng.choice(("", "", ACCOUNT, OTHER)),
        identity=tuple(document(rng, "identity") for _ in range(rng.choice((1, 1, 2)))),
        boundary=document(rng, "boundary", deny=0.2) if maybe(0.25) else None,
        session=document(rng, "session", deny=0.2) if maybe(0.15) else None,
        service_control=levels,
        resource_control=((document(rng, "resource_control", deny=0.3),),) if maybe(0.2) else (),
        endpoints={id_: document(rng, "endpoint", deny=0.2) for id_ in ENDPOINTS[:2] if maybe(0.25)},
        guards=tuple(guard(rng) for _ in range(rng.choice((0, 0, 1, 2)))),
    )


def guard(rng: random.Random) -> Guard:
    """A resource policy, and whom AWS asks it about."""
    return Guard(
        actions=tuple(some(rng, ACTION_PATTERNS)),
        resources=tuple(resource_pattern(rng, variables=False) for _ in range(rng.choice((1, 2)))),
        document=document(rng, "resource", deny=0.3),
        gate=rng.random() < 0.4,
        grants=rng.random() < 0.7,
    )


def document(rng: random.Random, layer: Layer, deny: float = 0.25) -> Document:
    """One document of a layer."""
    found = []
    if deny and rng.random() < 0.5 and layer != "identity":
        found.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    found += [statement(rng, "Deny" if rng.random() < deny else "Allow") for _ in range(rng.choice((1, 2, 2, 3)))]
    if layer in ("resource", "endpoint", "resource_control"):
        found = [{**one, "Principal": principal(rng)} for one in found]
    made = parse(json.dumps({"Version": "2012-10-17", "Statement": found}), Origin(layer=layer, name="random"))
    assert made.undecided is None, made.undecided
    return made


def statement(rng: random.Random, effect: str) -> Json:
    """An Allow or a Deny; each is about as often wide as narrow."""
    negated = rng.random() < 0.15, rng.random() < 0.15
    found: Json = {
        "Effect": effect,
        "NotAction" if negated[0] else "Action": some(rng, ACTION_PATTERNS),
        "NotResource" if negated[1] else "Resource": [resource_pattern(rng) for _ in range(rng.choice((1, 1, 2, 3)))],
    }
    for operator, key, values in (condition(rng) for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))):
        block = found.setdefault("Condition", {}).setdefault(operator, {})
        found["Condition"][operator] = {**{k: v for k, v in block.items() if k.lower() != key.lower()}, key: values}
    return found


def principal(rng: random.Random) -> Any:
    """A Principal element, as wide as the account or as narrow as one role."""
    narrow = ({"AWS": ROLES[0]}, {"AWS": [OTHER, ROLES[1]]}, {"Service": "q.amazonaws.com"})
    return rng.choice(("*", {"AWS": ACCOUNT}, {"AWS": [ACCOUNT, ROLES[0]]}, {"AWS": OTHER}, *narrow))


def condition(rng: random.Random) -> tuple[str, str, Any]:
    """Operator, key and values of one condition."""
    if rng.random() < 0.12:
        key = rng.choice(
            ("s3:prefix", "aws:SourceArn", "aws:SecureTransport", "aws:TagKeys", "aws:SourceIp", "aws:SourceVpce")
        )
        return "Null", key, rng.choice(("true", "false", ["true", "false"]))
    operator, key, values = rng.choice(
        (_text, _text, _text, _texts, _texts, _arn, _arns, _number, _date, _network, _flag, _endpoint, _principal)
    )(rng)
    return operator + ("IfExists" if rng.random() < 0.3 else ""), key.upper() if rng.random() < 0.1 else key, values


def _text(rng: random.Random) -> tuple[str, str, Any]:
    key = rng.choice(("s3:prefix", "s3:prefix", "aws:RequestedRegion", "aws:PrincipalTag/t"))
    return rng.choice(TEXT_OPERATORS), key, _few(rng, TEXT_PATTERNS)


def _texts(rng: random.Random) -> tuple[str, str, Any]:
    return rng.choice(SETS) + rng.choice(TEXT_OPERATORS), "aws:TagKeys", _few(rng, TEXT_PATTERNS)


def _arn(rng: random.Random) -> tuple[str, str, Any]:
    key = rng.choice(("aws:SourceArn", "aws:SourceArn", "bedrock:InferenceProfileArn"))
    if rng.random() < 0.2:
        return rng.choice(("StringLike", "StringNotLike")), key, "arn:aws:*:x"
    return rng.choice(ARN_OPERATORS), key, [arn_pattern(rng) for _ in range(rng.choice((1, 2)))]


def _arns(rng: random.Random) -> tuple[str, str, Any]:
    return rng.choice(SETS) + rng.choice(ARN_OPERATORS), "sts:RequestContextProviders", [arn_pattern(rng)]


def _number(rng: random.Random) -> tuple[str, str, Any]:
    return f"Numeric{rng.choice(tuple(ORDERS))}", "aws:MultiFactorAuthAge", _few(rng, NUMBERS)


def _date(rng: random.Random) -> tuple[str, str, Any]:
    return f"Date{rng.choice(tuple(ORDERS))}", "aws:CurrentTime", _few(rng, DATES)


def _network(rng: random.Random) -> tuple[str, str, Any]:
    return rng.choice(("IpAddress", "NotIpAddress")), "aws:SourceIp", _few(rng, NETWORKS)


def _flag(rng: random.Random) -> tuple[str, str, Any]:
    return (
        "Bool",
        rng.choice(("aws:SecureTransport", "aws:ViaAWSService")),
        rng.choice(("true", "false", ["true", "false"])),
    )


def _endpoint(rng: random.Random) -> tuple[str, str, Any]:
    return rng.choice(TEXT_OPERATORS), "aws:SourceVpce", _few(rng, (*ENDPOINTS, "vpce-*"))


def _principal(rng: random.Random) -> tuple[str, str, Any]:
    patterns = (*ROLES, f"arn:aws:iam::{ACCOUNT}:role/*", "arn:aws:iam::*:role/team/*", "arn:aws:iam::1*:role/app")
    return rng.choice(ARN_OPERATORS), "aws:PrincipalArn", _few(rng, patterns)


def request(rng: random.Random, fixed: Mapping[str, Fixed]) -> Request:
    """A request; each key is missing now and then."""
    given: dict[str, Any] = {
        "s3:prefix": rng.choice(TEXTS),
        "aws:RequestedRegion": rng.choice(TEXTS),
        "aws:SourceArn": arn(rng),
        "aws:MultiFactorAuthAge": rng.choice(NUMBERS_ASKED),
        "aws:CurrentTime": rng.choice(DATES_ASKED),
        "aws:SourceIp": rng.choice(ADDRESSES),
        "aws:SecureTransport": rng.choice(("true", "false")),
        "aws:SourceVpce": rng.choice((*ENDPOINTS, "vpce-3")),
        "aws:TagKeys": tuple(dict.fromkeys(rng.choice(TEXTS[:-2]) for _ in range(rng.choice((1, 2, 3))))),
        "sts:RequestContextProviders": tuple(dict.fromkeys(arn(rng) for _ in range(rng.choice((1, 2))))),
    }
    action = rng.choice(ACTIONS)
    if action == "bedrock:InvokeModel":
        given["bedrock:InferenceProfileArn"] = arn(rng)
    context = {key: value for key, value in given.items() if rng.random() < 0.6}
    context.update({key: value for key, value in fixed.items() if value is not None})
    who = context.pop("aws:principalarn", None) or rng.choice(ROLES)
    return Request(str(who), action, resource(rng, action), {**context, "aws:PrincipalAccount": ACCOUNT})


def resource(rng: random.Random, action: str) -> str:
    """What an action could be on, most of the time."""
    if action == "bedrock:InvokeModel" and rng.random() < 0.9:
        return (
            f"arn:aws:bedrock:{rng.choice(PARTS)}:{rng.choice(PARTS)}:{rng.choice(('foundation-model', 'project'))}/x"
        )
    return "*" if rng.random() < (0.9 if action == "bedrock:CreateAgent" else 0.1) else arn(rng)


def arn(rng: random.Random) -> str:
    """An ARN, some with colons in the last part."""
    return ":".join(
        ("arn:aws", rng.choice(("s3", "q", "bedrock")), rng.choice(PARTS), rng.choice(PARTS), rng.choice(LASTS))
    )


def arn_pattern(rng: random.Random, *, variables: bool = True) -> str:
    """An ARN with wildcards."""
    last = rng.choice([text for text in LAST_PATTERNS if variables or "$" not in text])
    parts = rng.choice(("s3", "q", "bedrock")), rng.choice(PART_PATTERNS), rng.choice(PART_PATTERNS), last
    return ":".join(("arn:aws", *parts))


def resource_pattern(rng: random.Random, *, variables: bool = True) -> str:
    """One text of a Resource element."""
    return "*" if rng.random() < 0.3 else arn_pattern(rng, variables=variables)


def near(
    rng: random.Random, found: Request, values: Mapping[str, Sequence[str]], fixed: Mapping[str, Fixed]
) -> Request:
    """The request with one or two of its parts in another class, or left out."""
    parts: dict[str, Any] = {**found.keys, "action": found.action, "resource": found.resource}
    for name in rng.sample(sorted(values), k=min(len(values), rng.choice((1, 1, 2)))):
        if isinstance(parts.get(name), tuple) or name in ("aws:tagkeys", "sts:requestcontextproviders"):
            parts[name] = tuple(value for value in values[name] if rng.random() < 0.4) or None
        elif name not in ("action", "resource", "aws:principalarn") and rng.random() < 0.3:
            parts[name] = None
        else:
            parts[name] = rng.choice(values[name])
    action, where, who = (parts.pop(name) for name in ("action", "resource", "aws:principalarn"))
    return Request(who, action, where, {key: value for key, value in parts.items() if value is not None})


def questions(rng: random.Random, count: int) -> Iterator[Where]:
    """Questions of one or two rows, each with up to three conditions."""
    for _ in range(count):
        yield Where(tuple(tuple(_clause(rng) for _ in range(rng.choice((1, 2, 3)))) for _ in range(rng.choice((1, 2)))))


def _clause(rng: random.Random) -> Clause:
    key = rng.choice(
        ("action", "resource", "s3:prefix", "aws:sourcearn", "aws:tagkeys", "aws:securetransport", TAG, "aws:sourceip")
    )
    how: How = rng.choice(("in", "in", "not_in", "absent", "present"))
    if how in ("absent", "present") or key == "aws:sourceip":
        return Clause(key, how if how in ("absent", "present") else "absent")
    pools: Mapping[str, Sequence[str]] = {
        "action": ACTION_PATTERNS,
        "resource": [resource_pattern(rng, variables=False) for _ in range(4)],
        "aws:sourcearn": ("arn:aws:q:*", "arn:aws:*:a:*:x", "arn:aws:s3:::x", "*x"),
        "aws:securetransport": ("true", "f*"),
    }
    texts = [text for text in TEXT_PATTERNS if "aws:" not in text]
    return Clause(key, how, tuple(dict.fromkeys(some(rng, pools.get(key, texts)))))


def some(rng: random.Random, pool: Sequence[Any]) -> list[Any]:
    """One to three of a pool."""
    return [rng.choice(pool) for _ in range(rng.choice((1, 1, 2, 3)))]


def _few(rng: random.Random, pool: Sequence[Any]) -> Any:
    found = some(rng, pool)
    return found[0] if len(found) == 1 else found
