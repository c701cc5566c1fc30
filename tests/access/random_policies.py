"""Random policies and requests that often fit one another; the same seed gives the same ones.

Owns: statements, documents and cases with every operator, set operator, IfExists, Null, Not-elements, wildcards and
policy variables, as plain JSON. Does not own: who judges them.

Values come from small pools on purpose: a request that fits no statement says little. A few texts are strange: nobody
may write them, or the documentation does not settle what they mean.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from llmlz.access.conditions import ORDERS

ROLE = "arn:aws:iam::111122223333:role/app"
VERSION = "2012-10-17"
STRANGE = 0.004
"""Share of texts that are strange; a document has about ten texts."""

ACTION_PATTERNS = ("*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object", "bedrock:*", "iam:PassRole")
ACTIONS = ("s3:GetObject", "s3:PutObject", "bedrock:InvokeModel", "iam:PassRole")

PARTITIONS = ("aws", "aws", "aws", "*")
REGION_PATTERNS = ("", "*", "*", "eu-*", "eu-west-1", "eu-west-?", "*1", "e*1", "?")
REGIONS = ("", "eu-west-1", "us-east-1", "eu-west-2")
ACCOUNT_PATTERNS = ("", "*", "*", "1111*", "111122223333", "1111222233?3", "1*3")
ACCOUNTS = ("", "111122223333", "444455556666")
LAST_PATTERNS = (
    "*",
    "*",
    "b/*",
    "b/k",
    "b/?",
    "b*",
    "*k",
    "key:alias",
    "*:alias",
    "key:*",
    "B/k",
    "b/${aws:PrincipalTag/team}",
)
LASTS = ("b/k", "b/x", "key:alias", "c", "b/red", "b/k:alias")

TELLING = ("arn:aws:*:*:*:alias", "arn:aws:*:*:*:B/*")
"""Patterns that fit many resources if a star may take a colon, or if case does not matter, and none otherwise."""

TEXT_PATTERNS = ("red", "Red", "r*", "r?d", "*", "", "*e*", "blue", "${aws:PrincipalTag/team}")
VARIABLES = (
    "${*}",
    "r${?}d",
    "${aws:PrincipalTag/none, 'red'}",
    "${aws:PrincipalTag/team}*",
    "${aws:PrincipalTag/none}",
)
TEXTS = ("red", "red", "Red", "Red", "rd", "rd", "blue", "blue", "r*d", "r*d", "", "red\n")
NUMBERS = ("0", "1", "1.0", "10", "-1", 5)
DATES = ("2026-01-01T00:00:00Z", "2026-01-01", "1767225600", "2026-06-01T12:00:00+02:00", "2026-06-01T10:00:00Z")
DAY = "20260101"
"""A date to some, and 1970 in seconds to others."""

FLAGS = ("true", "false", True, "True")
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.168.0.0/16", "2001:db8::/32", "0.0.0.0/0")
ADDRESSES = ("10.1.2.3", "10.9.9.9", "192.168.1.1", "2001:db8::1")

STRANGE_TEXTS = ("${saml:sub", "${unknown}")
STRANGE_ARNS = ("arn:aws:s3", "b/k", "arn:aws:s3:${aws:PrincipalTag/team}::b", "arn:*:s3:::b/*")
STRANGE_NUMBERS = ("ten", "")
STRANGE_DATES = ("tomorrow", "2026-01", "")
STRANGE_FLAGS = ("maybe", "")
STRANGE_NETWORKS = ("10.1.2.3/8", "here", "10.0.0.0-10.0.0.9")

TEXT_OPERATORS = tuple(f"String{end}" for end in ("Equals", "NotEquals", "Like", "NotLike")) + tuple(
    f"String{end}IgnoreCase" for end in ("Equals", "NotEquals")
)
ARN_OPERATORS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
SETS = ("ForAllValues:", "ForAnyValue:")
UNKNOWN_OPERATORS = ("BinaryEquals", "StringMatches", "NullIfExists")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request and every document that decides it, as plain JSON."""

    identity: list[Json]
    boundary: Json | None = None
    session: Json | None = None
    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> Json:
        """What goes over a pipe."""
        return asdict(self)


