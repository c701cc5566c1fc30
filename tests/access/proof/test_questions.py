"""Questions and their answers: proved, broken with a smallest request, or indeterminate with the reason."""

from typing import Any

import pytest
import z3  # type: ignore[import-untyped]  # ships no types

from llmlz.access.documents import Origin, unknown
from llmlz.access.evaluate import decide
from llmlz.access.proof import prover
from llmlz.access.proof.automaton import LIMIT
from llmlz.access.proof.domain import axioms
from llmlz.access.proof.prover import Answer, Prover
from llmlz.access.proof.shrink import shrink
from llmlz.access.proof.tokens import Fixed
from llmlz.access.proof.where import Clause, How, Where
from llmlz.access.request import Request
from llmlz.access.world import Guard, World
from tests.access.proof.by_hand import (
    ACCOUNT,
    ANYTHING,
    EVERYTHING,
    OBJECT,
    OTHER,
    ROLE,
    STRANGER,
    document,
    where,
    world,
)

FIXED: dict[str, Fixed] = {"aws:principalarn": ROLE}
TEAM = "aws:principaltag/team"
MODEL = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"
GUARDRAIL = f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:guardrail/abc:1"
INVOKE: tuple[str, How, str] = ("action", "in", "bedrock:InvokeModel*")


def never(of: World, question: Where, fixed: dict[str, Fixed] | None = None) -> Answer:
    """One question about one world."""
    return Prover({"now": of}, fixed=FIXED if fixed is None else fixed, wheres=[question]).never(question)


def always(of: World, question: Where, fixed: dict[str, Fixed] | None = None) -> Answer:
    """One question about one world."""
    return Prover({"now": of}, fixed=FIXED if fixed is None else fixed, wheres=[question]).always(question)


def test_never() -> None:
    """A guardrail that is demanded everywhere is proved; one that is demanded only if given has a counterexample."""
    question = where(INVOKE, ("bedrock:guardrailidentifier", "not_in", GUARDRAIL))
    for operator, verdict in (("StringNotEquals", "proved"), ("ArnNotLikeIfExists", "proved"), ("Null", "broken")):
        values = "true" if operator == "Null" else GUARDRAIL
        deny = {"Effect": "Deny", "Condition": {operator: {"bedrock:GuardrailIdentifier": values}}}
        assert never(world(EVERYTHING, deny), question).verdict == verdict
    answer = never(world({"Condition": {"ArnLikeIfExists": {"bedrock:GuardrailIdentifier": GUARDRAIL}}}), question)
    assert answer.request is not None
    assert "bedrock:guardrailidentifier" not in answer.request.keys


def test_always() -> None:
    """Every request of a kind is allowed, or there is one that is not."""
    of = world({"Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:eu-*::foundation-model/*"})
    assert always(of, where(("action", "in", "bedrock:InvokeModel"), ("resource", "in", MODEL))).verdict == "proved"
    answer = always(of, where(INVOKE, ("resource", "in", MODEL)))
    assert answer.verdict == "broken"
    assert answer.request is not None
    assert answer.request.action != "bedrock:InvokeModel"


