"""A workspace per test, and the check that nothing of it is left running."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from llmlz.engine.find import find_engine
from llmlz.engine.workspace import Workspace
from llmlz.errors import ToolMissingError
from tests.engine.programs import ACCOUNT, REGION


@pytest.fixture(scope="session")
def engine() -> Path:
    """The engine, or a skip that says what it would have proved."""
    try:
        return find_engine()
    except ToolMissingError as error:
        pytest.skip(f"ring 3: {error}")


class Faults:
    """What a test wants to happen before a step."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.then: Callable[[str, str], None] = lambda operation, name: None

    def __call__(self, operation: str, urn: str) -> None:
        name = urn.rpartition("::")[2]
        self.seen.append((operation, name))
        self.then(operation, name)


@pytest.fixture
def faults() -> Faults:
    """Nothing goes wrong until a test says what."""
    return Faults()


@pytest.fixture
def workspace(engine: Path, faults: Faults, tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace; afterwards no process works in its folder any more, and no thread is left."""
    with Workspace(tmp_path, account=ACCOUNT, region=REGION, hook=faults, engine=engine) as made:
        yield made
    assert working_in(tmp_path) == []
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")] == []


def working_in(folder: Path) -> list[str]:
    """Commands of the processes whose current folder lies in ``folder``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where, command = os.readlink(process / "cwd"), (process / "cmdline").read_bytes()
        except OSError:
            continue  # it ended in the meantime
        if Path(where).is_relative_to(folder):
            found.append(command.replace(b"\0", b" ").decode())
    return found
