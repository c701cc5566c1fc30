"""Decisions: deny wins, every layer allows, and doubt is never an allow."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access import evaluate
from llmlz.access.documents import Document, Origin, parse, unknown
from llmlz.access.evaluate import Decision
from llmlz.access.explain import explain
from llmlz.access.request import Request
from llmlz.access.world import alone


def decide(request: Request, identity: Sequence[Document], boundary: Document | None = None) -> Decision:
    """The decision for a principal with its own policies and a boundary, and nothing around it."""
    return evaluate.decide(request, alone(identity, boundary))


ROLE = "arn:aws:iam::111122223333:role/app"
ALLOW: dict[str, Any] = {"Sid": "Yes", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}
DENY: dict[str, Any] = {"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
REQUEST = Request(ROLE, "s3:GetObject", "arn:aws:s3:::b/k")


def test_without_an_allow_nothing_is_allowed(make: Callable[..., Document]) -> None:
    """Implicit deny: no document, or none that fits."""
    assert decide(REQUEST, []).outcome == "denied"
    decision = decide(REQUEST, [make({**ALLOW, "Action": "s3:PutObject"})])
    assert (decision.outcome, decision.statement) == ("denied", None)
    assert decision.reason == "implicit deny: no statement of the identity layer allows it"


def test_an_allow_is_named(make: Callable[..., Document]) -> None:
    """The decision names the statement that allowed; actions are compared without case."""
    decision = decide(Request(ROLE, "S3:getobject", "arn:aws:s3:::b/k"), [make(ALLOW)])
    assert decision.outcome == "allowed"
    assert decision.statement is not None
    assert decision.statement.sid == "Yes"


def test_a_deny_in_any_layer_wins(make: Callable[..., Document]) -> None:
    """One Deny beats every Allow, in the boundary as well."""
    for identity, boundary in [
        ([make(ALLOW, DENY)], make(ALLOW)),
        ([make(ALLOW)], make(ALLOW, DENY, layer="boundary")),
    ]:
        decision = decide(REQUEST, identity, boundary)
        assert decision.outcome == "denied"
        assert decision.statement is not None
        assert decision.statement.sid == "No"


def test_a_boundary_limits_and_gives_nothing(make: Callable[..., Document]) -> None:
    """Both layers must allow: neither alone is enough."""
    narrow, wide = make({**ALLOW, "Action": "s3:PutObject"}, layer="boundary"), make(ALLOW, layer="boundary")
    assert decide(REQUEST, [make(ALLOW)], wide).outcome == "allowed"
    assert (
        decide(REQUEST, [make(ALLOW)], narrow).reason == "implicit deny: no statement of the boundary layer allows it"
    )
    assert decide(REQUEST, [], wide).outcome == "denied"


def test_an_unknown_operator_is_indeterminate(make: Callable[..., Document]) -> None:
    """It does not matter whether another statement would allow: the document could deny."""
    strange = {**DENY, "Condition": {"BinaryEquals": {"s3:x-amz-checksum": "QQ=="}}}
    decision = decide(REQUEST, [make(ALLOW), make(strange)])
    assert decision.outcome == "indeterminate"
    assert "BinaryEquals" in decision.reason


def test_what_is_certain_decides_over_what_is_not(make: Callable[..., Document]) -> None:
    """A Deny that applies, and a boundary that does not allow, are final whatever an unreadable document says."""
    unreadable = unknown(Origin(layer="identity", name="lost"), "the text was not given")
    assert decide(REQUEST, [unreadable, make(DENY)]).outcome == "denied"
    elsewhere = make({**ALLOW, "Action": "s3:PutObject"}, layer="boundary")
    assert decide(REQUEST, [unreadable], elsewhere).outcome == "denied"
    assert decide(REQUEST, [unreadable]).outcome == "indeterminate"
    assert decide(REQUEST, [make(ALLOW)], unreadable).outcome == "indeterminate"


def test_a_missing_variable_gives_nothing_and_does_not_lift_a_deny(make: Callable[..., Document]) -> None:
    """AWS may take the whole statement as invalid: an Allow is then lost, and a Deny cannot be relied on."""
    own = {**ALLOW, "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}*"}
    tagged = Request(ROLE, "s3:GetObject", "arn:aws:s3:::b/claims1", {"aws:PrincipalTag/team": "claims"})
    assert decide(tagged, [make(own)]).outcome == "allowed"
    assert decide(REQUEST, [make(own)]).outcome == "denied"
    foreign = {**DENY, "Condition": {"StringNotEquals": {"s3:ResourceTag/team": "${aws:PrincipalTag/team}"}}}
    held = Request(ROLE, "s3:GetObject", "arn:aws:s3:::b/k", {"s3:ResourceTag/team": "fraud"})
    assert decide(held, [make(ALLOW, foreign)]).outcome == "indeterminate"


def test_not_action_and_not_resource(make: Callable[..., Document]) -> None:
    """They apply to everything else."""
    most = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"}
    assert decide(REQUEST, [make(most)]).outcome == "allowed"
    assert decide(Request(ROLE, "iam:GetRole", ROLE), [make(most)]).outcome == "denied"
    assert decide(Request(ROLE, "s3:GetObject", "arn:aws:s3:::secret/k"), [make(most)]).outcome == "denied"


def test_the_principal_is_a_condition_key(make: Callable[..., Document]) -> None:
    """``aws:PrincipalArn`` is there without being given, and cannot contradict the principal."""
    mine = {**ALLOW, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}}
    assert decide(REQUEST, [make(mine)]).outcome == "allowed"
    with pytest.raises(ValueError, match="the principal is"):
        Request(ROLE, "s3:GetObject", "*", {"aws:principalarn": "arn:aws:iam::111122223333:role/other"})


def test_an_explanation_names_what_kept_each_statement_out(make: Callable[..., Document]) -> None:
    """The lines hold the decision, and for each statement on this action the part that did not match."""
    tls = {**ALLOW, "Sid": "Tls", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    lines = explain(REQUEST, alone([make(tls, {**ALLOW, "Sid": "Other", "Action": "s3:PutObject"})]))
    assert lines[0] == "DENIED: s3:GetObject on arn:aws:s3:::b/k"
    assert lines[-1] == "    Allow Tls of identity test: Bool aws:securetransport true; the request has no such key"
    assert not any("Other" in line for line in lines)


ACTIONS = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "iam:PassRole", "S3:getobject"])
RESOURCES = st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::c"])
OPERATORS = st.sampled_from(["StringEquals", "StringNotLike", "StringLikeIfExists", "NumericEquals", "Null"])
CONDITIONS = st.dictionaries(
    OPERATORS,
    st.dictionaries(st.sampled_from(["aws:PrincipalTag/team", "aws:x"]), st.sampled_from(["true", "a*"]), min_size=1),
    max_size=2,
)


def statements(effects: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Statements of these effects, a few of which nobody can read."""
    return st.builds(
        lambda effect, action, resource, condition: {
            "Effect": effect,
            "Action": action,
            "Resource": resource,
            "Condition": condition,
        },
        st.sampled_from(effects),
        ACTIONS,
        RESOURCES,
        CONDITIONS,
    )


