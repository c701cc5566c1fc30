"""Data access policies of OpenSearch Serverless: who is let in to a collection, by a grammar of their own."""

import json
from collections.abc import Callable
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access.data_access import ACTION, COLLECTION, PERMISSIONS, POLICY, index_arn
from llmlz.access.documents import Document, Origin, parse
from llmlz.access.evaluate import Decision, decide
from llmlz.access.guards import guards
from llmlz.access.layers import output_of
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.graph.model import Graph, Resource

Recorded = Callable[[Callable[[], None]], Graph]
ACCOUNT = "111122223333"
CLAIMS, FRAUD = (f"arn:aws:iam::{ACCOUNT}:role/{team}" for team in ("claims", "fraud"))


def rule(*resources: str, kind: str = "index", permission: str = "aoss:ReadDocument") -> dict[str, Any]:
    """One rule."""
    return {"ResourceType": kind, "Resource": list(resources), "Permission": [permission]}


def element(*rules: dict[str, Any], to: str = CLAIMS, **more: Any) -> dict[str, Any]:
    """Rules for one principal."""
    return {"Rules": list(rules), "Principal": [to], **more}


def policy(name: str, *elements: dict[str, Any], kind: str = "data") -> None:
    """One data access policy."""
    aws.opensearch.ServerlessAccessPolicy(name, name=name, type=kind, policy=json.dumps(list(elements)))


def collections(*names: str) -> None:
    """Collections by their names."""
    for name in names:
        aws.opensearch.ServerlessCollection(name, name=name)


def ask(make: Callable[..., Document], role: str, collection: str, *graphs: Graph, iam: bool = True) -> Decision:
    """May the role use the data of the collection, where IAM lets it use all of them?"""
    graph = next(g for g in graphs if any(r.name == collection for r in g.resources))
    identity = make({"Sid": "Iam", "Effect": "Allow", "Action": ACTION, "Resource": "*"})
    world = World(account=ACCOUNT, identity=(identity,) if iam else (), guards=guards(*graphs))
    return decide(Request(role, ACTION, output_of(graph, graph.named(collection))), world)


@pytest.mark.parametrize(
    "named",
    [
        rule("index/vectors/*"),
        rule("index/vectors/claims*", permission="aoss:*"),
        rule("index/*/*"),
        rule("index/vec*/claims"),
        rule("index/other/*", "index/vectors/claims"),
        rule("collection/vectors", kind="collection", permission="aoss:DescribeCollectionItems"),
        rule("collection/vec*", kind="collection", permission="aoss:*"),
        rule("collection/*", kind="collection", permission="aoss:*"),
    ],
)
def test_a_named_role_is_let_in(make: Callable[..., Document], recorded: Recorded, named: dict[str, Any]) -> None:
    """By the collection or by an index in it, by name or by the start of it; nobody else is, and IAM must allow too."""

    def program() -> None:
        collections("vectors")
        policy("teams", element(named, Description="claims"))

    graph = recorded(program)
    decision = ask(make, CLAIMS, "vectors", graph)
    assert decision.outcome == "allowed"
    assert "Allow #1 of resource teams (tests/access/test_data_access.py:" in decision.reason
    assert ask(make, FRAUD, "vectors", graph).layer == "resource"
    assert ask(make, CLAIMS, "vectors", graph, iam=False).layer == "identity"


def test_policies_add_up(make: Callable[..., Document], recorded: Recorded) -> None:
    """Two policies, and two elements of one, each let somebody in; a third collection lets nobody in."""

    def program() -> None:
        collections("vectors", "notes", "empty")
        policy("one", element(rule("index/vectors/*")), element(rule("index/notes/*"), to=FRAUD))
        policy("two", element(rule("index/vectors/fraud"), to=FRAUD))

    graph = recorded(program)
    may = {(r, c): ask(make, r, c, graph).outcome for r in (CLAIMS, FRAUD) for c in ("vectors", "notes", "empty")}
    assert {key for key, outcome in may.items() if outcome == "allowed"} == {
        (CLAIMS, "vectors"),
        (FRAUD, "vectors"),
        (FRAUD, "notes"),
    }
    assert set(may.values()) == {"allowed", "denied"}


