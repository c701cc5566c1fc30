"""The matrix as one line per role and one column per model and region: nothing is lost, nothing looks better."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmlz.access.cells import NOT_EVALUATED, Cell, Column, Grid, Way
from llmlz.access.grid import grid
from llmlz.access.matrix import Row
from llmlz.access.view import view
from llmlz.access.wording import words
from tests.grids import ACTIONS, GUARDRAIL, LITE, MICRO, REGION, bare, refused, row, rows, team

CLAIMS = team("claims", {"claims-lite": LITE})
SEARCH = team("search", {"search-lite": LITE, "search-micro": MICRO})
SECOND = GUARDRAIL.replace(":1", ":2")


def cell(found: Sequence[Row], model: str = LITE) -> Cell:
    """The cell of team claims for a model in its region."""
    made = grid(found, [CLAIMS, SEARCH])
    (line,) = [line for line in made.lines if line.team == "claims"]
    return line.cells[made.columns.index(Column(model=model, region=REGION))]


def way(of: Cell, through: str, *, guarded: bool) -> Way:
    """The only way of a cell through this, with a guardrail or without."""
    (found,) = [way for way in of.ways if way.through == through and bool(way.guardrails) == guarded]
    return found


def test_a_sound_estate_reads_as_meant() -> None:
    """Own profile with the guardrail: allowed; without it, through others and directly: refused, each by its statement."""
    found = cell(rows([CLAIMS, SEARCH]))
    assert (found.verdict, len(found.ways)) == ("allowed", 6)
    open_ = way(found, "own profile", guarded=True)
    assert (open_.profiles, open_.guardrails, open_.actions) == (
        ("claims-lite",), (GUARDRAIL,), ("InvokeModel", "InvokeModelWithResponseStream"),
    )  # fmt: skip
    assert (open_.answer.outcome, open_.answer.statement) == ("allowed", "CallOwnProfiles")
    for through in ("own profile", "profile of another", "no profile"):
        assert way(found, through, guarded=False).answer.statement == "OnlyGuarded"
    direct = way(found, "no profile", guarded=True).answer
    assert (direct.outcome, direct.layer, direct.told) == ("denied", "identity", "no statement allows it")
    assert direct.where == "components/team.py:7"


def test_a_refused_cell_says_who_refused_the_best_way() -> None:
    """Claims has no profile of Nova Micro: what decides is that no statement allows it, not the missing guardrail."""
    found = cell(rows([CLAIMS, SEARCH]), MICRO)
    assert (found.verdict, found.decisive.told) == ("refused", "no statement allows it")
    assert cell(rows([CLAIMS, SEARCH])).decisive.statement == "OnlyGuarded"


@pytest.mark.parametrize(
    ("opened", "verdict", "said"),
    [
        ({"guardrail": None}, "wider", "allowed, also without a guardrail"),
        ({"target": "search-lite"}, "wider", "allowed, also through profiles of others"),
        ({"target": LITE, "direct": True}, "wider", "allowed, also without a profile"),
        ({"target": LITE, "direct": True, "guardrail": None}, "wider", "allowed, also without a profile"),
        ({"outcome": "indeterminate", "layer": "", "reason": "unknown key"}, "indeterminate", "undecided"),
        ({"guardrail": None, "outcome": "indeterminate", "layer": ""}, "indeterminate", "undecided"),
        ({"outcome": "denied"}, "allowed", "allowed with guardrail: for InvokeModelWithResponseStream through claims-lite"),
    ],
)  # fmt: skip
def test_one_call_that_differs_is_seen(opened: dict[str, Any], verdict: str, said: str) -> None:
    """Whatever one call is allowed or undecided besides, the cell says so."""
    odd = row(**opened)
    key = (odd.stack, odd.role, odd.target, odd.region, odd.action, odd.guardrail)
    sound = [r for r in rows([CLAIMS, SEARCH]) if (r.stack, r.role, r.target, r.region, r.action, r.guardrail) != key]
    made = grid([*sound, odd], [CLAIMS, SEARCH])
    found = cell([*sound, odd])
    assert (found.verdict, words(found, made)) == (verdict, said)


def test_only_a_wide_way_is_not_called_allowed_as_meant() -> None:
    """A role that can call without a profile alone is not shown as one that has its own."""
    odd = row(target=LITE, direct=True)
    found = [refused(**_place(r)) if r.outcome == "allowed" else r for r in rows([CLAIMS])]
    found = [odd if _place(r) == _place(odd) else r for r in found]
    assert words(cell(found), grid(found, [CLAIMS])) == "allowed without a profile"


def test_a_model_that_no_guardrail_can_look_at_needs_none() -> None:
    """Calls of an embedding model without a guardrail are as meant; through the profile of another they are not."""
    found = [
        row(**_place(r)) if r.target == "claims-lite" and r.team == "claims" else r for r in rows([CLAIMS, SEARCH])
    ]
    assert cell(found).verdict == "wider"
    made = grid(found, [CLAIMS, SEARCH], {LITE})
    assert (made.lines[0].cells[0].verdict, words(made.lines[0].cells[0], made)) == (
        "allowed", "allowed with guardrail or without",
    )  # fmt: skip
    other = grid([*found, row(target="search-lite", guardrail=None)], [CLAIMS, SEARCH], {LITE})
    assert other.lines[0].cells[0].verdict == "wider"
    bare_alone = [refused(**_place(r)) if r.guardrail and r.outcome == "allowed" else r for r in found]
    made = grid(bare_alone, [CLAIMS, SEARCH], {LITE})
    assert words(made.lines[0].cells[0], made) == "allowed without guardrail: through claims-lite"


def _place(of: Row) -> dict[str, Any]:
    names = ("stack", "role", "team", "target", "direct", "region", "action", "guardrail")
    return {name: getattr(of, name) for name in names}


def test_guardrail_versions_with_equal_answers_are_one_way() -> None:
    """Two accepted versions: one way that names both; a withdrawn one has its own."""
    accepted = [row(guardrail=version, action=a) for version in (GUARDRAIL, SECOND) for a in ACTIONS]
    withdrawn = [refused(guardrail=GUARDRAIL + "0", action=action, statement="Old") for action in ACTIONS]
    found = cell([*accepted, *withdrawn, *(bare(action=action) for action in ACTIONS)])
    assert [(w.guardrails, w.answer.outcome) for w in found.ways] == [
        ((GUARDRAIL, SECOND), "allowed"),
        ((GUARDRAIL + "0",), "denied"),
        ((), "denied"),
    ]


def test_a_call_that_was_not_evaluated_is_undecided() -> None:
    """A hole in the matrix is shown as one."""
    found = cell([r for r in rows([CLAIMS]) if (r.target, r.guardrail, r.action) != ("claims-lite", None, ACTIONS[1])])
    assert found.verdict == "indeterminate"
    assert found.decisive == NOT_EVALUATED


def test_a_call_with_two_answers_has_both() -> None:
    """Two stacks that name a profile alike: the rows cannot be told apart, and the allowed one is nobody's own."""
    twin = team("search", {"claims-lite": LITE})
    both = [
        *(row(action=a) for a in ACTIONS),
        *(refused(action=a) for a in ACTIONS),
        *(bare(action=a) for a in ACTIONS),
    ]
    made = grid(both, [twin, CLAIMS])
    assert made == grid(both, [CLAIMS, twin])
    assert made.lines[0].cells[0].verdict == "wider"
    assert {w.answer.outcome for w in made.lines[0].cells[0].ways if w.guardrails} == {"allowed", "denied"}
    other = grid(both, [CLAIMS, team("search", {"claims-lite": MICRO})])
    assert [column.model for column in other.columns] == ["unknown model of claims-lite"]


