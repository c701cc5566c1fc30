"""Recorded stacks, replayed through the real engine with the echo provider: the state is the recorded graph."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from llmlz.engine.find import find_engine
from llmlz.engine.workspace import Workspace
from llmlz.errors import ToolMissingError
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph, Reference, Resource
from llmlz.graph.preview import load_preview
from llmlz.graph.record import ROOT
from llmlz.graph.states import SECRET
from llmlz.local.replay import replayed
from tests.engine.conftest import working_in
from tests.local.replays import comparable, recorded

pytestmark = pytest.mark.ring(3)


@pytest.fixture(scope="session")
def engine() -> Path:
    """The engine, or a skip that says what it would have proved."""
    try:
        return find_engine()
    except ToolMissingError as error:
        pytest.skip(f"ring 3: would have proved that the engine deploys a recorded graph; {error}")


def test_every_stack_of_the_estate_lives(engine: Path, graphs: Mapping[str, Graph], tmp_path: Path) -> None:
    """Preview, up, a second up that changes nothing, the state as recorded, and destroy."""
    first = next(iter(graphs.values()))
    with Workspace(tmp_path, account=first.account, region=first.region, engine=engine) as workspace:
        for name, graph in graphs.items():
            program, where = replayed(graph), (graph.project, name)
            count = len(graph.resources) - sum(r.kind == "read" for r in graph.resources) + 1  # the stack itself
            preview = workspace.preview(program, *where)
            assert preview.changes["create"] == count
            assert identities(load_preview(preview.digest, plan=preview.plan)) == identities(graph)
            assert workspace.up(program, *where).changes["create"] == count
            again = workspace.up(program, *where).changes
            assert again["same"] == count
            assert set(again) <= {"same", "read"}
            deployed = load_export(workspace.export(*where), account=graph.account, region=graph.region).graph
            assert seen(deployed) == seen(graph)
            assert deployed.outputs == graph.outputs
        for name, graph in reversed(list(graphs.items())):
            workspace.destroy(graph.project, name)
            assert workspace.export(graph.project, name)["deployment"].get("resources", []) == []
    assert working_in(tmp_path) == []


def test_every_way_from_an_output_to_an_input(engine: Path, tmp_path: Path) -> None:
    """Unknown in the preview, and afterwards what was recorded: whole, joined, cut, nested, in keys, numbers, lists."""
    graph = recorded()
    with Workspace(tmp_path, account=graph.account, region=graph.region, engine=engine) as workspace:
        workspace.preview(replayed(graph), graph.project, graph.stack)
        workspace.up(replayed(graph), graph.project, graph.stack)
        deployed = load_export(workspace.export(graph.project, graph.stack)).graph
    expected = {r.name: dict(r.inputs) for r in graph.custom()}
    expected["parameter"]["value"] = SECRET
    file = {"$asset": {"path": str(ROOT / "tests/local/replays.py")}}
    expected["function"]["code"] = {"$archive": {**graph.named("function").inputs["code"]["$archive"], "read.me": file}}
    assert {r.name: r.inputs for r in deployed.custom()} == expected
    assert deployed.outputs == graph.outputs


def identities(graph: Graph) -> set[tuple[str, str | None, str | None]]:
    """What each resource is, below what, and made by what."""
    return {(r.urn, r.parent, r.provider) for r in graph.resources}


def seen(graph: Graph) -> dict[str, Resource]:
    """Resources as a state and a recording both know them: a state keeps no path inside an input."""
    return {r.urn: _seen(r) for r in comparable(graph).resources}


def _seen(resource: Resource) -> Resource:
    to = {Reference(at=r.at.partition(".")[0].partition("[")[0], to=r.to) for r in resource.references}
    options = replace(resource.options, delete_before_replace=False)
    outputs = resource.outputs if resource.kind == "component" else {}
    references = tuple(sorted(to, key=lambda r: (r.at, r.to)))
    return replace(resource, references=references, options=options, outputs=outputs)
