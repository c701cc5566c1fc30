"""What documents mean, by hand: the formulas, the evaluator and the expectation agree on every line."""

import pytest

from llmlz.access.evaluate import Outcome
from llmlz.access.patterns import Reading
from llmlz.access.request import Value
from llmlz.access.world import Guard, World
from tests.access.proof.by_hand import ACCOUNT, EVERYTHING, OBJECT, OTHER, ROLE, STRANGER, document, says, world

READ = {"Action": "s3:GetObject"}
NO_READ = {"Effect": "Deny", "Action": "s3:GetObject"}
TEAM = "aws:principaltag/team"


def outcomes(of: World) -> tuple[Outcome | None, Outcome | None]:
    """Of reading and of writing an object."""
    return says(of), says(of, "s3:PutObject")


def test_every_layer_must_allow() -> None:
    """A layer that allows reading alone, whichever it is, leaves reading alone."""
    for layers in (
        {"identity": (document(READ),)},
        {"boundary": document(READ, layer="boundary")},
        {"session": document(READ, layer="session")},
        {"service_control": ((document(READ, layer="service_control"),),)},
        {"resource_control": ((document(READ, layer="resource_control"),),)},
    ):
        assert outcomes(world(**layers)) == ("allowed", "denied"), layers


def test_a_deny_in_any_layer_wins() -> None:
    """Every layer allows everything, and one of them denies reading."""
    for layers in (
        {"identity": (document(EVERYTHING, NO_READ),)},
        {"boundary": document(EVERYTHING, NO_READ, layer="boundary")},
        {"session": document(EVERYTHING, NO_READ, layer="session")},
        {"service_control": ((document(EVERYTHING, NO_READ, layer="service_control"),),)},
        {"resource_control": ((document(EVERYTHING, NO_READ, layer="resource_control"),),)},
        {"guards": (Guard(actions=("s3:*",), resources=(OBJECT,), document=document(NO_READ, layer="resource")),)},
    ):
        assert outcomes(world(**layers)) == ("denied", "allowed"), layers


def test_every_level_of_an_organization_must_allow() -> None:
    """One document of each level; two documents of one level add up, two levels do not."""
    read, write = (document({"Action": action}, layer="service_control") for action in ("s3:GetObject", "s3:PutObject"))
    assert outcomes(world(service_control=((read, write),))) == ("allowed", "allowed")
    assert outcomes(world(service_control=((read,), (write,)))) == ("denied", "denied")


def test_an_endpoint_binds_what_comes_through_it() -> None:
    """Not what comes through another one, or through none; its name is matched with its case."""
    of = world(endpoints={"vpce-1": document(READ, layer="endpoint")})
    for context, expected in (
        ({"aws:SourceVpce": "vpce-1"}, "denied"),
        ({"aws:SourceVpce": "VPCE-1"}, "allowed"),
        ({}, "allowed"),
    ):
        assert says(of, "s3:PutObject", context=context) == expected
    denies = world(endpoints={"vpce-1": document(EVERYTHING, NO_READ, layer="endpoint")})
    assert says(denies, context={"aws:SourceVpce": "vpce-1"}) == "denied"
    assert says(denies) == "allowed"


def test_a_gate_must_allow_where_it_stands() -> None:
    """The policy of a key decides about that key, for actions on keys; elsewhere it is not asked."""
    key = "arn:aws:kms:eu-west-1:111122223333:key/one"
    gate = Guard(
        actions=("kms:*",), resources=(key,), document=document({"Action": "kms:Encrypt"}, layer="resource"), gate=True
    )
    of = world(guards=(gate,))
    assert says(of, "KMS:encrypt", key) == "allowed"
    assert says(of, "kms:Decrypt", key) == "denied"
    assert says(of, "kms:Decrypt", f"{key}s") == "allowed"
    assert says(of, "s3:Decrypt", key) == "allowed"


