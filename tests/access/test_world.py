"""The layers of a world: what each of them can give, what it can take, and who is named for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access.documents import Document, Layer, Origin, parse, unknown
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import Guard, World

HOME, AWAY = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/app"
KEY = f"arn:aws:kms:eu-central-1:{HOME}:key/k"
DECRYPT = Request(ROLE, "kms:Decrypt", KEY, {"aws:SourceVpce": "vpce-1"})

Make = Callable[..., Document]


def allow(action: str = "kms:*", sid: str = "Yes", **elements: Any) -> dict[str, Any]:
    """An Allow of every resource."""
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*", **elements}


def deny(sid: str = "No", **elements: Any) -> dict[str, Any]:
    """A Deny of everything to do with keys."""
    return {"Sid": sid, "Effect": "Deny", "Action": "kms:*", "Resource": "*", **elements}


ANYONE: dict[str, Any] = {"Principal": "*"}
ACCOUNT: dict[str, Any] = {"Principal": {"AWS": HOME}}
ITSELF: dict[str, Any] = {"Principal": {"AWS": ROLE}}
SOMEONE: dict[str, Any] = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:role/other"}}
SERVICE: dict[str, Any] = {"Principal": {"Service": "logs.amazonaws.com"}}


def guard(document: Document, **flags: bool) -> Guard:
    """A policy on the key."""
    return Guard(actions=("kms:*",), resources=(KEY,), document=document, **flags)


@pytest.fixture
def full(make: Make) -> World:
    """Every layer is there, and lets the request through."""
    everyone = allow(**ANYONE)
    return World(
        account=HOME,
        identity=(make(allow()),),
        boundary=make(allow(), layer="boundary"),
        session=make(allow(), layer="session"),
        service_control=tuple((make(allow(), layer="service_control"),) for _ in range(3)),
        resource_control=tuple((make(everyone, layer="resource_control"),) for _ in range(3)),
        endpoints={"vpce-1": make(everyone, layer="endpoint")},
        guards=(guard(make(everyone, layer="resource"), gate=True),),
    )


def with_layer(world: World, layer: str, document: Document) -> World:
    """The world with one document in the place of a layer's own; of a level in the middle where there are levels."""
    if layer in ("service_control", "resource_control"):
        levels = getattr(world, layer)
        level: dict[str, Any] = {layer: (levels[0], (document,), levels[2])}
        return replace(world, **level)
    places: Mapping[str, dict[str, Any]] = {
        "endpoint": {"endpoints": {"vpce-1": document}},
        "boundary": {"boundary": document},
        "session": {"session": document},
        "identity": {"identity": (document,)},
        "resource": {"guards": (guard(document, gate=True),)},
    }
    return replace(world, **places[layer])


LAYERS = ("service_control", "resource_control", "endpoint", "boundary", "session", "identity", "resource")
NAMING = ("resource_control", "endpoint", "resource")


def test_all_layers_together_allow(full: World) -> None:
    """The identity's statement is what grants; the reason names one statement of every layer that had to allow."""
    decision = decide(DECRYPT, full)
    assert (decision.outcome, decision.layer) == ("allowed", "identity")
    assert str(decision.statement) == "Allow Yes of identity test"
    assert all(f"Allow Yes of {layer} test" in decision.reason for layer in LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_deny_in_any_layer_is_final_and_named(make: Make, full: World, layer: str) -> None:
    """The Deny stands beside an Allow in its own document, and is found with its layer and its Sid."""
    who = ANYONE if layer in NAMING else {}
    decision = decide(DECRYPT, with_layer(full, layer, make(allow(**who), deny(**who), layer=layer)))
    assert (decision.outcome, decision.layer) == ("denied", layer)
    assert decision.statement is not None
    assert decision.statement.sid == "No"
    assert decision.reason == f"explicit deny: Deny No of {layer} test"


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer != "identity"])
def test_every_layer_must_allow(make: Make, full: World, layer: str) -> None:
    """A layer that allows something else only, in one level of several, refuses; the decision says which."""
    who = ANYONE if layer in NAMING else {}
    decision = decide(DECRYPT, with_layer(full, layer, make(allow("s3:*", **who), layer=layer)))
    assert (decision.outcome, decision.statement, decision.layer) == ("denied", None, layer)
    assert decision.reason == f"implicit deny: no statement of the {layer} layer allows it"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_nobody_can_read_leaves_it_open(full: World, layer: str) -> None:
    """The unreadable document could allow and could deny; the request is not allowed."""
    lost = unknown(Origin(layer=layer, name="lost"), "its text was not given")  # type: ignore[arg-type]
    decision = decide(DECRYPT, with_layer(full, layer, lost))
    assert (decision.outcome, decision.layer) == ("indeterminate", "")
    assert f"{layer} lost: its text was not given" in decision.reason


