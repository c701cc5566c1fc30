"""Planned beside deployed: what differs is said, and what does not differ is not."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access.organization import AI_OPT_OUT, BEDROCK, SERVICE_CONTROL
from llmlz.organization.compare import Difference, compare, meaning
from llmlz.organization.snapshot import Attached
from tests.organization.graphs import (
    LOGS_STAY,
    NO_MANTLE,
    OPT_OUT,
    attached,
    document,
    graph,
    policy,
    snapshot,
)
from tests.organization.test_files import guardrail_graph

DOORS, LEARNING = document(NO_MANTLE, LOGS_STAY), json.dumps(OPT_OUT)
PLAN = graph(policy("doors", DOORS), policy("learning", LEARNING, AI_OPT_OUT, "new-unit"))
AS_PLANNED: dict[str, Any] = {
    "old": [attached("doors", DOORS)],
    "new": [attached("learning", LEARNING, AI_OPT_OUT)],
}


def said(found: tuple[Difference, ...]) -> list[str]:
    """Each difference as one line."""
    return [str(difference) for difference in found]


def test_what_is_deployed_as_planned_is_no_difference() -> None:
    """A unit by its id, and one that the stack makes by its name; AWS's own policies are nobody's addition."""
    assert compare(PLAN, snapshot(**AS_PLANNED)) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"old": []},
            "missing: SERVICE_CONTROL_POLICY llmlz-doors on unit theirs (ou-ab12-existing1): it is attached nowhere",
        ),
        (
            {"old": [attached("doors", document(NO_MANTLE, {**LOGS_STAY, "Resource": "arn:aws:s3:::b"}))]},
            "changed: SERVICE_CONTROL_POLICY llmlz-doors on unit theirs (ou-ab12-existing1):"
            " not deployed: LogsStay; deployed instead: LogsStay",
        ),
        (
            {"old": [attached("doors", document(NO_MANTLE))]},
            "changed: SERVICE_CONTROL_POLICY llmlz-doors on unit theirs (ou-ab12-existing1): not deployed: LogsStay",
        ),
        (
            {"old": [attached("doors", document({**NO_MANTLE, "Effect": "Never"}))]},
            "changed: SERVICE_CONTROL_POLICY llmlz-doors on unit theirs (ou-ab12-existing1):"
            " it cannot be read: statement NoMantle: Effect is 'Never', expected Allow or Deny",
        ),
        (
            {"new": [attached("learning", LEARNING.replace("optOut", "optIn"), AI_OPT_OUT)]},
            "changed: AISERVICES_OPT_OUT_POLICY llmlz-learning on unit team-accounts (ou-ab12-madehere1):"
            " it differs at services.default.opt_out_policy.@@assign",
        ),
        (
            {"old": [], "root": [attached("doors", DOORS)]},
            "wrong target: SERVICE_CONTROL_POLICY llmlz-doors on unit theirs (ou-ab12-existing1): it is attached to root",
        ),
        (
            {"root": [attached("loud", document(LOGS_STAY))]},
            "additional: SERVICE_CONTROL_POLICY llmlz-loud on root: it is not planned here",
        ),
        (
            {"new": [], "enabled": (SERVICE_CONTROL,)},
            "missing: AISERVICES_OPT_OUT_POLICY llmlz-learning on unit team-accounts (ou-ab12-madehere1):"
            " policies of this type are not enabled in the root",
        ),
        (
            {"targets": snapshot(**AS_PLANNED).targets[:3]},
            "undecided: AISERVICES_OPT_OUT_POLICY llmlz-learning on unit team-accounts:"
            " 0 targets of the snapshot are unit team-accounts; it is attached nowhere",
        ),
    ],
)
def test_every_difference_is_one_line(changed: dict[str, Any], expected: str) -> None:
    """Missing, changed, on the wrong target, additional: each with what and where, and nothing else is reported."""
    assert said(compare(PLAN, snapshot(**{**AS_PLANNED, **changed}))) == [expected]


def test_two_units_of_one_name_are_not_guessed() -> None:
    """The stack's unit has no id yet, and two deployed ones are called the same: neither is taken for it."""
    deployed = snapshot(**AS_PLANNED)
    twin = replace(deployed.targets[3], id="ou-ab12-anotherone", policies=())
    assert said(compare(PLAN, replace(deployed, targets=(*deployed.targets, twin)))) == [
        "undecided: AISERVICES_OPT_OUT_POLICY llmlz-learning on unit team-accounts: 2 targets of the snapshot are unit"
        " team-accounts; it is attached to unit team-accounts (ou-ab12-madehere1)"
    ]


