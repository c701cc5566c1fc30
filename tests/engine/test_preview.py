"""The engine's graph of a program is the recorded graph, wherever anything is known."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

import pytest

from llmlz.engine.preview import preview_graph
from llmlz.engine.workspace import Workspace
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph, Resource
from llmlz.graph.preview import load_preview
from llmlz.graph.record import record
from llmlz.graph.states import SECRET, UNKNOWN
from tests.engine import fixtures, programs

pytestmark = pytest.mark.ring(3)


class Where(TypedDict):
    """Where a program is recorded, and previewed."""

    account: str
    region: str


WHERE: Where = {"account": programs.ACCOUNT, "region": programs.REGION}


def identity(graph: Graph) -> list[tuple[Any, ...]]:
    """All that makes a resource the same resource, and all that the program asks of the engine."""
    return [(r.urn, r.type, r.name, r.kind, r.parent, r.provider, r.options, r.source) for r in graph.resources]


def agrees(known: Any, recorded: Any) -> bool:
    """Whether a value of the engine is the recorded one, where it is neither unknown nor secret."""
    if known in ({UNKNOWN: True}, SECRET):
        return True
    if isinstance(known, Mapping) and isinstance(recorded, Mapping):
        return known.keys() == recorded.keys() and all(agrees(known[k], recorded[k]) for k in known)
    if isinstance(known, list) and isinstance(recorded, list):
        return len(known) == len(recorded) and all(map(agrees, known, recorded))
    return bool(known == recorded)


def links(resource: Resource) -> set[tuple[str, str]]:
    """Input and target of every reference."""
    return {(r.at.partition(".")[0].partition("[")[0], r.to) for r in resource.references}


def test_a_preview_is_the_recording(engine: Path) -> None:
    """Same identities and options, same links; inputs equal wherever the engine knows them."""
    recorded = record(programs.platform(), project="platform", stack_name="prod", **WHERE)
    previewed = preview_graph(programs.platform(), project="platform", stack_name="prod", **WHERE)
    assert identity(previewed) == identity(recorded)
    for ours, theirs in zip(recorded.resources, previewed.resources, strict=True):
        assert agrees(theirs.inputs, ours.inputs), ours.urn
        assert links(theirs) == links(ours), ours.urn


def test_a_deployed_state_is_the_recording(workspace: Workspace) -> None:
    """The echo answers with the recorder's stand-ins: after up every input is known and equal."""
    recorded = record(programs.platform(), project="platform", stack_name="prod", **WHERE)
    workspace.up(programs.platform(), "platform", "prod")
    state = load_export(workspace.export("platform", "prod"), project_folder=workspace.project_folder("platform"))
    assert [r.urn for r in state.graph.resources] == [r.urn for r in recorded.resources]
    unequal = [
        (ours.name, theirs.inputs, ours.inputs)
        for ours, theirs in zip(recorded.resources, state.graph.resources, strict=True)
        if theirs.inputs != ours.inputs
    ]
    assert [name for name, _, _ in unequal] == ["token"]
    assert agrees(unequal[0][1], unequal[0][2])


def test_a_team_is_the_recording(workspace: Workspace) -> None:
    """A stack that reads another one: the reference is a read, and what it gives is known in both."""
    platform = record(programs.platform(), project="platform", stack_name="prod", **WHERE)
    recorded = record(programs.team, project="team", stack_name="claims", others={"prod": platform}, **WHERE)
    workspace.up(programs.platform(), "platform", "prod")
    outcome = workspace.preview(programs.team, "team", "claims")
    folder = workspace.project_folder("team")
    previewed = load_preview(outcome.digest, plan=outcome.plan, project_folder=folder)
    assert [r.urn for r in previewed.resources] == [r.urn for r in recorded.resources]
    assert previewed.named("claims-topic").inputs == recorded.named("claims-topic").inputs
    assert previewed.named("organization/platform/prod").kind == "read"


def test_the_kept_files_are_what_the_engine_says(engine: Path, tmp_path: Path) -> None:
    """The loaders' fixtures are the engine's own words; ``python -m tests.engine.fixtures`` writes them again."""
    assert dict(fixtures.record(tmp_path)) == {
        path.name: fixtures.read(path) for path in sorted(fixtures.DATA.glob("*.json"))
    }