def test_policies_of_one_level_are_alternatives(make: Make, full: World) -> None:
    """One of two policies on a unit is enough for an Allow; either can deny."""
    one, other = make(allow("s3:*"), layer="service_control"), make(allow(), layer="service_control")
    no = make(deny(), layer="service_control")
    assert decide(DECRYPT, replace(full, service_control=((one, other),))).outcome == "allowed"
    assert decide(DECRYPT, replace(full, service_control=((one,), (other,)))).outcome == "denied"
    assert decide(DECRYPT, replace(full, service_control=((other, no),))).outcome == "denied"
    assert decide(DECRYPT, replace(full, service_control=((),))).outcome == "denied"


def test_an_endpoint_decides_only_about_what_comes_through_it(make: Make, full: World) -> None:
    """Another endpoint is somebody else's, and a request without one comes through none."""
    closed = with_layer(full, "endpoint", make(deny(**ANYONE), layer="endpoint"))
    assert decide(DECRYPT, closed).layer == "endpoint"
    for context in ({}, {"aws:SourceVpce": "vpce-2"}):
        assert decide(Request(ROLE, "kms:Decrypt", KEY, context), closed).outcome == "allowed"


def test_a_guard_decides_only_about_its_actions_and_resources(make: Make, full: World) -> None:
    """Another key, and another service, are not its business."""
    closed = with_layer(full, "resource", make(deny(**ANYONE), layer="resource"))
    everything = replace(closed, identity=(make(allow("*")),), boundary=None, session=None, endpoints={})
    everything = replace(everything, service_control=(), resource_control=())
    assert decide(DECRYPT, everything).outcome == "denied"
    assert decide(Request(ROLE, "kms:Decrypt", f"{KEY}2"), everything).outcome == "allowed"
    assert decide(Request(ROLE, "s3:GetObject", KEY), everything).outcome == "allowed"


@pytest.mark.parametrize(
    ("who", "alone", "beside_identity"),
    [
        (ANYONE, True, True),
        (ITSELF, True, True),
        (ACCOUNT, False, True),
        (SOMEONE, False, False),
        (SERVICE, False, False),
    ],
)
def test_who_is_named_decides_what_a_resource_policy_gives(
    make: Make, who: dict[str, Any], alone: bool, beside_identity: bool
) -> None:
    """A principal named itself needs no policy of its own; an account leaves it to IAM; a gate opens only to them."""
    gate = guard(make(allow(**who), layer="resource"), gate=True)
    for identity, expected in ((), alone), ((make(allow()),), beside_identity):
        decision = decide(DECRYPT, World(account=HOME, identity=identity, guards=(gate,)))
        assert decision.outcome == ("allowed" if expected else "denied")
        if expected and not identity:
            assert decision.layer == "resource"


def test_a_policy_that_is_no_gate_takes_nothing_away_by_silence(make: Make) -> None:
    """A bucket policy about somebody else leaves the identity's Allow as it is."""
    world = World(account=HOME, identity=(make(allow()),), guards=(guard(make(allow(**SOMEONE), layer="resource")),))
    assert decide(DECRYPT, world).outcome == "allowed"