def test_who_grants() -> None:
    """In one account a resource policy grants to whom it names itself; across accounts both sides must allow."""
    nothing = {"Effect": "Deny", "Action": "q:Nothing"}
    for principal, own, across, denied in (
        ("*", "allowed", "allowed", "denied"),
        ({"AWS": ROLE}, "allowed", "allowed", "denied"),
        ({"AWS": ACCOUNT}, "denied", "allowed", "denied"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "denied", "allowed", "denied"),
        ({"AWS": STRANGER}, "denied", "denied", "allowed"),
        ({"AWS": OTHER}, "denied", "denied", "allowed"),
        ({"Service": "s3.amazonaws.com"}, "denied", "denied", "allowed"),
    ):
        allow = Guard(
            actions=("s3:*",), resources=("*",), document=document({"Principal": principal}, layer="resource")
        )
        deny = Guard(
            actions=("s3:*",),
            resources=("*",),
            document=document({"Effect": "Deny", "Principal": principal}, layer="resource"),
        )
        assert says(world(nothing, guards=(allow,))) == own, principal
        assert says(world(guards=(allow,), resource_account=OTHER)) == across, principal
        assert says(world(nothing, guards=(allow,), resource_account=OTHER)) == "denied", principal
        assert says(world(guards=(deny,))) == denied, principal


def test_who_grants_nothing() -> None:
    """A resource policy that only lets through gives nothing, and a gate may grant too."""
    nothing = {"Effect": "Deny", "Action": "q:Nothing"}
    for gate, grants, expected in (
        (False, True, "allowed"),
        (False, False, "denied"),
        (True, True, "allowed"),
        (True, False, "denied"),
    ):
        made = Guard(
            actions=("*",), resources=("*",), document=document(EVERYTHING, layer="resource"), gate=gate, grants=grants
        )
        assert says(world(nothing, guards=(made,))) == expected


def test_not_elements() -> None:
    """NotAction and NotResource apply to everything else."""
    others = world({"NotAction": ["s3:get*", "q:*"]})
    assert (says(others), says(others, "s3:PutObject")) == ("denied", "allowed")
    elsewhere = world({"NotResource": ["arn:aws:s3:::bucket/*"]})
    assert (says(elsewhere), says(elsewhere, resource="arn:aws:s3:::other/key")) == ("denied", "allowed")


@pytest.mark.parametrize("reading", ["documented", "strict"])
def test_case(reading: Reading) -> None:
    """Actions are matched without regard to case, resources and values with it."""
    of = world({"Action": "S3:GET*", "Resource": "arn:aws:s3:::Bucket/*"})
    assert says(of, "s3:getobject", "arn:aws:s3:::Bucket/a", reading=reading) == "allowed"
    assert says(of, "s3:GetObject", "arn:aws:s3:::bucket/a", reading=reading) == "denied"


def test_colons() -> None:
    """A question mark stays in its part; a star that ends one may leave it in the documented reading alone."""
    question = world({"Resource": "arn:aws:q:?:1:x"})
    star = world({"Resource": "arn:aws:q:*:1:x"})
    within = world({"Resource": "arn:aws:q:a*b:1:x"})
    for reading in ("documented", "strict"):
        assert says(question, resource="arn:aws:q:a:1:x", reading=reading) == "allowed"
        assert says(question, resource="arn:aws:q:::1:x", reading=reading) == "denied"
        assert says(within, resource="arn:aws:q:ab:1:x", reading=reading) == "allowed"
        assert says(within, resource="arn:aws:q:a:b:1:x", reading=reading) == "denied"
    assert says(star, resource="arn:aws:q:a:b:1:x") == "allowed"
    assert says(star, resource="arn:aws:q:a:b:1:x", reading="strict") == "denied"
    last = world({"Resource": "arn:aws:q:a:1:x/?/*"})
    assert says(last, resource="arn:aws:q:a:1:x/:/y:z", reading="strict") == "allowed"


ARN = "arn:aws:q:eu:1:x"


