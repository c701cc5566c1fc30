"""The packer loses nothing, changes no meaning, and keeps AWS's limits or refuses with the numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components._policy import Statement
from components.organization import PolicyTooLongError, minified, pack

Statements = Mapping[str, Sequence[Statement]]


def deny(sid: str, actions: Sequence[str], **more: Any) -> dict[str, Any]:
    """A Deny on everything."""
    return {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": "*", **more}


def meaning(found: Iterable[Mapping[str, Any]]) -> set[str]:
    """What statements deny, one text per action where actions can be told apart; Sids mean nothing."""
    said = set()
    for statement in found:
        rest = {key: value for key, value in statement.items() if key != "Sid"}
        if "Action" in rest and "NotResource" not in rest:
            said |= {json.dumps({**rest, "Action": action}, sort_keys=True) for action in rest["Action"]}
        else:
            said.add(json.dumps(rest, sort_keys=True))
    return said


ACTIONS = st.lists(st.sampled_from([f"service:Action{n}" for n in range(40)]), min_size=1, max_size=20, unique=True)
CONDITIONS = st.sampled_from([{}, {"Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}}])


@st.composite
def statement(draw: st.DrawFn) -> dict[str, Any]:
    """A Deny of any of the four shapes."""
    action, resource = (
        draw(st.sampled_from(["Action", "NotAction"])),
        draw(st.sampled_from(["Resource", "NotResource"])),
    )
    return {"Effect": "Deny", action: draw(ACTIONS), resource: ["arn:aws:s3:::any"], **draw(CONDITIONS)}


@st.composite
def groups(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Groups of statements, with Sids that are unique throughout."""
    found = draw(st.dictionaries(st.sampled_from(["models", "calls", "doors"]), st.lists(statement(), max_size=6)))
    return {g: [{"Sid": f"{g}{n}", **s} for n, s in enumerate(members)] for g, members in found.items()}


def packed_or_refused(found: Statements, longest: int, most: int) -> dict[str, dict[str, Any]] | str:
    """The documents, or the message of the refusal."""
    try:
        return pack(found, longest=longest, most=most)
    except PolicyTooLongError as error:
        return str(error)


@settings(max_examples=150, deadline=None)
@given(groups(), st.integers(200, 1500), st.integers(1, 12))
def test_nothing_is_lost_nothing_changed_and_limits_are_kept_or_refused(
    found: Statements, longest: int, most: int
) -> None:
    """For any groups and any limits."""
    packed = packed_or_refused(found, longest, most)
    if isinstance(packed, str):
        assert f"{longest} are allowed" in packed or f"{most} are allowed" in packed
        return
    assert len(packed) <= most
    assert all(len(minified(document)) <= longest for document in packed.values())
    for group, members in found.items():
        home = [d for name, d in packed.items() if name == group or name.startswith(f"{group}-")]
        assert meaning(s for document in home for s in document["Statement"]) == meaning(members)
    for document in packed.values():
        sids = [s["Sid"] for s in document["Statement"]]
        assert document["Version"] == "2012-10-17"
        assert len(set(sids)) == len(sids) > 0


@settings(max_examples=50, deadline=None)
@given(groups(), statement())
def test_a_group_that_grows_moves_no_statement_of_another(found: dict[str, Any], more: dict[str, Any]) -> None:
    """Two policies are not updated at one moment: a statement between two homes would be in force nowhere."""
    before = pack(found, longest=4000, most=99)
    grown = {**found, "models": [*found.get("models", []), {"Sid": "More", **more}]}
    after = pack(grown, longest=4000, most=99)
    assert {n: d for n, d in after.items() if not n.startswith("models")} == {
        n: d for n, d in before.items() if not n.startswith("models")
    }


def test_a_group_that_is_too_long_gets_more_documents_of_its_own() -> None:
    """In its order, so that what stood first stays where it was."""
    found = [deny(f"S{n}", [f"service:Action{n}"]) for n in range(4)]
    two = len(minified({"Version": "2012-10-17", "Statement": found[:2]}))
    packed = pack({"doors": found}, longest=two, most=2)
    assert list(packed) == ["doors", "doors-2"]
    assert [s["Sid"] for s in packed["doors"]["Statement"]] == ["S0", "S1"]


def test_a_deny_that_is_too_long_is_divided_by_its_actions() -> None:
    """Each part denies some of them on the same resources under the same condition."""
    condition = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/any"}}
    actions = [f"service:Action{n:02}" for n in range(20)]
    packed = pack({"doors": [deny("Long", actions, Condition=condition)]}, longest=400, most=4)
    parts = [s for document in packed.values() for s in document["Statement"]]
    assert [a for part in parts for a in part["Action"]] == actions
    assert all(part["Condition"] == condition and part["Resource"] == "*" for part in parts)
    assert [part["Sid"] for part in parts] == ["Long", "LongPart2", "LongPart3", "LongPart4"][: len(parts)]
    assert len(parts) > 1


@pytest.mark.parametrize(
    "whole",
    [
        {"Sid": "Models", "Effect": "Deny", "Action": ["a:b", "a:c"], "NotResource": ["arn:aws:x"] * 50},
        {"Sid": "Regions", "Effect": "Deny", "NotAction": [f"a:Action{n}" for n in range(50)], "Resource": "*"},
        {"Sid": "Granted", "Effect": "Allow", "Action": [f"a:Action{n}" for n in range(50)], "Resource": "*"},
        deny("Condition", ["a:b", "a:c"], Condition={"StringNotEquals": {"a:key": ["value"] * 80}}),
    ],
)
def test_what_cannot_be_divided_is_refused_with_the_numbers(whole: dict[str, Any]) -> None:
    """Two Denies with NotResource or NotAction deny everything; a long condition stays long."""
    size = len(minified({"Version": "2012-10-17", "Statement": [whole]}))
    with pytest.raises(PolicyTooLongError) as caught:
        pack({"models": [whole]}, longest=400, most=9)
    for part in (whole["Sid"], f"takes {size} characters", "400 are allowed", "approve fewer models"):
        assert part in str(caught.value)


def test_too_many_documents_are_refused_with_the_numbers() -> None:
    """Before AWS would refuse the last of them, with the others attached."""
    found = {name: [deny(name.title(), ["a:b"])] for name in ("models", "calls", "doors")}
    with pytest.raises(PolicyTooLongError, match=r"3 policy documents \(models, calls, doors\), 2 are allowed"):
        pack(found, longest=5120, most=2)


def test_a_group_without_statements_gets_no_document() -> None:
    """AWS refuses an empty one."""
    assert pack({"models": []}, longest=5120, most=1) == {}


def test_two_groups_never_share_a_name() -> None:
    """A second document of one group cannot take the name of another group."""
    found = {"doors": [deny(f"S{n}", [f"a:B{n}"]) for n in range(2)], "doors-2": [deny("Other", ["a:c"])]}
    with pytest.raises(ValueError, match="another group's"):
        pack(found, longest=150, most=9)


def test_text_has_no_white_space_to_pay_for() -> None:
    """Through the API every character counts."""
    assert minified({"a": [1, 2], "b": "c d"}) == '{"a":[1,2],"b":"c d"}'