def test_people_who_sign_in_elsewhere_are_no_roles(make: Callable[..., Document], recorded: Recorded) -> None:
    """They are let in and change nothing for roles."""

    def program() -> None:
        collections("vectors")
        policy("people", element(rule("index/vectors/*"), to=f"saml/{ACCOUNT}/idp/user/ann"))

    assert ask(make, CLAIMS, "vectors", recorded(program)).outcome == "denied"


def test_a_team_stack_may_speak_of_the_platforms_collection(make: Callable[..., Document], recorded: Recorded) -> None:
    """Policies of all graphs of the account count for a collection of one of them."""
    platform = recorded(lambda: collections("vectors"))
    team = recorded(lambda: policy("mine", element(rule("index/vectors/claims"))))
    assert ask(make, CLAIMS, "vectors", platform).outcome == "denied"
    assert ask(make, CLAIMS, "vectors", platform, team).outcome == "allowed"


GOOD = element(rule("index/vectors/*"))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([], "the policy must be a list with at least one item"),
        ({"Rules": []}, "the policy must be a list"),
        (["x"], "element 1 is not an object"),
        ([{**GOOD, "Effect": "Deny"}], "element 1: element 'Effect' is not understood"),
        ([{**GOOD, "Principal": []}], "element 1: Principal must be a list"),
        ([GOOD, {**GOOD, "Principal": ["*"]}], f"element 2: Principal '*' is no role or user of account {ACCOUNT}"),
        ([{**GOOD, "Principal": ["arn:aws:iam::444455556666:role/x"]}], "is no role or user of account"),
        ([{**GOOD, "Principal": [f"arn:aws:sts::{ACCOUNT}:assumed-role/x/y"]}], "is no role or user of account"),
        ([{**GOOD, "Rules": [rule("index/vectors/*", kind="model")]}], "ResourceType is 'model'"),
        ([{**GOOD, "Rules": [rule("collection/vectors")]}], "index 'collection/vectors' is not understood"),
        ([{**GOOD, "Rules": [rule("index/vec*ors/*")]}], "index 'index/vec*ors/*' is not understood"),
        ([{**GOOD, "Rules": [rule("index/vectors/a?")]}], "index 'index/vectors/a?' is not understood"),
        (
            [{**GOOD, "Rules": [rule("index/vectors/*", permission="aoss:Everything")]}],
            "index permission 'aoss:Everything'",
        ),
        ([{**GOOD, "Rules": [{"Resource": ["index/vectors/*"]}]}], "ResourceType is None"),
    ],
)
def test_what_is_not_understood_leaves_every_collection_undecided(
    make: Callable[..., Document], recorded: Recorded, bad: Any, said: str
) -> None:
    """A policy may be about any collection, so one that cannot be read leaves all of them open."""

    def program() -> None:
        collections("vectors")
        aws.opensearch.ServerlessAccessPolicy("bad", name="bad", type="data", policy=json.dumps(bad))

    decision = ask(make, CLAIMS, "vectors", recorded(program))
    assert decision.outcome == "indeterminate"
    assert "data access policy bad: " in decision.reason
    assert said in decision.reason


def test_a_collection_or_policy_of_an_unknown_form_is_undecided(
    make: Callable[..., Document], recorded: Recorded
) -> None:
    """No name to go by, no JSON, another type."""

    def nameless() -> None:
        aws.opensearch.ServerlessCollection("vectors")
        policy("teams", GOOD)

    assert "no name of its own" in ask(make, CLAIMS, "vectors", recorded(nameless)).reason

    def broken() -> None:
        collections("vectors")
        aws.opensearch.ServerlessAccessPolicy("bad", name="bad", type="data", policy="[")

    assert "not JSON" in ask(make, CLAIMS, "vectors", recorded(broken)).reason

    def other() -> None:
        collections("vectors")
        policy("bad", GOOD, kind="retention")

    assert "type 'retention' is not understood" in ask(make, CLAIMS, "vectors", recorded(other)).reason