def test_a_counterexample_is_small_and_confirmed() -> None:
    """Of ten keys in the documents two matter: only these are left, and what every request has."""
    keys = [
        "aws:RequestedRegion",
        "aws:SourceVpce",
        "aws:PrincipalTag/a",
        "s3:prefix",
        "aws:ResourceAccount",
        "aws:SourceVpc",
    ]
    conditions = {"StringLike": dict.fromkeys(keys[:3], "x*"), "StringNotEquals": dict.fromkeys(keys[3:], "y")}
    deny = {"Effect": "Deny", "Action": "s3:*", "Condition": {**conditions, "Bool": {"aws:SecureTransport": "true"}}}
    many = {"Effect": "Deny", "Action": "s3:*", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": ["a*", "b"]}}}
    of = world({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, deny, many)
    question = where(("action", "in", "s3:PutObject"), ("aws:tagkeys", "present"))
    answer = never(of, question)
    assert answer.verdict == "broken"
    assert answer.request is not None
    assert decide(answer.request, of).outcome == "allowed"
    assert question.holds(answer.request)
    assert set(answer.request.keys) == {"aws:principalarn", "aws:principalaccount", "aws:sourceip", "aws:tagkeys"}
    assert len(answer.request.keys["aws:tagkeys"]) == 1


def test_shrinking_stops_where_everything_matters() -> None:
    """Keys and values go one at a time; what the condition needs, and what is fixed, stays."""
    request = Request(ROLE, "s3:GetObject", OBJECT, {"a:a": "1", "b:b": ("1", "2", "3"), "c:c": "1", "d:d": "1"})
    found = shrink(request, lambda one: "2" in one.keys.get("b:b", ()) and "d:d" in one.keys, {"c:c"})
    assert dict(found.context) == {"b:b": ("2",), "c:c": "1", "d:d": "1"}


def test_readable_values_are_used() -> None:
    """A hint stands in a counterexample where it is in the same class as what a machine would make up."""
    question = where(
        ("action", "in", "s3:GetObject"), ("aws:sourcevpce", "not_in", "vpce-ours"), ("aws:sourcevpce", "present")
    )
    found = Prover(
        {"now": world()}, fixed=FIXED, wheres=[question], hints={"aws:sourcevpce": ("vpce-ours", "vpce-theirs")}
    ).never(question)
    assert found.request is not None
    assert found.request.context["aws:SourceVpce"] == "vpce-theirs"


def test_a_principal_that_is_not_fixed_is_any_role_of_the_account() -> None:
    """Who is left out of a Deny by name is found, and nobody of another account."""
    deny = {"Effect": "Deny", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [ROLE, STRANGER]}}}
    of = world(EVERYTHING, deny)
    answer = never(of, where(("aws:principalarn", "not_in", ROLE)), {})
    assert answer.request is not None
    assert answer.request.principal == STRANGER
    assert never(of, where(("aws:principalarn", "not_in", (ROLE, STRANGER))), {}).verdict == "proved"
    assert (
        never(world(), where(("aws:principalarn", "not_in", f"arn:aws*:iam::{ACCOUNT}:role/*")), {}).verdict == "proved"
    )
    named = Guard(
        actions=("*",), resources=("*",), document=document({"Principal": {"AWS": STRANGER}}, layer="resource")
    )
    granted = never(world({"Action": "q:*"}, guards=(named,)), where(("action", "in", "s3:*")), {})
    assert granted.request is not None
    assert granted.request.principal == STRANGER


def test_no_new_access() -> None:
    """What the new world allows and the old one refused is found, and nothing else."""
    old = world({"Action": "s3:Get*"})
    question = ANYTHING
    for new, verdict in (
        (world({"Action": ["s3:GetObject", "s3:GetX"]}), "proved"),
        (world({"Action": "s3:*"}), "broken"),
    ):
        made = Prover({"old": old, "new": new}, fixed=FIXED, wheres=[question])
        answer = made.never(question, "new", refused_by="old")
        assert answer.verdict == verdict
        assert made.never(question, "old", refused_by="new").verdict == ("broken" if verdict == "proved" else "proved")
        if answer.request:
            assert (decide(answer.request, old).outcome, decide(answer.request, new).outcome) == ("denied", "allowed")