def test_a_profile_that_no_graph_makes_is_of_another_and_of_an_unknown_model() -> None:
    """Nothing is guessed from its name."""
    made = grid([row(), bare()], [])
    assert made.columns == (Column(model="unknown model of claims-lite", region=REGION),)
    assert made.lines[0].cells[0].verdict == "wider"


def test_an_answer_without_a_layer_keeps_its_reason() -> None:
    """Doubt, and a profile out of reach, are decided by no statement: the reason is all there is."""
    reason = "the profile is in account 999988887777"
    found = cell([refused(layer="", reason=reason), bare()])
    assert (found.decisive.told, found.decisive.why) == (reason, reason)
    doubts = [row(outcome="indeterminate", layer="", reason=text, action=text) for text in ("one", "two")]
    assert {w.answer.why for w in cell(doubts).ways} == {"one", "two", NOT_EVALUATED.why}


def test_lines_and_columns_are_in_order() -> None:
    """By team, roles without a team last; by model, then region."""
    found = rows([SEARCH, CLAIMS], regions=("eu-west-1", REGION))
    found += [
        replace(r, role="alone", team=None, stack="platform", outcome="denied") for r in found if r.team == "claims"
    ]
    made = grid(found, [SEARCH, CLAIMS])
    assert [(line.team, line.role) for line in made.lines] == [
        ("claims", "claims-role"), ("search", "search-role"), ("", "alone"),
    ]  # fmt: skip
    assert [(column.model, column.region) for column in made.columns] == [
        (LITE, REGION), (LITE, "eu-west-1"), (MICRO, REGION), (MICRO, "eu-west-1"),
    ]  # fmt: skip


