"""Two estates: nothing new is allowed but what is listed, for any request there can be."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from llmlz.access.bundle import Bundle
from llmlz.access.evaluate import decide
from llmlz.access.patterns import Reading
from llmlz.access.proof.compare import CHANGE, MOST_COMBINATIONS, additions, compare
from llmlz.access.proof.properties import PropertyError
from llmlz.access.proof.run import READINGS, Proof
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.cli.proving import subjects_of
from tests.access.proof.change import Change, added, changed, changed_boundary, dropped, planted
from tests.access.proof.estates import everybody, one, whole

TEAM, POLICY = "team-t001", "t001-role-policy"
DOCUMENTED: tuple[Reading, ...] = ("documented",)
MORE = added(Sid="More", Effect="Allow", Action=["dynamodb:GetItem", "dynamodb:Query"], Resource="*")
OTHERS = {"team_pipeline": "proved", "knowledge_base": "proved", "neighbour": "proved", "stranger": "proved"}
"""Whoever else there is around a team: nothing is new for them."""

LISTED = {"action": ["dynamodb:GetItem", "dynamodb:Query"], "principal": "*:role/llmlz-zone-2-t001"}


def of(found: Bundle, stack: str = TEAM) -> tuple[Subject, ...]:
    """Subjects of one stack."""
    return tuple(subject for subject in subjects_of(found) if subject.stack == stack)


def wider(change: Change, resource: str = POLICY) -> tuple[Subject, ...]:
    """Subjects of a team after one of its policies was changed."""
    return of(planted(whole(), changed(whole().graphs[TEAM], resource, "policy", change)))


def now() -> tuple[Subject, ...]:
    """The same subjects as they are."""
    return tuple(subject for subject in everybody() if subject.stack == TEAM)


def verdicts(proofs: Sequence[Proof]) -> dict[str, str]:
    """Kind of principal to verdict."""
    return {proof.kind: proof.verdict for proof in proofs}


def found_for(new: Sequence[Subject], listed: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    """The verdicts against the team as it is, in the documented reading."""
    return verdicts(compare(now(), new, listed, DOCUMENTED))


def test_the_same_estate_allows_nothing_new() -> None:
    """Every subject once in each reading."""
    proofs = compare(everybody(), everybody())
    assert [(p.subject, p.reading) for p in proofs] == [(str(s), r) for s in everybody() for r in READINGS]
    assert Counter((proof.verdict, proof.property) for proof in proofs) == {("proved", CHANGE): len(proofs)}


def test_less_is_nothing_new() -> None:
    """A statement fewer, a narrower resource, one more Deny."""
    assert found_for(wider(dropped("ReadOwnSecret"))) == {"team": "proved", **OTHERS}
    deny = added(Sid="More", Effect="Deny", Action="s3:*", Resource="*")
    assert found_for(wider(deny)) == {"team": "proved", **OTHERS}


def test_the_same_in_other_words_is_nothing_new() -> None:
    """What counts is what is allowed, not how it is written."""

    def split(document: Any) -> Any:
        listed = [each for each in document["Statement"] if each["Sid"] != "ReadOwnSecret"]
        (own,) = (each for each in document["Statement"] if each["Sid"] == "ReadOwnSecret")
        parts = [{**own, "Sid": f"Part{number}", "Action": action} for number, action in enumerate(own["Action"])]
        return {**document, "Statement": [*reversed(listed), *parts]}

    assert found_for(wider(split)) == {"team": "proved", **OTHERS}


@pytest.mark.parametrize("reading", READINGS)
def test_a_widened_policy_is_found(reading: Any) -> None:
    """With a request that the new set allows and the old one refused, and the statement that allows it."""
    (old, *_), (new, *_) = now(), wider(MORE)
    proof, *others = compare(now(), wider(MORE), readings=(reading,))
    assert (proof.verdict, verdicts(others)) == ("broken", OTHERS)
    raw: Any = proof.request
    request = Request(raw["principal"], raw["action"], raw["resource"], raw["context"])
    assert decide(request, old.world, reading).outcome == "denied"
    assert decide(request, new.world, reading).outcome == "allowed"
    assert any(text.startswith("Allow More of identity t001-role-policy (components/") for text in proof.through)


def test_a_widened_action_that_the_boundary_refuses_is_nothing_new() -> None:
    """The other layers count: what nobody may do is not new."""
    roles = added(Sid="More", Effect="Allow", Action="iam:CreateRole", Resource="*")
    assert found_for(wider(roles)) == {"team": "proved", **OTHERS}


def test_a_wider_layer_above_is_found() -> None:
    """A boundary that lets go of a Deny shows where a policy below it allows."""
    widened = changed_boundary(whole().intent, "llmlz-boundary", lambda _: _EVERYTHING)
    more = added(Sid="More", Effect="Allow", Action="ec2:RunInstances", Resource="*")
    role = changed(whole().graphs[TEAM], POLICY, "policy", more)
    assert found_for(of(planted(whole(), role))) == {"team": "proved", **OTHERS}
    without = {**OTHERS, "knowledge_base": "broken"}  # its keys are denied to it where one is called like the state's
    assert found_for(of(planted(whole(), role, intent=widened))) == {"team": "broken", **without}


def test_an_open_resource_policy_is_found_for_the_neighbours() -> None:
    """Who gains need not be whose policy it is."""
    assert found_for(wider(_allow_all, "t001-secret-policy"))["neighbour"] == "broken"


def test_what_is_listed_is_accepted() -> None:
    """In as many shapes as it takes."""
    assert found_for(wider(MORE), [LISTED])["team"] == "proved"
    parts = [{**LISTED, "action": action} for action in LISTED["action"]]
    assert found_for(wider(MORE), parts)["team"] == "proved"


@pytest.mark.parametrize(
    "listed",
    [
        {**LISTED, "action": "dynamodb:Query"},
        {**LISTED, "principal": "*:role/llmlz-zone-2-t002"},
        {**LISTED, "resource": "$own_prefix"},
        {**LISTED, "aws:SourceVpce": {"is": "present"}},
        {**LISTED, "resource": {"not_in": "$own_prefix"}, "aws:SourceVpce": {"is": "absent"}},
    ],
)
def test_what_is_listed_in_part_is_not_enough(listed: Mapping[str, Any]) -> None:
    """Another action, principal, resource or context is still new."""
    assert found_for(wider(MORE), [listed])["team"] == "broken"


@pytest.mark.parametrize(
    ("how", "other", "operator"), [("absent", "present", "StringNotLike"), ("present", "absent", "StringLike")]
)
def test_an_addition_can_ask_for_a_key_or_for_none(how: str, other: str, operator: str) -> None:
    """What is allowed without an endpoint is listed as that, and not as the opposite."""
    only = {operator: {"aws:SourceVpce": "*"}}
    new = wider(added(Sid="More", Effect="Allow", Action="dynamodb:Query", Resource="*", Condition=only))
    assert found_for(new, [{"action": "dynamodb:Query", "aws:SourceVpce": {"is": how}}])["team"] == "proved"
    assert found_for(new, [{"action": "dynamodb:Query", "aws:SourceVpce": {"is": other}}])["team"] == "broken"


def test_a_listed_addition_hides_nothing_else() -> None:
    """The counterexample is about what is not listed."""
    more = added(Sid="Other", Effect="Allow", Action="sns:Publish", Resource="*")
    (proof, *_) = compare(now(), wider(lambda document: more(MORE(document))), [LISTED], DOCUMENTED)
    assert (proof.verdict, proof.request and proof.request["action"]) == ("broken", "sns:Publish")


def test_a_new_team_must_be_listed() -> None:
    """Whoever was not there had no access; its role is listed as a whole, or each thing that it may do."""
    old = [subject for subject in everybody() if subject.stack != TEAM]
    new = [one("team", TEAM)]
    assert verdicts(compare(old, new, (), DOCUMENTED)) == {"team": "broken"}
    assert verdicts(compare(old, new, [{"action": "s3:*"}], DOCUMENTED)) == {"team": "broken"}
    role = {"action": "*", "principal": "arn:aws:iam::$account:role/llmlz-zone-2-t001"}
    assert verdicts(compare(old, new, [role], DOCUMENTED)) == {"team": "proved"}


def test_a_team_that_is_gone_is_nothing_new() -> None:
    """Only the new set is asked."""
    new = [subject for subject in everybody() if subject.stack == "platform-foundation"]
    assert {proof.verdict for proof in compare(everybody(), new, (), DOCUMENTED)} == {"proved"}


@pytest.mark.parametrize(
    ("given", "change"),
    [("name", lambda name: f"{name}-other"), ("tags", lambda tags: {**(tags or {}), "team": "other"})],
)
def test_a_changed_principal_is_not_decided(given: str, change: Change) -> None:
    """A role of another name, or with other tags, sends other requests: the old set cannot be asked about them."""
    role = changed(whole().graphs[TEAM], "t001-role", given, change)
    (proof, *_) = compare(now(), of(planted(whole(), role)), (), DOCUMENTED)
    assert (proof.kind, proof.verdict) == ("team", "indeterminate")
    assert "the principal has changed" in proof.why


def test_what_is_not_understood_is_not_decided() -> None:
    """On either side."""
    odd = wider(added(Sid="Odd", Effect="Allow", Action="s3:*", Resource="*", Condition={"Bool": {"q:Odd": "true"}}))
    assert verdicts(compare(now(), odd, (), DOCUMENTED))["team"] == "indeterminate"
    assert verdicts(compare(odd, now(), (), DOCUMENTED))["team"] == "indeterminate"


def test_too_many_combinations_are_an_error() -> None:
    """With the numbers; never a part of them."""
    shape = {"action": "a", "resource": "b", "aws:SourceVpce": "c", "aws:RequestedRegion": "d"}
    with pytest.raises(PropertyError, match=rf"have {4**7} combinations, {MOST_COMBINATIONS} are allowed"):
        compare(now(), now(), [shape] * 7)


def test_an_addition_may_name_what_only_teams_have() -> None:
    """It fits nobody else; for the team it is what the name stands for."""
    prefix = added(Sid="More", Effect="Allow", Action="s3:GetObjectTagging", Resource=f"{_own('own_prefix')}")
    shape = {"action": "s3:GetObjectTagging", "resource": "$own_prefix"}
    assert found_for(wider(prefix)) == {"team": "broken", **OTHERS}
    assert found_for(wider(prefix), [shape]) == {"team": "proved", **OTHERS}
    platform = one("administrator", "platform-reliable")
    assert verdicts(compare([platform], [platform, *wider(prefix)], [shape], DOCUMENTED))["administrator"] == "proved"


def test_an_addition_with_a_name_that_nobody_has_is_an_error() -> None:
    """A misspelt name must not be taken for one that only others have."""
    with pytest.raises(PropertyError, match=r"a name that nothing stands for: .*\$own_prefixes"):
        compare(now(), now(), [{"action": "s3:*", "resource": "$own_prefixes"}], DOCUMENTED)


def test_a_file_of_additions_is_read(tmp_path: Path) -> None:
    """A list of shapes as properties have them."""
    path = tmp_path / "listed.yaml"
    path.write_text("- {action: 's3:*', principal: '*'}\n- action: [a, b]\n", encoding="utf-8")
    assert additions(path) == ({"action": "s3:*", "principal": "*"}, {"action": ["a", "b"]})
    path.write_text("[]\n", encoding="utf-8")
    assert additions(path) == ()


@pytest.mark.parametrize("text", ["", "action: a\n", "- a\n", "- {resource: a}\n"])
def test_a_file_that_is_no_list_of_shapes_is_an_error(text: str, tmp_path: Path) -> None:
    """With its name: a list that is not understood must not accept anything."""
    path = tmp_path / "listed.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PropertyError, match=re.escape(f"{path}: expected a list of shapes, each with an action")):
        additions(path)


def _own(name: str) -> str:
    (value,) = one("team", TEAM).names[name]
    return value


_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def _allow_all(document: Any) -> Any:
    allow = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    return {**document, "Statement": [allow]}
