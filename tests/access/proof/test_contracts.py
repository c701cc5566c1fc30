"""One layer alone: all others are open, and every promise of a layer is proved by somebody."""

from dataclasses import replace
from functools import cache

import pytest

from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.proof.contracts import FIELDS, SHOWN_BY, contracts, only
from llmlz.access.proof.properties import HIGHEST, Kind, Promise, Property, load
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.access.world import Guard, World
from llmlz.cli.proving import subjects_of
from tests.access.proof.estates import everybody, one, with_store

ACCOUNT, OTHER = "111122223333", "444455556666"
ENDPOINT = "vpce-1"
REQUEST = Request(f"arn:aws:iam::{ACCOUNT}:role/app", "s3:GetObject", "arn:aws:s3:::b/o", {"aws:SourceVpce": ENDPOINT})


def closed(layer: Layer) -> Document:
    """A document that denies everything."""
    principal = {"Principal": "*"} if layer in ("resource_control", "endpoint", "resource") else {}
    statement = {"Sid": "Never", "Effect": "Deny", "Action": "*", "Resource": "*", **principal}
    return parse({"Version": "2012-10-17", "Statement": statement}, Origin(layer=layer, name="closed"))


CLOSED = World(
    account=ACCOUNT,
    identity=(closed("identity"),),
    boundary=closed("boundary"),
    session=closed("session"),
    service_control=((closed("service_control"),),),
    resource_control=((closed("resource_control"),),),
    endpoints={ENDPOINT: closed("endpoint")},
    guards=(Guard(actions=("*",), resources=("*",), document=closed("resource"), gate=True),),
    resource_account=OTHER,
)
"""Every layer refuses everything."""


def test_without_any_layer_everything_is_open() -> None:
    """Also to an account of somebody else: nothing is left that could refuse."""
    assert only(CLOSED, None).same_account
    assert decide(REQUEST, only(CLOSED, None)).outcome == "allowed"


@pytest.mark.parametrize("layer", FIELDS)
def test_one_layer_is_kept_and_all_others_are_open(layer: Layer) -> None:
    """The layer decides, by its own document; opened as well, it would not."""
    decision = decide(REQUEST, only(CLOSED, layer))
    assert (decision.outcome, decision.layer) == ("denied", layer)
    assert decision.statement is not None
    assert decision.statement.origin.layer == layer
    kept = {name: getattr(CLOSED, name) for name in FIELDS[layer]}
    assert replace(only(CLOSED, layer), **{name: getattr(only(CLOSED, None), name) for name in kept}) == only(
        CLOSED, None
    )


def test_a_resource_policy_alone_still_belongs_to_its_account() -> None:
    """Who is outside needs its Allow; that must not be lost when the other layers are opened."""
    assert only(CLOSED, "resource").resource_account == OTHER
    assert only(CLOSED, "identity").same_account


@pytest.mark.parametrize(
    ("kind", "stack", "expected"),
    [
        ("team", "team-t001", ("identity", "boundary", "resource")),
        ("administrator", "platform-reliable", ("service_control", "resource")),
        ("pipeline", "platform-reliable", ("service_control", "resource", "boundary")),
        ("team_pipeline", "team-t001", ("identity", "resource", "boundary")),
        ("break_glass", "platform-reliable", ("identity", "service_control", "resource", "boundary")),
        ("spending_stop", "platform-reliable", ("identity", "resource", "boundary")),
        ("outsider", "platform-reliable", ("resource",)),
    ],
)
def test_each_kind_of_principal_shows_the_layers_that_it_has(
    kind: Kind, stack: str, expected: tuple[Layer, ...]
) -> None:
    """Identity and boundary of those who have one; what is around everybody is shown by whoever is left."""
    promised: dict[Promise, int] = dict.fromkeys(("identity", "service_control", "boundary", "resource"), 1)
    promised["platform_boundary"] = 1
    about = dict.fromkeys(
        ("administrator", "team", "team_pipeline", "pipeline", "break_glass", "spending_stop", "outsider"), 1
    )
    row = Property(id="p", says="s", about=about, sort="never", shapes=({"action": "*"},), promised_by=promised)  # type: ignore[arg-type]
    assert contracts(row, one(kind, stack)) == expected


def test_a_contract_begins_with_its_level() -> None:
    """Of four tiers, the layer is asked from the second on."""
    row = Property(
        id="p",
        says="s",
        about={"team": 1},
        sort="never",
        shapes=({"action": "*"},),
        promised_by={"identity": 2},
    )
    teams = sorted((subject for subject in everybody() if subject.kind == "team"), key=lambda team: team.level)
    assert [contracts(row, team) for team in teams] == [(), ("identity",), ("identity",), ("identity",)]


def test_without_an_administrator_others_show_what_is_around_them() -> None:
    """First whoever is outside; where the property is about neither, each principal that it is about."""
    row = Property(
        id="p", says="s", about={"team": 1, "outsider": 1}, sort="never", shapes=(), promised_by={"resource_control": 1}
    )
    assert contracts(row, one("outsider", "platform-scaled")) == ("resource_control",)
    assert contracts(row, one("team", "team-t000")) == ()
    assert contracts(replace(row, about={"team": 1}), one("team", "team-t000")) == ("resource_control",)


@pytest.mark.parametrize("row", load(), ids=lambda row: row.id)
def test_every_promise_is_proved_by_somebody(row: Property) -> None:
    """At each level from which it is made, in the estate with four teams: a promise that nobody shows is a text.

    One about what few have is shown at the levels of those who have it, in estates of their own.
    """
    for promise, level in row.promised_by.items():
        layer = "boundary" if promise == "platform_boundary" else promise
        kinds = SHOWN_BY.get(promise, tuple(row.about))
        asked = (*everybody(), *_others()) if row.where_there_is else everybody()
        showing = [who for who in asked if who.kind in kinds and row.holds_for(who.kind, who.level, who.names)]
        tiers = range(max(level, min(row.about.values())), HIGHEST + 1)
        for tier in {who.level for who in showing} if row.where_there_is else tiers:
            here = (subject for subject in showing if subject.level == tier)
            assert any(layer in contracts(row, subject) for subject in here), f"{promise} at level {tier}"
        assert showing, promise


@cache
def _others() -> tuple[Subject, ...]:
    """Everybody around the stores of vectors that the estate with four teams has not."""
    return tuple(one for engine in ("opensearch", "qdrant") for one in subjects_of(with_store(engine)))