def cases(seed: int, count: int) -> Iterator[Case]:
    """``count`` cases; three requests for each set of documents."""
    rng = random.Random(seed)  # noqa: S311  # the same run twice must ask the same
    for number in range(count):
        if number % 3 == 0:
            identity = [policy(rng) for _ in range(rng.choice((1, 1, 2, 3)))]
            boundary = policy(rng, deny=0.15) if rng.random() < 0.25 else None
            session = policy(rng, deny=0.15) if rng.random() < 0.15 else None
        yield Case(
            identity=identity,
            boundary=boundary,
            session=session,
            action=rng.choice(ACTIONS),
            resource="*" if rng.random() < 0.1 else arn(rng),
            context=context(rng),
        )


def policy(rng: random.Random, deny: float = 0.25) -> Json:
    """One document, in any of the forms that JSON allows."""
    statements = [statement(rng, deny) for _ in range(rng.choice((1, 2, 2, 3)))]
    return {"Version": VERSION, "Statement": statements[0] if len(statements) == 1 else statements}


def statement(rng: random.Random, deny: float = 0.25) -> Json:
    """An Allow or a Deny; Denies are narrower, or nearly nothing would be allowed."""
    denies = rng.random() < deny
    found: Json = {"Effect": "Deny" if denies else "Allow"}
    negated = 0.08 if denies else 0.2
    found["NotAction" if rng.random() < negated else "Action"] = listed(rng, ACTION_PATTERNS)
    pattern_of = [
        rng.choice(("*", resource_pattern(rng), resource_pattern(rng))) for _ in range(rng.choice((1, 1, 2, 3)))
    ]
    found["NotResource" if rng.random() < negated else "Resource"] = (
        pattern_of[0] if len(pattern_of) == 1 else pattern_of
    )
    blocks: Json = {}
    for _ in range(rng.choice((0, 1, 1, 2, 3) if denies else (0, 0, 1, 1, 2))):
        operator, key, values = condition(rng)
        blocks[operator] = {
            key: values,
            **{k: v for k, v in blocks.get(operator, {}).items() if k.lower() != key.lower()},
        }
    if blocks:
        found["Condition"] = blocks
    return found


def condition(rng: random.Random) -> tuple[str, str, Any]:
    """Operator, key and values of one condition."""
    if rng.random() < STRANGE:
        return rng.choice(UNKNOWN_OPERATORS), "k:text", "red"
    if rng.random() < 0.1:
        flags = ["true", "false"] if rng.random() < STRANGE * 5 else rng.choice(("true", "false", True, False))
        return "Null", rng.choice(("k:text", "k:number", "k:texts", "aws:TagKeys")), flags
    operator, key, values = rng.choice(
        (
            _text_condition,
            _text_condition,
            _arn_condition,
            _number_condition,
            _date_condition,
            _flag_condition,
            _ip_condition,
        )
    )(rng)
    many = key in ("k:texts", "aws:TagKeys", "k:arns")
    if rng.random() < (0.99 if many else 0.08):
        operator = rng.choice(SETS) + operator
    if rng.random() < 0.25:
        operator += "IfExists"
    return operator, key.upper() if rng.random() < 0.05 else key, values


def _text_condition(rng: random.Random) -> tuple[str, str, Any]:
    values = listed(rng, TEXT_PATTERNS if rng.random() < 0.95 else VARIABLES, STRANGE_TEXTS)
    return rng.choice(TEXT_OPERATORS), rng.choice(("k:text", "k:other", "k:texts", "aws:TagKeys")), values


def _arn_condition(rng: random.Random) -> tuple[str, str, Any]:
    values = [
        _pick(rng, (arn_pattern(rng), arn_pattern(rng), *TELLING), STRANGE_ARNS) for _ in range(rng.choice((1, 2)))
    ]
    if rng.random() < 0.3:
        return (
            rng.choice(ARN_OPERATORS),
            "aws:PrincipalArn",
            rng.choice((ROLE, "arn:aws:iam::*:role/*", "arn:aws:iam::*:user/*")),
        )
    return rng.choice(ARN_OPERATORS), rng.choice(("k:arn", "k:arn", "k:arns")), values


