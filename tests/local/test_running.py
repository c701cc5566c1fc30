"""What runs, seen from outside: sockets, processes and files.

The same checks can look at something that runs already, here or elsewhere: name its host as testinfra does
(LLMLZ_LIVE_HOST, such as ``ssh://gateway.example``; this machine if left out), its port (LLMLZ_LIVE_PORT) and a part of
its command line (LLMLZ_LIVE_COMMAND):

    LLMLZ_LIVE_PORT=4566 LLMLZ_LIVE_COMMAND=ministack uv run pytest tests/local/test_running.py
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import testinfra

from llmlz.local.emulator import Emulator
from llmlz.local.environment import PROJECT, SERVE
from llmlz.local.footprint import HOST
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)
LIVE = {name: os.environ.get(f"LLMLZ_LIVE_{name.upper()}", "") for name in ("host", "port", "command")}
"""Read before tests scrub their environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """What is looked at."""

    host: Any
    """testinfra's view of the machine."""

    port: int
    command: str
    emulator: Emulator | None
    """The emulator that was started for these tests; ``None`` for something that ran already."""


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """What the environment names, or else an emulator."""
    if LIVE["port"]:
        host = testinfra.get_host(LIVE["host"] or "local://")
        yield Running(host=host, port=int(LIVE["port"]), command=LIVE["command"], emulator=None)
        return
    request.getfixturevalue("installed")
    with Emulator(tmp_path_factory.mktemp("running"), account=ACCOUNT, region=REGION) as emulator:
        host = testinfra.get_host("local://")
        yield Running(host=host, port=emulator.footprint.port, command=SERVE.name, emulator=emulator)


def test_it_listens_on_the_loopback_address_alone(running: Running) -> None:
    """Nobody on the network reaches a cloud that takes any credentials."""
    listening = [s for s in running.host.socket.get_listening_sockets() if s.endswith(f":{running.port}")]
    assert listening == [f"tcp://{HOST}:{running.port}"]


def test_one_server_runs_and_is_small(running: Running) -> None:
    """One process, and under 300 MiB of memory: it fits beside a browser."""
    found = [p for p in running.host.process.filter() if running.command in p.args and str(running.port) in p.args]
    assert len(found) == 1
    assert int(found[0].rss) < 300 * 1024


def test_its_files_are_its_own(running: Running) -> None:
    """The log is written; the throw-away folder is closed to other users."""
    if running.emulator is None:
        pytest.skip("ring 5: would have proved that log and state are private; only for the emulator that tests start")
    assert running.host.file(str(running.emulator.log)).size > 0
    state = running.host.file(running.emulator.footprint.state)
    assert (state.is_directory, state.mode) == (True, 0o700)


def test_the_installed_environment_is_what_is_locked(running: Running) -> None:
    """The emulator of these tests is the version that the lock names."""
    if running.emulator is None:
        pytest.skip("ring 5: would have proved which version runs; only for the emulator that tests start")
    python = running.host.process.get(pid=running.emulator.footprint.pid).args.split()[0]
    code = "import importlib.metadata; print(importlib.metadata.version('ministack'))"
    locked = {p["name"]: p["version"] for p in tomllib.loads((PROJECT / "uv.lock").read_text())["package"]}
    assert running.host.check_output("%s -c %s", python, code) == locked["ministack"]