def test_doubt_is_never_proved() -> None:
    """What the documents leave open is indeterminate for both kinds of questions, unless a certain answer is worse."""
    absent: dict[str, Fixed] = {**FIXED, TEAM: None}
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"}
    of = world(EVERYTHING, deny)
    question = where(("action", "in", "s3:GetObject"), ("resource", "in", OBJECT))
    for answer in (never(of, question, absent), always(of, question, absent)):
        assert answer.verdict == "indeterminate"
        assert "${aws:PrincipalTag/team} has no value" in answer.why
    wider = where(("action", "in", "s3:*"), ("resource", "in", OBJECT))
    assert never(of, wider, absent).verdict == "broken"
    both = Prover({"old": of, "new": world()}, fixed=absent, wheres=[question])
    assert both.never(question, "new", refused_by="old").verdict == "indeterminate"


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Fixed], str]] = {
    "an unknown key": ({"StringEquals": {"q:unknown": "a"}}, {}, "condition key q:unknown is not known"),
    "an Arn operator on a text": (
        {"ArnLike": {"s3:prefix": OBJECT}},
        {},
        "ArnLike does not fit s3:prefix, which is a text",
    ),
    "a text operator on a number": ({"StringEquals": {"s3:max-keys": "1"}}, {}, "does not fit s3:max-keys"),
    "a text operator on a flag": (
        {"StringEquals": {"aws:SecureTransport": "true"}},
        {},
        "does not fit aws:SecureTransport",
    ),
    "Bool on a text": ({"Bool": {"s3:prefix": "true"}}, {}, "Bool does not fit s3:prefix"),
    "a number as a date": ({"NumericEquals": {"aws:CurrentTime": "1"}}, {}, "does not fit aws:CurrentTime"),
    "IpAddress on a text": ({"IpAddress": {"aws:SourceVpce": "10.0.0.0/8"}}, {}, "does not fit aws:SourceVpce"),
    "a set operator on one value": (
        {"ForAnyValue:StringEquals": {"s3:prefix": "a"}},
        {},
        "s3:prefix, which has one value",
    ),
    "no set operator on several": ({"StringEquals": {"aws:TagKeys": "a"}}, {}, "aws:TagKeys, which has several values"),
    "a variable that can vary": (
        {"StringEquals": {"s3:prefix": "${aws:PrincipalTag/team}"}},
        {},
        "differs from request",
    ),
    "a variable with several values": (
        {"StringEquals": {"s3:prefix": "${aws:TagKeys}"}},
        {"aws:tagkeys": ("a", "b")},
        "has several values",
    ),
    "a letter without a known case": ({"StringEqualsIgnoreCase": {"s3:prefix": "straße"}}, {}, "upper and lower case"),
    "a fixed value of another type": (
        {"Bool": {"aws:SecureTransport": "true"}},
        {"aws:securetransport": "maybe"},
        "fixed to 'maybe', which is no flag",
    ),
    "a fixed value where there are several": (
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}},
        {"aws:tagkeys": "a"},
        "aws:TagKeys is fixed to 'a'",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_known_is_indeterminate(what: str) -> None:
    """Whatever the encoder does not know leaves both kinds of questions open, with a message that says what it is."""
    condition, fixed, message = REFUSED[what]
    of = world(EVERYTHING, {"Sid": "Odd", "Effect": "Deny", "Action": "s3:*", "Condition": condition})
    made = Prover({"now": of, "other": world()}, fixed={**FIXED, **fixed}, wheres=[ANYTHING])
    for answer in (made.never(ANYTHING), made.always(ANYTHING), made.never(ANYTHING, "other", refused_by="now")):
        assert answer.verdict == "indeterminate"
        assert message in answer.why
        assert "Deny Odd of identity" in answer.why
    assert made.always(ANYTHING, "other").verdict == "proved"
    with pytest.raises(ValueError, match="Deny Odd"):
        made.says(Request(ROLE, "s3:GetObject", OBJECT))


def test_an_undecided_document_is_indeterminate() -> None:
    """In every layer, with the reason that the document gives."""
    missing = unknown(Origin(layer="boundary", name="elsewhere"), "its text was not given")
    wrong = document({"Condition": {"BinaryEquals": {"s3:prefix": "a"}}})
    for layers, why in (
        ({"boundary": missing}, "boundary elsewhere: its text was not given"),
        ({"identity": (wrong,)}, "condition operator 'BinaryEquals' is not understood"),
        ({"service_control": ((missing,),)}, "its text was not given"),
        ({"endpoints": {"vpce-1": missing}}, "its text was not given"),
        ({"guards": (Guard(actions=("q:*",), resources=("*",), document=missing),)}, "its text was not given"),
    ):
        answer = never(world(**layers), ANYTHING)
        assert answer.verdict == "indeterminate"
        assert why in answer.why


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (where(("q:unknown", "present")), "condition key q:unknown is not known"),
        (where(("aws:sourceip", "in", "10.*")), "aws:SourceIp is a network"),
        (where(("s3:prefix", "in", "${aws:PrincipalTag/team}")), "differs from request to request"),
    ],
)
def test_a_question_that_is_not_understood_is_indeterminate(question: Where, message: str) -> None:
    """And no request is said to fit it."""
    made = Prover({"now": world()}, fixed=FIXED, wheres=[question])
    assert message in made.never(question).why
    assert made.always(question).verdict == "indeterminate"
    assert not made.satisfiable(question)


def test_too_many_states_are_indeterminate() -> None:
    """The classes of a key that explode are reported with its name, whatever is asked."""
    resources = [f"arn:aws:q:eu:1:*{letter}*" for letter in "abcdefghijklmnopqrst"]
    of = world(*({"Resource": resource} for resource in resources))
    answer = never(of, where(("action", "in", "s3:*")))
    assert answer.verdict == "indeterminate"
    assert answer.why == f"resource: values of resource are told apart by more than {LIMIT} states"