POLICIES = st.lists(st.lists(statements(["Allow", "Allow", "Deny"]), min_size=1, max_size=3), max_size=3)
REQUESTS = st.builds(
    lambda action, resource, context: Request(ROLE, action, resource, context),
    st.sampled_from(["s3:GetObject", "iam:PassRole"]),
    st.sampled_from(["arn:aws:s3:::b/true", "arn:aws:s3:::c", "*"]),
    st.dictionaries(st.sampled_from(["aws:PrincipalTag/team", "aws:x"]), st.sampled_from(["true", "a1", "b"])),
)


def documents(policies: list[list[dict[str, Any]]]) -> list[Document]:
    """One document per list of statements."""
    origin = Origin(layer="identity", name="random")
    return [parse({"Version": "2012-10-17", "Statement": policy}, origin) for policy in policies]


@given(POLICIES, REQUESTS, statements(["Deny"]))
def test_adding_a_deny_never_allows_more(
    policies: list[list[dict[str, Any]]], request_: Request, deny: dict[str, Any]
) -> None:
    """Whatever was not allowed before is not allowed after."""
    before, after = decide(request_, documents(policies)), decide(request_, documents([*policies, [deny]]))
    assert after.outcome != "allowed" or before.outcome == "allowed"
    assert before.outcome != "denied" or before.statement is None or after.outcome == "denied"


@given(POLICIES, POLICIES, REQUESTS)
def test_adding_an_unrelated_allow_changes_nothing(
    policies: list[list[dict[str, Any]]], boundary: list[list[dict[str, Any]]], request_: Request
) -> None:
    """An Allow of another service is no reason to deny, or to allow."""
    unrelated = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
    limit = documents(boundary[:1])[0] if boundary else None
    before = decide(request_, documents(policies), limit)
    assert decide(request_, documents([*policies, unrelated]), limit).outcome == before.outcome


@given(POLICIES, POLICIES, REQUESTS)
def test_a_boundary_never_allows_more(
    policies: list[list[dict[str, Any]]], boundary: list[list[dict[str, Any]]], request_: Request
) -> None:
    """With a boundary, only what was allowed without one can be allowed."""
    for limit in documents(boundary):
        if decide(request_, documents(policies), limit).outcome == "allowed":
            assert decide(request_, documents(policies)).outcome == "allowed"