def test_another_name_is_no_difference() -> None:
    """The owner may call a policy what they like; what it says decides."""
    theirs = Attached(id="p-1", name="scp-017", type=SERVICE_CONTROL, content=DOORS, aws_managed=False)
    assert compare(PLAN, snapshot(**{**AS_PLANNED, "old": [theirs]})) == ()


def test_an_unknown_plan_is_undecided() -> None:
    """A Bedrock policy with an invented guardrail equals nothing that is deployed."""
    deployed = attached("guarded", '{"bedrock":{}}', BEDROCK)
    found = compare(guardrail_graph(), snapshot(old=[deployed, attached("doors", document(NO_MANTLE))]))
    assert said(found) == [
        "undecided: BEDROCK_POLICY llmlz-guarded on unit theirs (ou-ab12-existing1):"
        " the plan holds guardrailArn of rail, known only after a deployment"
    ]


SAME: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another Sid": lambda s: {**s, "Sid": "Renamed"},
    "no Sid": lambda s: {key: value for key, value in s.items() if key != "Sid"},
    "a list of one": lambda s: {**s, "Resource": [s["Resource"]]},
    "other case of actions": lambda s: {**s, "Action": [action.upper() for action in s["Action"]]},
    "another order of actions": lambda s: {**s, "Action": s["Action"][::-1]},
    "another order of elements": lambda s: dict(reversed(s.items())),
    "other case of a key": lambda s: {**s, "Condition": {"ArnNotLike": {"AWS:principalarn": ["b", "a"]}}},
}
OTHER: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Allow for Deny": lambda s: {**s, "Effect": "Allow"},
    "NotAction for Action": lambda s: {("NotAction" if k == "Action" else k): v for k, v in s.items()},
    "NotResource for Resource": lambda s: {("NotResource" if k == "Resource" else k): v for k, v in s.items()},
    "one action less": lambda s: {**s, "Action": s["Action"][:1]},
    "another resource": lambda s: {**s, "Resource": "arn:aws:s3:::b"},
    "no condition": lambda s: {key: value for key, value in s.items() if key != "Condition"},
    "another operator": lambda s: {**s, "Condition": {"ArnLike": s["Condition"]["ArnNotLike"]}},
    "IfExists": lambda s: {**s, "Condition": {"ArnNotLikeIfExists": s["Condition"]["ArnNotLike"]}},
    "another value": lambda s: {**s, "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["a", "c"]}}},
}
STATEMENT = {**NO_MANTLE, "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["a", "b"]}}}


def arns(statement: dict[str, Any]) -> str:
    """A document with this statement, whose short names of principals become ARNs."""
    text = document(statement)
    for name in "abc":
        text = text.replace(f'"{name}"', f'"arn:aws:iam::*:role/{name}"')
    return text


@pytest.mark.parametrize("way", SAME)
def test_the_same_in_other_words_is_the_same(way: str) -> None:
    """Form does not matter."""
    assert meaning(SERVICE_CONTROL, arns(SAME[way](STATEMENT))) == meaning(SERVICE_CONTROL, arns(STATEMENT))


@pytest.mark.parametrize("way", OTHER)
def test_another_meaning_is_another(way: str) -> None:
    """One word of difference in any element is seen."""
    assert meaning(SERVICE_CONTROL, arns(OTHER[way](STATEMENT))) != meaning(SERVICE_CONTROL, arns(STATEMENT))


VALUES = st.recursive(
    st.booleans() | st.text("ab@", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab@", max_size=2), inner, max_size=2),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_declarative_policies_are_the_same_when_their_json_is(left: object, right: object) -> None:
    """Keys and lists of texts have no order, and a repeated text counts once; everything else counts."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ordered(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            texts = all(isinstance(inner, str) for inner in value)
            return sorted(set(value)) if texts else [ordered(inner) for inner in value]
        return value

    same = json.dumps(ordered(left)) == json.dumps(ordered(right))
    assert (meaning(AI_OPT_OUT, json.dumps(left)) == meaning(AI_OPT_OUT, json.dumps(right))) is same
