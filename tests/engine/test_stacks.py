"""The stacks of the example estate, through the real engine: platforms first, then teams that refer to them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from llmlz.engine.outcome import EngineError
from llmlz.engine.workspace import Workspace
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph
from llmlz.graph.preview import load_preview
from tests import generated
from tests.engine.test_preview import agrees, identity, links

pytestmark = pytest.mark.ring(3)


@pytest.mark.parametrize("estate", ["example", "generated"])
def test_every_stack_is_what_was_recorded_and_comes_to_rest(
    engine: Path, graphs: Mapping[str, Graph], programs: Mapping[str, Callable[[], None]], tmp_path: Path, estate: str
) -> None:
    """The first preview equals the recording wherever it knows anything; up works; a second up changes nothing.

    The generated estate has a platform and a team at every tier, and an organization that refers to all platforms.
    """
    known = graphs if estate == "example" else generated.recorded(4)
    for name, program in (programs if estate == "example" else generated.programs(4)).items():
        recorded = known[name]
        with Workspace(tmp_path, account=recorded.account, region=recorded.region, engine=engine) as workspace:
            outcome = workspace.preview(program, recorded.project, name)
            folder = workspace.project_folder(recorded.project)
            previewed = load_preview(outcome.digest, plan=outcome.plan, project_folder=folder)
            assert identity(previewed) == identity(recorded)
            for ours, theirs in zip(recorded.resources, previewed.resources, strict=True):
                assert agrees(theirs.inputs, ours.inputs), ours.urn
                assert links(theirs) == links(ours), ours.urn
            made = len(recorded.resources) + 1 - sum(r.kind == "read" for r in recorded.resources)
            assert workspace.up(program, recorded.project, name).changes["create"] == made
            assert set(workspace.up(program, recorded.project, name).changes) <= {"same", "read"}
            state = load_export(workspace.export(recorded.project, name), project_folder=folder)
            assert [r.urn for r in state.graph.resources] == [r.urn for r in recorded.resources]
            assert state.pending == ()


def test_a_platform_cannot_be_destroyed_by_mistake(
    engine: Path, graphs: Mapping[str, Graph], programs: Mapping[str, Callable[[], None]], tmp_path: Path
) -> None:
    """Its state is protected in the engine: nothing is deleted, and the message names what is protected."""
    recorded = graphs["platform-sandbox"]
    with Workspace(tmp_path, account=recorded.account, region=recorded.region, engine=engine) as workspace:
        workspace.up(programs[recorded.stack], recorded.project, recorded.stack)
        with pytest.raises(EngineError, match="cannot be deleted"):
            workspace.destroy(recorded.project, recorded.stack)
        state = load_export(workspace.export(recorded.project, recorded.stack))
        assert [r.urn for r in state.graph.resources] == [r.urn for r in recorded.resources]
