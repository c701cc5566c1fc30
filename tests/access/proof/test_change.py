"""Planted mistakes are planted: exactly one thing is changed, and the recorded graph stays as it was."""

import json
from collections.abc import Iterator

import pytest

from llmlz.graph.model import Graph
from tests.access.proof.change import added, beside, changed, changed_boundary, dropped, planted, statement, without
from tests.access.proof.estates import first, whole

TEAM, POLICY = "team-t001", "t001-role-policy"


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A team's graph; at the end of every test it is what it was."""
    recorded = whole().graphs[TEAM]
    before = recorded.to_json()
    yield recorded
    assert recorded.to_json() == before


def policy(graph: Graph) -> list[dict[str, object]]:
    """Statements of the team's policy."""
    found: list[dict[str, object]] = json.loads(graph.named(POLICY).inputs["policy"])["Statement"]
    return found


def test_one_statement_is_changed_and_nothing_else(graph: Graph) -> None:
    """The other statements, inputs and resources are the same; the input is JSON in a text again."""
    made = changed(graph, POLICY, "policy", statement("ReadOwnSecret", lambda each: {**each, "Resource": "*"}))
    expected = [{**each, "Resource": "*"} if each["Sid"] == "ReadOwnSecret" else each for each in policy(graph)]
    assert policy(made) == expected
    others = [resource for resource in graph.resources if resource.name != POLICY]
    assert [resource for resource in made.resources if resource.name != POLICY] == others


def test_a_statement_is_dropped_or_added(graph: Graph) -> None:
    """One fewer, and one more at the end."""
    fewer = policy(changed(graph, POLICY, "policy", dropped("ReadOwnSecret")))
    assert fewer == [each for each in policy(graph) if each["Sid"] != "ReadOwnSecret"]
    more = policy(changed(graph, POLICY, "policy", added(Sid="More", Effect="Allow", Action="*", Resource="*")))
    assert more == [*policy(graph), {"Sid": "More", "Effect": "Allow", "Action": "*", "Resource": "*"}]


def test_a_plain_text_is_given_as_it_is_and_can_be_taken_away(graph: Graph) -> None:
    """Not every input is a document."""
    role = graph.named("t001-role").inputs
    made = changed(graph, "t001-role", "permissionsBoundary", lambda arn: f"{arn}-other")
    assert made.named("t001-role").inputs["permissionsBoundary"] == f"{role['permissionsBoundary']}-other"
    gone = changed(graph, "t001-role", "permissionsBoundary", lambda _: None).named("t001-role").inputs
    assert gone == {key: value for key, value in role.items() if key != "permissionsBoundary"}


def test_a_resource_is_left_out_or_copied(graph: Graph) -> None:
    """One fewer; one more under another name, in the order of a graph."""
    assert len(without(graph, POLICY).resources) == len(graph.resources) - 1
    made = beside(graph, POLICY, "second", {"policy": "{}"})
    assert (made.named("second").inputs["policy"], made.named("second").type) == ("{}", graph.named(POLICY).type)
    assert [resource.urn for resource in made.resources] == sorted(resource.urn for resource in made.resources)


def test_a_boundary_is_changed_in_every_account() -> None:
    """Boundaries are no resources of a stack; the intent has their texts."""
    intent = whole().intent
    made = changed_boundary(intent, "llmlz-boundary", added(Sid="More", Effect="Allow", Action="*", Resource="*"))
    different = {arn for arn, text in made.boundaries.items() if text != intent.boundaries[arn]}
    assert different == {arn for arn in intent.boundaries if arn.endswith("policy/llmlz-boundary")}
    assert len(different) == len(intent.platforms)
    assert planted(whole(), intent=made).intent == made


def test_what_changes_nothing_is_an_error(graph: Graph) -> None:
    """A mistake that is not planted must not look like one that is found."""
    with pytest.raises(ValueError, match="has not changed"):
        changed(graph, POLICY, "policy", lambda document: document)
    with pytest.raises(ValueError, match="has not changed"):
        changed_boundary(whole().intent, "llmlz-boundary", lambda document: document)


def test_what_is_not_there_is_an_error(graph: Graph) -> None:
    """Resources, statements, boundaries and stacks are named; a name that fits nothing is told with those that exist."""
    with pytest.raises(KeyError, match="0 resources are called 'nothing'"):
        without(graph, "nothing")
    with pytest.raises(KeyError, match=r"no statement Nothing; there are .*ReadOwnSecret"):
        changed(graph, POLICY, "policy", dropped("Nothing"))
    with pytest.raises(KeyError, match="no boundary nothing; there are arn:aws:iam::"):
        changed_boundary(whole().intent, "nothing", added())
    with pytest.raises(KeyError, match="no stack team-t000; there are "):
        planted(first(whole(), 0), whole().graphs["team-t000"])