def test_columns_follow_models_and_not_the_names_of_profiles() -> None:
    """A profile may be called anything."""
    graph = team("claims", {"z": LITE, "a": MICRO})
    assert [column.model for column in grid([row(target=name) for name in "za"], [graph]).columns] == [LITE, MICRO]


def test_columns_of_a_model_with_equal_cells_are_shown_as_one() -> None:
    """Regions that answer alike share a column behind those where something is open; no column is lost."""
    regions = ("eu-north-1", "eu-west-1", "eu-west-3", REGION)
    found = rows([CLAIMS], regions=regions)
    found = [replace(r, layer="service_control") if r.region == "eu-west-3" else r for r in found]
    shown = view(grid(found, [CLAIMS]))
    assert [(group.regions, group.closed) for group in shown.groups] == [
        ((REGION,), False), (("eu-north-1", "eu-west-1"), True), (("eu-west-3",), True),
    ]  # fmt: skip
    assert [cell.layer for cell in shown.lines[0][1]] == ["", "identity", "service_control"]


def test_kinds_tell_every_way_once() -> None:
    """Teams with the same answers share a kind, whatever their profiles are called; the most serious is the first."""
    graphs = [team(f"t{number}", {f"t{number}-lite": LITE}) for number in range(5)]
    odd = row(stack="t4", role="t4-role", team="t4", target="t4-lite", guardrail=None)
    found = [odd if _place(r) == _place(odd) else r for r in rows(graphs)]
    shown = view(grid(found, graphs))
    assert [(kind.number, kind.verdict) for kind in shown.kinds] == [(1, "wider"), (2, "allowed")]
    assert [cells[0].kind for _, cells in shown.lines] == [2, 2, 2, 2, 1]
    assert [(e.through, e.guardrails, e.operations, e.outcome) for e in shown.kinds[1].entries] == [
        ("own profile", "each", "all", "allowed"),
        ("own profile, profile of another, no profile", "none", "all", "refused"),
        ("profile of another, no profile", "each", "all", "refused"),
    ]


