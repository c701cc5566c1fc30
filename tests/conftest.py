"""What all tests share: a closed network, a scrubbed environment, rings of proof, and the recorded example estate."""

import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from llmlz.graph.model import Graph
from tests import estates

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A job in the background is started with Ctrl-C ignored, and its children would inherit that: tests send it to them."""

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "XDG_CACHE_HOME", "LLMLZ_PROVIDER_MIRROR", "XDG_DATA_DIRS")
"""Variables that a test may depend on; everything else, credentials above all, is taken away."""
KEPT_PREFIXES = ("COVERAGE", "PYTEST", "UV_", "SSL_", "GO", "PIP_", "LLMLZ_ORACLE")


@pytest.fixture(autouse=True)
def scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials, the region or the Pulumi settings of whoever runs it."""
    for name in list(os.environ):
        if name not in KEPT and not name.startswith(KEPT_PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def closed_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of ring 1 cannot reach any address; the other rings talk to processes of their own on this machine."""
    if request.node.get_closest_marker("ring") is None:

        def refuse(*_: Any, **__: Any) -> None:
            raise AssertionError("a test of ring 1 opened a connection")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def loopback(closed_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that starts a server inside itself may talk to it, and still to no other machine."""
    connect = super(socket.socket, socket.socket).connect  # what the closed network stands in front of

    def own_machine(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", f"a test of ring 1 opened a connection to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", own_machine)


@pytest.fixture(scope="session")
def graphs() -> Mapping[str, Graph]:
    """Stack name to graph, for every stack of the example estate; recorded once."""
    return estates.recorded()


@pytest.fixture(scope="session")
def programs() -> Mapping[str, Callable[[], None]]:
    """Stack name to program, for every stack of the example estate, platforms first."""
    return estates.programs()


@pytest.fixture(scope="session")
def platform_graph(graphs: Mapping[str, Graph]) -> Graph:
    """The example platform."""
    return graphs["platform-sandbox"]
