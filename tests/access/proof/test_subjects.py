"""Whom properties are proved for: every role that the stacks make, and whoever else there can be."""

from collections import Counter
from dataclasses import replace

import pytest

from llmlz.access.documents import Document
from llmlz.access.layers import ROLE
from llmlz.access.proof.properties import Kind
from llmlz.access.proof.subjects import ELSEWHERE, EVERYTHING, Subject, subjects
from llmlz.access.resolve import resolved
from llmlz.access.world import World
from tests.access.proof.change import changed, planted
from tests.access.proof.estates import everybody, first, one, whole
from tests.generated import ORGANIZATION, PLACES, USER, platform_of

TIERS = ("foundation", "repeatable", "reliable", "scaled")
LEVELS = dict(zip(TIERS, (1, 2, 3, 4), strict=True))
WITH_BREAK_GLASS = ("reliable", "scaled")
TEAMS = dict(zip(TIERS, ("t003", "t002", "t001", "t000"), strict=True))
RELIABLE, ACCOUNT = platform_of("reliable"), PLACES["reliable"][0]


OWN = ("team", "team_pipeline", "knowledge_base", "workload", "break_glass", "spending_stop")


def left_out(subject: Subject) -> tuple[str, ...]:
    """Principals that a subject does not speak of."""
    (found,) = (clause.patterns for clause in subject.assumed if clause.how == "not_in")
    return found


@pytest.mark.parametrize("tier", TIERS)
def test_a_platform_has_its_roles_its_pipeline_and_everybody_else(tier: str) -> None:
    """Once each, at the level of the tier; break-glass and who may take it only where it exists."""
    found = [subject for subject in everybody() if subject.stack == platform_of(tier)]
    more = {"foundation": 0, "repeatable": 2, "reliable": 3, "scaled": 4}[tier]  # backups, flow logs; restores; copies
    expected: dict[Kind, int] = {
        "workload": 2 + more,
        "pipeline": 1,
        "administrator": 1,
        "outsider": 1,
        "guest": 1,
    }
    if tier in WITH_BREAK_GLASS:
        expected |= {"break_glass": 1, "on_call": 1}
    if tier != TIERS[0]:
        expected |= {"spending_stop": 1}
    assert Counter(subject.kind for subject in found) == expected
    assert {subject.level for subject in found} == {LEVELS[tier]}


@pytest.mark.parametrize("tier", TIERS)
def test_a_team_has_its_roles_and_everybody_else(tier: str) -> None:
    """At the level of its platform."""
    found = [subject for subject in everybody() if subject.stack == f"team-{TEAMS[tier]}"]
    kinds = ("knowledge_base", "neighbour", "stranger", "team", "team_pipeline")
    assert Counter(subject.kind for subject in found) == dict.fromkeys(kinds, 1)
    assert {subject.level for subject in found} == {LEVELS[tier]}


def test_no_role_of_the_estate_is_forgotten() -> None:
    """Every role of every platform and team is one subject, with its documents and its boundary."""
    graphs = resolved(whole().graphs.values())
    made = {(name, role.name) for name, graph in graphs.items() for role in graph.of_type(ROLE) if name != ORGANIZATION}
    own = [subject for subject in everybody() if subject.kind in OWN]
    assert sorted((subject.stack, subject.name) for subject in own) == sorted(made)
    assert all(subject.world.boundary and subject.world.identity for subject in own)


def test_nothing_that_is_read_is_undecided() -> None:
    """In the estate as it is generated; a document that nobody can read would leave every answer open."""
    documents = {document for subject in everybody() for document in subject.world.documents()}
    assert [f"{d.origin}: {d.undecided}" for d in documents if d.undecided] == []


def test_the_administrator_is_everybody_but_pipeline_and_break_glass() -> None:
    """Roles of teams and of the platform are not left out: nobody in the account may do what it must not."""
    subject = one("administrator", RELIABLE)
    roles = f"arn:aws:iam::{ACCOUNT}:role/"
    assert left_out(subject) == (f"{roles}llmlz-apply", f"{roles}llmlz-break-glass")
    (inside,) = (clause.patterns for clause in subject.assumed if clause.how == "in")
    assert inside == (f"arn:aws:iam::{ACCOUNT}:*",)
    assert "aws:principalarn" not in subject.fixed
    assert (subject.world.identity, subject.world.boundary) == ((EVERYTHING,), None)


def test_a_neighbour_is_everybody_but_them_and_the_roles_that_reach_what_the_team_stores() -> None:
    """Other teams are neighbours; the policies on what the team has are in the neighbour's way."""
    subject, team = one("neighbour", "team-t001"), one("team", "team-t001")
    reader = f"arn:aws:iam::{ACCOUNT}:role/llmlz-zone-2-backup_jobs"  # proved as itself
    own = [team.fixed["aws:principalarn"], one("knowledge_base", "team-t001").fixed["aws:principalarn"]]
    *others, first, second = left_out(subject)
    assert others == [*left_out(one("administrator", RELIABLE)), reader]
    assert {first, second} == set(own)
    guards = {guard.document.origin.name for guard in subject.world.guards}
    platform = {guard.document.origin.name for guard in one("administrator", RELIABLE).world.guards}
    assert guards - platform == {
        "t001-secret-key",
        "t001-secret-policy",
        "trust of t001-handbook-role",
        "trust of t001-pipeline-role",
        "trust of t001-role",
    }
    assert platform < guards
    assert (subject.world.identity, subject.world.boundary) == ((EVERYTHING,), None)