def test_a_refused_profile_beside_an_open_one_says_so() -> None:
    """Two own profiles of one model, one of them closed."""
    twice = team("claims", {"claims-lite": LITE, "claims-old": LITE})
    found = [refused(**_place(r)) if (r.target, r.outcome) == ("claims-old", "allowed") else r for r in rows([twice])]
    (_, cells), *_ = view(grid(found, [twice])).lines
    assert cells[0].profiles == ("claims-lite", "claims-old (refused)")
    assert cells[0].words == "allowed with guardrail: through claims-lite"


TARGETS = [("claims-lite", False), ("search-lite", False), ("search-micro", False), (LITE, True), (MICRO, True)]


@st.composite
def matrices(draw: st.DrawFn) -> list[Row]:
    """Any answers to every call of two roles."""
    answer: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [
            {"outcome": "allowed", "layer": "identity", "statement": "A", "source": None, "reason": ""},
            {"outcome": "denied", "layer": "boundary", "statement": None, "source": None, "reason": "x"},
            {"outcome": "denied", "layer": "identity", "statement": "D", "source": None, "reason": "y"},
            {"outcome": "indeterminate", "layer": "", "statement": None, "source": None, "reason": "doubt"},
        ]
    )
    calls: list[dict[str, Any]] = [
        {
            "stack": s,
            "role": f"{s}-role",
            "team": s,
            "target": t,
            "direct": d,
            "region": REGION,
            "action": a,
            "guardrail": g,
        }
        for s in ("claims", "search")
        for t, d in TARGETS
        for a in ACTIONS
        for g in (None, GUARDRAIL, SECOND)
    ]
    return [Row(**call, **draw(answer)) for call in draw(st.permutations(calls))]


@settings(max_examples=40, deadline=None)
@given(matrices(), st.sets(st.sampled_from([LITE, MICRO])))
def test_every_call_is_in_one_way_with_its_answer(found: list[Row], unguarded: set[str]) -> None:
    """Nothing is lost, nothing is invented, and no verdict is milder than the calls behind it."""
    made = grid(found, [CLAIMS, SEARCH], unguarded)
    assert made == grid(sorted(found, key=str), [CLAIMS, SEARCH], unguarded)
    for line in made.lines:
        for column, of in zip(made.columns, line.cells, strict=True):
            calls = [r for r in found if r.role == line.role and _model(r) == column.model]
            ways = [[w for w in of.ways if _covers(w, r)] for r in calls]
            assert all(len(same) == 1 for same in ways)
            told = [(w.answer.outcome, w.answer.layer, w.answer.statement) for (w,) in ways]
            assert told == [(r.outcome, r.layer, r.statement or "") for r in calls]
            assert all(any(_covers(w, r) for r in calls) for w in of.ways)
            needless = column.model in unguarded
            meant = [r for r in calls if r.target.startswith(r.stack) and (r.guardrail or needless)]
            wide = [r for r in calls if r.outcome == "allowed" and r not in meant]
            doubt = any(r.outcome == "indeterminate" for r in calls)
            assert (of.verdict == "indeterminate") == doubt
            assert (of.verdict == "wider") == (bool(wide) and not doubt)
            assert (of.verdict == "refused") == all(r.outcome == "denied" for r in calls)


def _model(of: Row) -> str:
    return of.target if of.direct else {"lite": LITE, "micro": MICRO}[of.target.partition("-")[2]]


def _covers(way: Way, call: Row) -> bool:
    """Whether the way speaks of the call; profiles of others that refuse have no names, so their answer must fit."""
    through = (
        "no profile" if call.direct else "own profile" if call.target.startswith(call.stack) else "profile of another"
    )
    versions = way.guardrails if call.guardrail else (None,) if not way.guardrails else ()
    if (way.through, True, True) != (through, call.action.partition(":")[2] in way.actions, call.guardrail in versions):
        return False
    if way.profiles or call.direct:
        return call.direct or call.target in way.profiles
    return (way.answer.outcome, way.answer.layer) == (call.outcome, call.layer)


def test_an_empty_matrix_is_an_empty_grid() -> None:
    """No rows, no claim."""
    assert grid([], []) == Grid()
