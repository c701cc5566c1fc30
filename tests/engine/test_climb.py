"""The climb in the real engine: up at the lowest tier, through all four, and down again in an order that ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from llmlz.cli.moving import away, nothing_left, rules, since, verdict
from llmlz.engine.outcome import EngineError, Outcome
from llmlz.engine.workspace import Workspace
from llmlz.graph.export import load_export
from llmlz.graph.model import token_of
from stacks.kinds import PROJECT
from stacks.tier import TIERS
from tests import ladder

pytestmark = pytest.mark.ring(3)

LOSING = ("delete", "delete-replaced", "replace", "create-replacement", "discard")


@contextmanager
def place(engine: Path, folder: Path, stack: str) -> Iterator[Workspace]:
    """The workspace in ``folder``, with the account and region of a stack."""
    found = ladder.estate(TIERS[0]).stack(stack)
    with Workspace(folder, account=found.account, region=found.region, engine=engine) as workspace:
        yield workspace


def lost(outcome: Outcome) -> list[str]:
    """URNs of stateful resources that a command deleted or replaced."""
    return [urn for urn in outcome.of(*LOSING) if token_of(urn) in rules().stateful]


def test_an_estate_climbs_through_all_tiers_and_is_taken_down_again(engine: Path, tmp_path: Path) -> None:
    """No step of any move deletes or replaces what holds state, and every URN that held state is still there.

    Taking down refuses while anything is protected, names that first, and ends once the protection is taken away: teams,
    organization, platform.
    """
    held: dict[str, set[str]] = {}
    for tier in TIERS:
        for name, program in ladder.programs(tier).items():
            with place(engine, tmp_path, name) as workspace:
                outcome = workspace.up(program, PROJECT, name)
                assert lost(outcome) == [], f"{name} to {tier}"
                state = load_export(workspace.export(PROJECT, name))
                assert (state.pending, state.condemned) == ((), ())
                now = {r.urn for r in state.graph.custom() if r.type in rules().stateful}
                assert held.get(name, set()) <= now, f"{name} to {tier}"
                held[name] = now

    asked = away(ladder.folder(), ladder.PLATFORM)
    assert {f.rule for f in nothing_left(asked).findings} == {"deleted", "protected"}
    with place(engine, tmp_path, ladder.PLATFORM) as workspace, pytest.raises(EngineError, match="cannot be deleted"):
        workspace.destroy(PROJECT, ladder.PLATFORM)
    for name in (*(name for name in asked.before if name != ladder.PLATFORM), ladder.ORGANIZATION, ladder.PLATFORM):
        with place(engine, tmp_path, name) as workspace:
            workspace.unprotect(PROJECT, name)
            workspace.destroy(PROJECT, name)
            assert not workspace.export(PROJECT, name)["deployment"].get("resources")


def test_a_live_state_is_judged_like_the_recording(engine: Path, tmp_path: Path) -> None:
    """Exported after a deployment at one tier, against the program of the next one: the same verdict.

    Of platform and team: the echo provider makes up ids of units that the provider of the plan does not take.
    """
    files = []
    for name, program in ladder.programs("repeatable").items():
        if name == ladder.ORGANIZATION:
            continue
        with place(engine, tmp_path / "w", name) as workspace:
            workspace.up(program, PROJECT, name)
            (tmp_path / f"{name}.json").write_text(json.dumps(workspace.export(PROJECT, name)))
            files.append(tmp_path / f"{name}.json")
    estate = ladder.write(tmp_path / "estate", "reliable")
    move = verdict(since(estate, files))
    assert [str(finding) for finding in move.findings] == []
    assert {change.name for change in move.of("create")} >= {"break-glass-role"}
    assert {change.type for change in move.of("replace", "delete")} == {"aws:ec2/route:Route"}