def test_guards_of_one_team_are_not_in_the_way_of_another() -> None:
    """Two teams on one platform: what one has makes the other's proof neither slower nor wrong."""
    moved = {p.stack: p for p in whole().intent.platforms}
    teams = (*moved[RELIABLE].teams, *moved[platform_of("scaled")].teams)
    intent = replace(whole().intent, platforms=(replace(moved[RELIABLE], teams=teams),))
    worlds = {s.stack: s.world for s in subjects(resolved(whole().graphs.values()), intent) if s.kind == "neighbour"}
    for mine, other in (("t000", "t001"), ("t001", "t000")):
        names = {guard.document.origin.name for guard in worlds[f"team-{mine}"].guards}
        assert any(mine in name for name in names)
        assert not any(other in name for name in names)


def test_who_is_outside_has_every_permission_in_an_account_of_its_own() -> None:
    """No policy of the organization binds it; the ones on resources do."""
    subject = one("outsider", RELIABLE)
    world = subject.world
    assert (world.account, world.resource_account, world.same_account) == (ELSEWHERE, ACCOUNT, False)
    assert (world.identity, world.service_control, dict(world.endpoints)) == ((EVERYTHING,), (), {})
    assert world.resource_control == one("administrator", RELIABLE).world.resource_control != ()
    assert subject.fixed["aws:principalorgid"] is None


def test_who_is_on_call_is_one_user_of_the_organization() -> None:
    """From another account, with every permission there, some time after the second factor was shown."""
    subject = one("on_call", RELIABLE)
    assert (subject.name, subject.fixed["aws:principalarn"]) == ("on-call", USER)
    assert subject.fixed["aws:principalorgid"] == "o-exampleorg1"
    assert (subject.world.account, subject.world.resource_account) == (USER.split(":")[4], ACCOUNT)
    assert "aws:multifactorauthpresent" not in subject.fixed


def test_the_pipeline_has_every_permission_under_the_boundary_of_the_platform() -> None:
    """The bootstrap made it; nothing but its boundary and what is around it holds it."""
    subject = one("pipeline", RELIABLE)
    assert subject.fixed["aws:principalarn"] == f"arn:aws:iam::{ACCOUNT}:role/llmlz-apply"
    assert subject.world.identity == (EVERYTHING,)
    assert isinstance(subject.world.boundary, Document)
    assert subject.world.boundary.origin.name == "llmlz-platform-boundary"


def test_all_principals_of_an_account_have_the_same_around_them() -> None:
    """Policies of the organization at every level from the root to the account, and the account's endpoints."""
    inside = ("team", "team_pipeline", "workload", "pipeline", "administrator", "neighbour", "break_glass")
    stacks = (RELIABLE, "team-t001")
    worlds = [s.world for s in everybody() if s.kind in inside and s.stack in stacks]

    def around(world: World) -> object:
        return world.account, world.service_control, world.resource_control, dict(world.endpoints)

    assert len(worlds) == 11
    assert all(around(world) == around(worlds[0]) for world in worlds)
    assert [len(level) for level in worlds[0].service_control] == [1, 5, 1]
    assert worlds[0].endpoints


def test_a_request_carries_the_tags_of_its_role() -> None:
    """In lower-case keys; whoever is left has no tag of a team."""
    fixed = one("team", "team-t001").fixed
    assert fixed["aws:principaltag/team"] == "t001"
    assert fixed["aws:principaltag/environment"] == "zone-2"
    assert all(key == key.lower() for key in fixed)
    assert one("neighbour", "team-t001").fixed["aws:principaltag/team"] is None


def test_without_an_organization_nobody_belongs_to_one() -> None:
    """The same platforms alone: no policy from above, and no key that says whose account it is."""
    intent = replace(whole().intent, organization_stack="", organization_id="", places={})
    graphs = resolved(graph for name, graph in whole().graphs.items() if name != ORGANIZATION)
    found = subjects(graphs, intent)
    assert [str(subject) for subject in found] == [str(subject) for subject in everybody()]
    assert {subject.fixed["aws:principalorgid"] for subject in found} == {None}
    assert {(subject.world.service_control, subject.world.resource_control) for subject in found} == {((), ())}


def test_a_role_without_a_boundary_is_a_subject_all_the_same() -> None:
    """What is missing shows in the proof, not by the absence of whom it is about."""
    graph = changed(whole().graphs["team-t001"], "t001-role", "permissionsBoundary", lambda _: None)
    found = planted(whole(), graph)
    (subject,) = (s for s in subjects(resolved(found.graphs.values()), found.intent) if s.name == "t001-role")
    assert (subject.kind, subject.world.boundary) == ("team", None)


def test_fewer_teams_are_the_same_subjects_without_theirs() -> None:
    """No other principal knows how many teams there are."""
    smaller = first(whole(), 2)
    gone = ("team-t002", "team-t003")
    assert subjects(resolved(smaller.graphs.values()), smaller.intent) == tuple(
        subject for subject in everybody() if subject.stack not in gone
    )


def test_a_subject_says_who_it_is() -> None:
    """Kind, name and stack, as a proof prints it."""
    assert str(one("break_glass", RELIABLE)) == "break-glass break-glass-role (platform-reliable)"
    assert str(one("neighbour", "team-t001")) == "neighbour anyone else (team-t001)"