OPERATORS = (
    ("StringEquals", "s3:prefix", ["a", "b"], "b", "B"),
    ("StringEqualsIgnoreCase", "s3:prefix", "aB", "Ab", "a"),
    ("StringLike", "s3:prefix", "a?c*", "abcd", "acd"),
    ("StringLike", "s3:prefix", "a${*}", "a*", "ab"),
    ("ArnLike", "aws:SourceArn", "arn:aws:q:*:1:x", ARN, "arn:aws:q:eu:b:1:x"),
    ("ArnEquals", "aws:SourceArn", "arn:aws:*:e?:1:*", ARN, "arn:aws:q:eu-w:1:x"),
    ("NumericEquals", "aws:MultiFactorAuthAge", "5", "5.0", "6"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "5", "4.99", "5"),
    ("NumericLessThanEquals", "aws:MultiFactorAuthAge", "5", "5", "5.5"),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", "5", "6", "5"),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", ["5", "9"], "5", "4"),
    ("DateLessThan", "aws:CurrentTime", "2026-01-01", "2025-12-31T23:59:59Z", "1767225600"),
    ("DateGreaterThanEquals", "aws:CurrentTime", "1767225600", "2026-01-01T01:00:00+01:00", "2025-01-01"),
    ("Bool", "aws:SecureTransport", "true", "true", "false"),
    ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "2001:db8::/32"], "10.255.255.255", "11.0.0.0"),
    ("IpAddress", "aws:SourceIp", "2001:db8::/32", "2001:db8:1::1", "2001:db9::"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0", "10.0.0.1", "::1"),
)
NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringLike": "StringNotLike",
    "ArnLike": "ArnNotLike",
    "ArnEquals": "ArnNotEquals",
    "NumericEquals": "NumericNotEquals",
    "IpAddress": "NotIpAddress",
}


@pytest.mark.parametrize(("operator", "key", "values", "fits", "fits_not"), OPERATORS)
def test_operators(operator: str, key: str, values: Value, fits: str, fits_not: str) -> None:
    """Every operator with a value that fits, one that does not, and without the key; the same negated, and IfExists."""
    for suffix, when_absent in (("", "denied"), ("IfExists", "allowed")):
        of = world({"Condition": {operator + suffix: {key: values}}})
        assert says(of, context={key: fits}) == "allowed"
        assert says(of, context={key: fits_not}) == "denied"
        assert says(of) == when_absent
    negated = NEGATED.get(operator.removesuffix("IgnoreCase"), "") + ("IgnoreCase" if "IgnoreCase" in operator else "")
    if negated:
        for suffix in ("", "IfExists"):
            of = world({"Condition": {negated + suffix: {key: values}}})
            assert says(of, context={key: fits}) == "denied"
            assert says(of, context={key: fits_not}) == "allowed"
            assert says(of) == "allowed"


def test_null() -> None:
    """``true`` asks for an absent key, ``false`` for a present one, of every type."""
    for key, value in (
        ("s3:prefix", "a"),
        ("aws:SourceArn", ARN),
        ("aws:SecureTransport", "false"),
        ("aws:TagKeys", ("a", "b")),
    ):
        absent, present = (world({"Condition": {"Null": {key: asked}}}) for asked in ("true", "false"))
        assert (says(absent), says(absent, context={key: value})) == ("allowed", "denied")
        assert (says(present), says(present, context={key: value})) == ("denied", "allowed")


def test_several_conditions_must_all_hold() -> None:
    """Two operators on one key leave what both let through."""
    of = world({"Condition": {"StringLike": {"s3:prefix": "a*"}, "StringNotEquals": {"s3:prefix": "ab"}}})
    for value, expected in (("a", "allowed"), ("ab", "denied"), ("b", "denied")):
        assert says(of, context={"s3:prefix": value}) == expected
    assert says(of) == "denied"