def test_a_gate_that_grants_nothing_needs_iam_as_well(make: Make) -> None:
    """The data access of OpenSearch Serverless names roles, and IAM must allow all the same."""
    gate = guard(make(allow(**ITSELF), layer="resource"), gate=True, grants=False)
    assert decide(DECRYPT, World(account=HOME, guards=(gate,))).layer == "identity"
    assert decide(DECRYPT, World(account=HOME, identity=(make(allow()),), guards=(gate,))).outcome == "allowed"
    closed = guard(make(allow(**SOMEONE), layer="resource"), gate=True, grants=False)
    assert decide(DECRYPT, World(account=HOME, identity=(make(allow()),), guards=(closed,))).layer == "resource"


def test_a_grant_by_name_stays_within_boundary_session_and_organization(make: Make) -> None:
    """What a resource policy gives a role is limited by what limits the role."""
    granted = World(account=HOME, guards=(guard(make(allow(**ITSELF), layer="resource")),))
    assert decide(DECRYPT, granted).outcome == "allowed"
    for layer in ("boundary", "session", "service_control"):
        limit = make(allow("s3:*"), layer=layer)
        around = replace(granted, **{layer: ((limit,),) if layer == "service_control" else limit})  # type: ignore[arg-type]
        assert decide(DECRYPT, around).layer == layer


@pytest.mark.parametrize("who", [ANYONE, ITSELF, ACCOUNT])
def test_across_accounts_both_sides_must_allow(make: Make, who: dict[str, Any]) -> None:
    """Identity and resource policy; naming the account is enough there, naming the role is not enough alone."""
    policy, own = guard(make(allow(**who), layer="resource")), make(allow())
    both = World(account=HOME, resource_account=AWAY, identity=(own,), guards=(policy,))
    assert decide(DECRYPT, both).outcome == "allowed"
    assert decide(DECRYPT, replace(both, identity=())).layer == "identity"
    refused = decide(DECRYPT, replace(both, guards=()))
    assert (refused.outcome, refused.layer) == ("denied", "resource")
    stranger = replace(both, guards=(guard(make(allow(**SOMEONE), layer="resource")),))
    assert decide(DECRYPT, stranger).layer == "resource"


def test_across_accounts_doubt_on_either_side_is_doubt(make: Make) -> None:
    """Both doubts are told."""
    torn: dict[str, Any] = {"Condition": {"StringEquals": {"aws:TagKeys": "a"}}}
    request = Request(ROLE, "kms:Decrypt", KEY, {"aws:TagKeys": ["a", "b"]})
    policy = guard(make(allow(sid="Theirs", **ITSELF, **torn), layer="resource"))
    world = World(account=HOME, resource_account=AWAY, identity=(make(allow(sid="Ours", **torn)),), guards=(policy,))
    decision = decide(request, world)
    assert decision.outcome == "indeterminate"
    assert "Allow Ours" in decision.reason
    assert "Allow Theirs" in decision.reason


def test_doubt_about_a_statement_that_names_the_account_is_no_grant(make: Make) -> None:
    """Whether its condition holds does not matter: without an Allow of IAM the account's statement gives nothing."""
    torn: dict[str, Any] = {"Condition": {"StringEquals": {"aws:TagKeys": "a"}}}
    request = Request(ROLE, "kms:Decrypt", KEY, {"aws:TagKeys": ["a", "b"]})
    of_account = World(account=HOME, guards=(guard(make(allow(**ACCOUNT, **torn), layer="resource")),))
    of_role = World(account=HOME, guards=(guard(make(allow(**ITSELF, **torn), layer="resource")),))
    assert decide(request, of_account).layer == "identity"
    assert decide(request, of_role).outcome == "indeterminate"


def test_a_deny_of_others_is_not_a_deny(make: Make) -> None:
    """A Deny in a resource policy holds for those it names."""
    for who, outcome in ((ANYONE, "denied"), (ITSELF, "denied"), (ACCOUNT, "denied"), (SOMEONE, "allowed")):
        policy = guard(make(deny(**who), layer="resource"))
        assert decide(DECRYPT, World(account=HOME, identity=(make(allow()),), guards=(policy,))).outcome == outcome