NAMES = st.text("ab-", min_size=1, max_size=3)
STARTS = st.tuples(st.sampled_from(["", "a", "ab", "b-"]), st.booleans()).filter(any)


@given(NAMES, st.lists(st.tuples(st.sampled_from(["collection", "index"]), STARTS), min_size=1, max_size=3))
def test_names_and_starts_of_names(name: str, rules: list[tuple[str, tuple[str, bool]]]) -> None:
    """A collection is let to a role exactly when some rule names it, or the start of its name and a star."""
    below = {"collection": "", "index": "/team*"}
    permission = {"collection": "aoss:*", "index": "aoss:WriteDocument"}
    texts = [(kind, start + "*" * star) for kind, (start, star) in rules]
    asked = [rule(f"{kind}/{text}{below[kind]}", kind=kind, permission=permission[kind]) for kind, text in texts]
    resources = (
        live(COLLECTION, "c", {"name": name}, {"arn": "arn:aws:aoss:eu-central-1:111122223333:collection/c"}),
        live(POLICY, "p", {"type": "data", "policy": json.dumps([element(*asked)])}, {}),
    )
    graph = Graph(project="p", stack="s", resources=resources, account=ACCOUNT, region="eu-central-1")
    calls, operations = guards(graph)
    assert calls.document.undecided is operations.document.undecided is None
    fitting = [kind for kind, (start, star) in rules if (name.startswith(start) if star else name == start)]
    assert bool(calls.document.statements) is bool(fitting)
    assert bool(operations.document.statements) is ("index" in fitting)


PARTS = st.sampled_from(["a", "ab", "b", "a-b", ""])
RULES = st.lists(
    st.tuples(
        st.sampled_from(["vectors", "vec*", "notes", "*"]),
        st.tuples(PARTS, st.booleans()).map(lambda part: part[0] + "*" * part[1]),
        st.sampled_from([*PERMISSIONS["index"], "aoss:*"]),
        st.sampled_from([CLAIMS, FRAUD]),
    ),
    max_size=4,
)


@given(
    RULES,
    st.sampled_from(["a", "ab", "b", "a-b"]),
    st.sampled_from(PERMISSIONS["index"]),
    st.sampled_from([CLAIMS, FRAUD]),
)
def test_what_a_role_does_with_an_index(
    rules: list[tuple[str, str, str, str]], index: str, operation: str, role: str
) -> None:
    """Exactly what some rule names: this role, this operation, and the index by its name or the start of it."""
    asked = [element(rule(f"index/{where}/{name}", permission=may), to=who) for where, name, may, who in rules]
    resources = (
        live(COLLECTION, "c", {"name": "vectors"}, {"arn": "arn:aws:aoss:eu-central-1:111122223333:collection/c"}),
        *(live(POLICY, "p", {"type": "data", "policy": json.dumps(asked)}, {}) for _ in asked[:1]),
    )
    graph = Graph(project="p", stack="s", resources=resources, account=ACCOUNT, region="eu-central-1")
    everything = parse(
        json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
        Origin(layer="identity", name="everything"),
    )
    world = World(account=ACCOUNT, identity=(everything,), guards=guards(graph))
    expected = any(
        fits(where, "vectors") and fits(name, index) and may in (operation, "aoss:*") and who == role
        for where, name, may, who in rules
    )
    decided = decide(Request(role, operation, index_arn(graph, "vectors", index)), world)
    assert decided.outcome == ("allowed" if expected else "denied")


def fits(pattern: str, name: str) -> bool:
    """A name, or the start of one and a star."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == name


def live(token: str, name: str, inputs: dict[str, str], outputs: dict[str, str]) -> Resource:
    """A resource as a state has it."""
    urn = f"urn:pulumi:s::p::{token}::{name}"
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, outputs=outputs)