def test_set_operators() -> None:
    """ForAllValues is true without values; ForAnyValue needs one. Negated, each asks for values that do not fit."""
    both, mixed, neither = ("a", "ab"), ("a", "x"), ("x", "y")
    for operator, expected in (
        ("ForAllValues:StringLike", ("allowed", "denied", "denied", "allowed")),
        ("ForAnyValue:StringLike", ("allowed", "allowed", "denied", "denied")),
        ("ForAllValues:StringNotLike", ("denied", "denied", "allowed", "allowed")),
        ("ForAnyValue:StringNotLike", ("denied", "allowed", "allowed", "denied")),
        ("ForAnyValue:StringLikeIfExists", ("allowed", "allowed", "denied", "allowed")),
        ("ForAllValues:StringLikeIfExists", ("allowed", "denied", "denied", "allowed")),
    ):
        of = world({"Condition": {operator: {"aws:TagKeys": ["a*", "b"]}}})
        found = (*(says(of, context={"aws:TagKeys": values}) for values in (both, mixed, neither)), says(of))
        assert found == expected, operator


def test_variables() -> None:
    """A variable takes the value that every request has; a star in that value is a character."""
    of = world({"Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"})
    assert says(of, resource="arn:aws:s3:::bucket/red/x", fixed={TEAM: "red"}) == "allowed"
    assert says(of, resource="arn:aws:s3:::bucket/blue/x", fixed={TEAM: "red"}) == "denied"
    assert says(of, resource="arn:aws:s3:::bucket/blue/x", fixed={TEAM: "*"}) == "denied"
    assert says(of, resource="arn:aws:s3:::bucket/*/x", fixed={TEAM: "*"}) == "allowed"
    default = world({"Condition": {"StringEquals": {"s3:prefix": "${aws:PrincipalTag/team, 'none'}"}}})
    assert says(default, context={"s3:prefix": "none"}, fixed={TEAM: None}) == "allowed"
    assert says(default, context={"s3:prefix": "none"}, fixed={TEAM: "red"}) == "denied"


def test_a_variable_without_a_value() -> None:
    """An Allow then gives nothing; whether a Deny applies is not documented, unless the rest does not match."""
    text = "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"
    absent = {TEAM: None}
    assert says(world({"Resource": text}), fixed=absent) == "denied"
    deny = world(EVERYTHING, {"Effect": "Deny", "Action": "s3:GetObject", "Resource": text})
    assert says(deny, fixed=absent) == "indeterminate"
    assert says(deny, "s3:PutObject", fixed=absent) == "allowed"
    condition = {"StringNotEquals": {"s3:prefix": "${aws:PrincipalTag/team}"}}
    either = world(EVERYTHING, {"Effect": "Deny", "Condition": condition})
    assert says(either, fixed=absent) == "denied"  # without the prefix the negated operator is true, whatever the team
    assert says(either, context={"s3:prefix": "a"}, fixed=absent) == "indeterminate"


def test_null_of_an_empty_text_is_not_documented() -> None:
    """The evaluator leaves it open, and so do the formulas; an empty text compared as a text is an empty text."""
    for effect in ("Allow", "Deny"):
        of = world(
            *([EVERYTHING] if effect == "Deny" else []),
            {"Effect": effect, "Condition": {"Null": {"s3:prefix": "false"}}},
        )
        assert says(of, context={"s3:prefix": ""}) == "indeterminate"
    assert says(world({"Condition": {"StringEquals": {"s3:prefix": ""}}}), context={"s3:prefix": ""}) == "allowed"


def test_a_certain_answer_beats_a_doubt() -> None:
    """A Deny that is certain, a layer that does not allow, and a grant elsewhere settle what one statement leaves open."""
    unsure = {"Condition": {"Null": {"s3:prefix": "false"}}}
    empty = {"s3:prefix": ""}
    assert says(world(unsure, NO_READ), context=empty) == "denied"
    assert says(world(unsure, boundary=document({"Action": "q:*"}, layer="boundary")), context=empty) == "denied"
    assert says(world(unsure, READ), context=empty) == "allowed"
    named = Guard(actions=("*",), resources=("*",), document=document({"Principal": {"AWS": ROLE}}, layer="resource"))
    assert says(world(unsure, guards=(named,)), context=empty) == "allowed"
    assert says(world(unsure, guards=(named,), resource_account=OTHER), context=empty) == "indeterminate"
