"""Several stacks at once in one workspace: the same answers as one by one, and an end for all of them."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmlz.engine.outcome import EngineError
from llmlz.engine.workspace import Workspace
from llmlz.errors import LlmlzError
from llmlz.fleet.run import run
from tests.engine import programs
from tests.engine.conftest import Faults, working_in

pytestmark = pytest.mark.ring(3)
STACKS = ("a", "b", "c")


def test_stacks_are_previewed_at_once(workspace: Workspace) -> None:
    """Each is told what it has, also where one of them has something to do and another fails."""
    for stack in STACKS:
        workspace.up(programs.topics(f"{stack}-orders"), "platform", stack)

    def preview(stack: str) -> Mapping[str, int]:
        wanted = {"a": programs.topics("a-orders"), "b": programs.topics("b-orders", "b-more"), "c": programs.stray}
        return workspace.changes(wanted[stack], "platform", stack)

    found = {outcome.name: outcome for outcome in run(STACKS, preview, workers=3, stop=workspace.interrupt)}
    assert found["a"].result == {"same": 3}
    assert found["b"].result == {"create": 1, "same": 3}
    assert isinstance(found["c"].error, EngineError)


def test_one_program_at_a_time_runs_its_statements(workspace: Workspace) -> None:
    """What a statement loads on first use is loaded once; the requests of the programs are answered at once."""
    inside: list[int] = []
    most: list[int] = []

    def program() -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.5)
        inside.pop()

    ended = list(
        run(STACKS, lambda stack: workspace.changes(program, "empty", stack), workers=3, stop=workspace.interrupt)
    )
    assert [outcome.error for outcome in ended] == [None] * 3
    assert most == [1, 1, 1]


def test_an_interrupt_ends_all_of_them_and_leaves_no_lock(workspace: Workspace, faults: Faults) -> None:
    """As Ctrl-C does for one: steps in flight are finished, nothing is left running, and no command is begun after."""
    held = threading.Barrier(3, timeout=60)

    def hold(operation: str, name: str) -> None:
        held.wait()  # two stacks and this test: both are in the middle of a step
        time.sleep(2)

    faults.then = hold

    def up(stack: str) -> Mapping[str, int]:
        return workspace.up(programs.topics(f"{stack}-orders", f"{stack}-more"), "platform", stack).changes

    with ThreadPoolExecutor(2) as threads:
        ended = [threads.submit(up, stack) for stack in "ab"]
        held.wait()
        faults.then = lambda operation, name: None
        workspace.interrupt()
    assert [type(future.exception()) for future in ended] == [EngineError, EngineError]
    assert working_in(workspace.folder) == []
    assert list((workspace.folder / "state" / ".pulumi" / "locks").rglob("*.json")) == []
    with pytest.raises(LlmlzError, match="was not begun"):
        up("c")