def test_a_world_knows_each_document_once(make: Make, full: World) -> None:
    """All layers are listed, and a document that stands on several levels is listed once."""
    layers = [document.origin.layer for document in full.documents()]
    assert sorted(layers) == sorted(LAYERS)
    assert full.same_account
    assert not replace(full, resource_account=AWAY).same_account


ACTIONS = st.sampled_from(["kms:Decrypt", "kms:*", "s3:*", "*"])
WHO = st.sampled_from([ANYONE, ITSELF, ACCOUNT, SOMEONE, SERVICE])
CONDITION = st.sampled_from(
    [{}, {"Bool": {"k:a": "true"}}, {"StringEquals": {"k:b": "${k:c}"}}, {"Strange": {"k:a": "1"}}]
)


def statements(layer: str) -> st.SearchStrategy[dict[str, Any]]:
    """Statements that fit a layer; a few nobody can read."""
    return st.builds(
        lambda effect, action, condition, who: {
            **(allow(action) if effect == "Allow" else deny(Action=action)),
            **({"Condition": condition} if condition else {}),
            **(who if layer in NAMING else {}),
        },
        st.sampled_from(["Allow", "Allow", "Deny"]),
        ACTIONS,
        CONDITION,
        WHO,
    )


def documents(layer: Layer) -> st.SearchStrategy[Document]:
    """Documents of a layer."""
    origin = Origin(layer=layer, name="random")
    return statements(layer).map(lambda one: parse({"Version": "2012-10-17", "Statement": one}, origin))


WORLDS = st.builds(
    lambda identity, boundary, guard_document, gate, grants, home: World(
        account=HOME,
        identity=tuple(identity),
        boundary=boundary,
        guards=(guard(guard_document, gate=gate, grants=grants),),
        resource_account=HOME if home else AWAY,
    ),
    st.lists(documents("identity"), max_size=2),
    st.none() | documents("boundary"),
    documents("resource"),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
REQUESTS = st.dictionaries(st.sampled_from(["k:a", "k:b", "k:c"]), st.sampled_from(["true", "x"])).map(
    lambda context: Request(ROLE, "kms:Decrypt", KEY, {"aws:SourceVpce": "vpce-1", **context})
)
LIMITS = st.one_of(
    documents("service_control").map(lambda d: {"service_control": ((d,),)}),
    documents("resource_control").map(lambda d: {"resource_control": ((d,),)}),
    documents("session").map(lambda d: {"session": d}),
    documents("endpoint").map(lambda d: {"endpoints": {"vpce-1": d}}),
)


@given(WORLDS, REQUESTS, LIMITS)
def test_a_further_layer_never_allows_more(world: World, request_: Request, limit: dict[str, Any]) -> None:
    """Organization, session and endpoint only take away: allowed with them is allowed without; a refusal stays one."""
    before, after = decide(request_, world), decide(request_, replace(world, **limit))
    assert after.outcome != "allowed" or before.outcome == "allowed"
    assert before.outcome != "denied" or after.outcome == "denied"


@given(WORLDS, REQUESTS, documents("resource"))
def test_a_gate_never_allows_more_than_a_policy_that_is_none(world: World, request_: Request, policy: Document) -> None:
    """Made a gate, a resource policy can only refuse more; one that grants nothing can only grant less."""
    plain, gate, closed = (
        decide(request_, replace(world, guards=(guard(policy, gate=is_gate, grants=grants),))).outcome
        for is_gate, grants in ((False, True), (True, True), (True, False))
    )
    assert gate != "allowed" or plain == "allowed"
    assert closed != "allowed" or gate == "allowed"


@given(WORLDS, REQUESTS)
def test_what_is_allowed_in_one_account_needs_no_more_than_across_accounts(world: World, request_: Request) -> None:
    """Across accounts both sides must allow; whatever passes there passes at home."""
    at_home = decide(request_, replace(world, resource_account=HOME)).outcome
    across = decide(request_, replace(world, resource_account=AWAY)).outcome
    grants = world.guards[0].grants
    assert across != "allowed" or at_home == "allowed"
    assert grants or across != "allowed"
