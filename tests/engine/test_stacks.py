"""The real stacks of the example estate, through the real engine."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from llmlz.engine.workspace import Workspace
from llmlz.errors import LlmlzError
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph
from llmlz.graph.preview import load_preview
from tests.engine.test_preview import agrees, identity, links

pytestmark = pytest.mark.ring(3)

Programs = Mapping[str, Callable[[], None]]


@pytest.fixture(scope="module")
def deployed(
    engine: Path, graphs: Mapping[str, Graph], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Workspace]:
    """A folder in which every stack before the named one, in the estate's order, is deployed."""
    folder, done = tmp_path_factory.mktemp("estate"), set[str]()

    def until(name: str, programs: Programs) -> Workspace:
        workspace = Workspace(folder, account=graphs[name].account, region=graphs[name].region, engine=engine)
        for before, program in programs.items():
            if before == name:
                return workspace
            if before not in done:
                with workspace:
                    workspace.up(program, graphs[before].project, before)
                done.add(before)
        raise KeyError(name)

    return until