def _number_condition(rng: random.Random) -> tuple[str, str, Any]:
    return f"Numeric{rng.choice(tuple(ORDERS))}", "k:number", listed(rng, NUMBERS, STRANGE_NUMBERS)


def _date_condition(rng: random.Random) -> tuple[str, str, Any]:
    return f"Date{rng.choice(tuple(ORDERS))}", "k:date", listed(rng, (*DATES, *DATES, DAY), STRANGE_DATES)


def _flag_condition(rng: random.Random) -> tuple[str, str, Any]:
    return "Bool", "aws:MultiFactorAuthPresent", listed(rng, FLAGS, STRANGE_FLAGS)


def _ip_condition(rng: random.Random) -> tuple[str, str, Any]:
    return rng.choice(("IpAddress", "NotIpAddress")), "aws:SourceIp", listed(rng, NETWORKS, STRANGE_NETWORKS)


def context(rng: random.Random) -> dict[str, Any]:
    """Condition keys of one request; each is missing now and then."""

    def some(pool: Sequence[str]) -> list[str]:
        return [rng.choice(pool) for _ in range(rng.choice((0, 1, 2, 3)))]

    given: dict[str, Any] = {
        "k:text": rng.choice(TEXTS),
        "k:other": rng.choice(TEXTS),
        "k:texts": some(TEXTS),
        "aws:TagKeys": some(TEXTS),
        "k:arn": _pick(rng, (arn(rng),), STRANGE_ARNS),
        "k:arns": [arn(rng) for _ in range(rng.choice((0, 1, 2)))],
        "k:number": str(_pick(rng, NUMBERS, STRANGE_NUMBERS)),
        "k:date": _pick(rng, DATES, STRANGE_DATES),
        "aws:MultiFactorAuthPresent": _pick(rng, ("true", "false", "TRUE"), STRANGE_FLAGS),
        "aws:SourceIp": _pick(rng, ADDRESSES, STRANGE_NETWORKS),
        "aws:PrincipalTag/team": rng.choice(("red", "blue", "r*d")),
    }
    return {"aws:PrincipalArn": ROLE, **{key: value for key, value in given.items() if rng.random() < 0.8}}


def arn(rng: random.Random) -> str:
    """A resource; some have a colon in their last part."""
    return ":".join(
        ("arn:aws", rng.choice(("s3", "bedrock")), rng.choice(REGIONS), rng.choice(ACCOUNTS), rng.choice(LASTS))
    )


def arn_pattern(rng: random.Random) -> str:
    """An ARN with wildcards in any part but the first."""
    service = rng.choice(("s3", "bedrock", "*", "s*"))
    parts = (
        rng.choice(PARTITIONS),
        service,
        rng.choice(REGION_PATTERNS),
        rng.choice(ACCOUNT_PATTERNS),
        rng.choice(LAST_PATTERNS),
    )
    return ":".join(("arn", *parts))


def resource_pattern(rng: random.Random) -> str:
    """The same without a wildcard for the service, which AWS refuses in a Resource element."""
    parts = arn_pattern(rng).split(":", 3)
    parts[2] = rng.choice(("s3", "bedrock"))
    return str(_pick(rng, (":".join(parts),), STRANGE_ARNS))


def listed(rng: random.Random, pool: Sequence[Any], strange: Sequence[Any] = ()) -> Any:
    """One value, or a list of up to three."""
    values = [_pick(rng, pool, strange) for _ in range(rng.choice((1, 1, 2, 3)))]
    return values[0] if len(values) == 1 and rng.random() < 0.7 else values


def _pick(rng: random.Random, pool: Sequence[Any], strange: Sequence[Any]) -> Any:
    return rng.choice(strange if strange and rng.random() < STRANGE else pool)
