"""The matrix on the terminal: what is open or in doubt has a line of its own, the rest is told in a few."""

from dataclasses import replace

import pytest

from llmlz.access.grid import grid
from llmlz.access.matrix import Row
from llmlz.cli.access_tables import show
from llmlz.graph.model import Graph
from tests.grids import ACTIONS, GUARDRAIL, LITE, MICRO, refused, row, rows, team

TEAMS = [team("claims", {"claims-lite": LITE}), team("search", {"search-micro": MICRO})]


def shown(found: list[Row], capsys: pytest.CaptureFixture[str], graphs: list[Graph] = TEAMS) -> list[str]:
    """Lines of the printed table, with single spaces, without head and sum."""
    show(grid(found, graphs))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    return lines[1 : lines.index("")]


def changed(found: list[Row], odd: Row) -> list[Row]:
    """The rows with one call answered otherwise."""
    key = ("role", "target", "region", "action", "guardrail")
    return [odd if [getattr(r, k) for k in key] == [getattr(odd, k) for k in key] else r for r in found]


def test_a_sound_estate_has_a_line_per_open_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """With a guardrail allowed, without refused, and by whom."""
    assert shown(rows(TEAMS), capsys) == [
        f"claims {LITE} eu-central-1 allowed refused identity: OnlyGuarded",
        f"search {MICRO} eu-central-1 allowed refused identity: OnlyGuarded",
        "all everything else refused refused identity",
    ]


@pytest.mark.parametrize(
    ("odd", "line"),
    [
        (
            row(guardrail=None, statement="Hole"),
            "claims amazon.nova-lite-v1:0 eu-central-1 allowed"
            " allowed for InvokeModel through claims-lite; refused for InvokeModelWithResponseStream through claims-lite"
            " identity: Hole",
        ),
        (
            row(target=LITE, direct=True, statement="Hole"),
            "claims amazon.nova-lite-v1:0, no profile eu-central-1"
            " allowed for InvokeModel; refused for InvokeModelWithResponseStream refused identity: Hole",
        ),
        (
            row(target="search-micro", statement="Hole"),
            "claims amazon.nova-micro-v1:0, profile of another eu-central-1 allowed for InvokeModel through search-micro;"
            " refused for InvokeModelWithResponseStream refused identity: Hole",
        ),
        (
            row(outcome="indeterminate", layer="", statement=None, reason="who knows"),
            "claims amazon.nova-lite-v1:0 eu-central-1 allowed for InvokeModelWithResponseStream through claims-lite;"
            " undecided for InvokeModel through claims-lite refused who knows",
        ),
    ],
)
def test_what_is_open_beside_the_own_profile_has_its_line(
    odd: Row, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hole or a doubt is not in the sum of the rest, and the statement that makes it stands beside it."""
    assert line in shown(changed(rows(TEAMS), odd), capsys)


def test_an_own_profile_that_is_closed_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A team that cannot call what it has sees which layer is in the way."""
    closed = [replace(r, outcome="denied", layer="boundary") if r.outcome == "allowed" else r for r in rows(TEAMS)]
    lines = shown(closed, capsys)
    assert f"claims {LITE} eu-central-1 refused refused boundary: CallOwnProfiles" in lines


def test_the_rest_is_told_by_layers(capsys: pytest.CaptureFixture[str]) -> None:
    """Roles that are refused by other layers have their own line; few are named, many are counted."""
    graphs = [team(name, {f"{name}-lite": LITE}) for name in ("a", "b", "c", "d", "e")]
    found = [
        replace(r, layer="boundary") if r.team == "e" and r.outcome == "denied" and r.direct else r
        for r in rows(graphs)
    ]
    assert shown(found, capsys, graphs)[-2:] == [
        "4 roles everything else refused refused identity",
        "e everything else refused refused boundary, identity",
    ]


def test_roles_of_one_team_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """A second role has its name beside the team's, and a role without a team has its name alone."""
    found = rows(TEAMS[:1])
    found += [replace(r, role="claims-batch") for r in found] + [replace(r, role="cron", team=None) for r in found]
    lines = shown(found, capsys)
    assert [line.partition(" amazon")[0] for line in lines[:3]] == [
        "claims (claims-batch)",
        "claims (claims-role)",
        "cron",
    ]


def test_names_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like a style of the terminal is shown as it is."""
    name = "[bold]x[/bold]"
    found = [row(team=name, action=a, guardrail=g) for a in ACTIONS for g in (None, GUARDRAIL)]
    assert shown([*found, refused(team=name, target=LITE, direct=True)], capsys)[0].startswith(f"{name} {LITE}")