def test_a_solver_that_gives_up_is_indeterminate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of time is not proved."""
    made = Prover({"now": world()}, fixed=FIXED, wheres=[ANYTHING])
    monkeypatch.setattr(made._solver, "check", lambda *_: z3.unknown)
    monkeypatch.setattr(made._solver, "reason_unknown", lambda: "timeout")
    assert made.never(ANYTHING) == Answer(verdict="indeterminate", why="the solver gave up: timeout")
    assert not made.satisfiable(ANYTHING)


def test_a_disagreement_is_indeterminate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that the evaluator does not confirm is shown, and the answer is not one."""
    monkeypatch.setattr(
        prover, "decide", lambda request, of, reading: decide(request, world({"Action": "q:*"}), reading)
    )
    answer = never(world(), where(("action", "in", "s3:*")))
    assert answer.verdict == "indeterminate"
    assert answer.request is not None
    assert "one of the two is wrong" in answer.why


def test_what_is_asked_must_be_announced() -> None:
    """A question or a world that the prover was not made for is a mistake of the caller."""
    made = Prover({"now": world()}, fixed=FIXED, wheres=[ANYTHING])
    with pytest.raises(ValueError, match="none of those"):
        made.never(where(INVOKE))
    with pytest.raises(ValueError, match="world 'then' is none of now"):
        made.never(ANYTHING, "then")
    for fixed, worlds in (
        ({}, (world(), world(account=OTHER))),
        ({}, (world(account=""),)),
        ({"aws:principalarn": "app"}, (world(),)),
    ):
        with pytest.raises(ValueError, match="expected an ARN, or worlds of one account"):
            Prover(dict(enumerate(worlds)), fixed=fixed, wheres=[])  # type: ignore[arg-type]  # names do not matter


def test_questions_have_rows() -> None:
    """Any row, all of its conditions; no pattern fits nothing, and no row is no question."""
    made = {
        "either": Where((where(("action", "in", "q:a")).rows[0], where(("action", "in", "q:b")).rows[0])),
        "both": where(("action", "in", "q:*"), ("action", "not_in", "q:a")),
        "nothing": where(("action", "in", ())),
        "everything": where(("s3:prefix", "not_in", ())),
        "no row": Where(()),
        "several": where(("aws:tagkeys", "in", "a"), ("aws:tagkeys", "not_in", "b")),
    }
    of = Prover({"now": world()}, fixed=FIXED, wheres=list(made.values()))
    assert [name for name, one in made.items() if of.satisfiable(one)] == ["either", "both", "everything", "several"]
    for name in ("either", "both", "everything", "several"):
        found = of.never(made[name])
        assert found.request is not None
        assert made[name].holds(found.request)
    request = Request(ROLE, "q:A", "*", {"aws:TagKeys": ("a", "c")})
    assert [name for name, one in made.items() if one.holds(request)] == ["either", "everything", "several"]


def test_axioms_leave_what_they_are_about() -> None:
    """Vacuity: what each axiom speaks of can happen, and only as it says."""
    for axiom in axioms():
        about = Where((axiom.when,))
        against = Where(tuple((*axiom.when, Clause(clause.key, "not_in", clause.patterns)) for clause in axiom.then))
        made = Prover({"now": world()}, fixed=FIXED, wheres=[about, against])
        answer = made.never(about)
        assert answer.request is not None, axiom.says
        assert axiom.holds(answer.request)
        assert not made.satisfiable(against), axiom.says


def test_a_deny_on_a_resource_never_meets_an_action_without_one() -> None:
    """The classic mistake: such a Deny of switching the log off is found not to hold."""
    question = where(("action", "in", "bedrock:DeleteModelInvocationLoggingConfiguration"))
    deny = {"Effect": "Deny", "Action": "bedrock:*", "Resource": "arn:aws:bedrock:*:*:*"}
    answer = never(world(EVERYTHING, deny), question)
    assert answer.request is not None
    assert answer.request.resource == "*"
    assert never(world(EVERYTHING, {**deny, "Resource": "*"}), question).verdict == "proved"


def test_both_readings_are_asked() -> None:
    """A promise that only the reading keeps, in which a star stays in its part, is broken in the other one."""
    of = world({"Resource": "arn:aws:q:*:111122223333:thing/own"})
    question = where(
        ("resource", "not_in", "arn:aws:q:??-*-?:111122223333:thing/own"), ("resource", "in", "arn:aws:q:eu-west-1:*:*")
    )
    verdicts = [
        Prover({"now": of}, fixed=FIXED, wheres=[question], reading=reading).never(question).verdict
        for reading in ("documented", "strict")
    ]
    assert verdicts == ["broken", "proved"]
