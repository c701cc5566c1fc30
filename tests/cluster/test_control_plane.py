"""A control plane comes up, says why not, and leaves nothing behind however it ends."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.daemons import HOST, ClusterError, Daemons
from llmlz.cluster.find import VERSION
from tests.engine.conftest import working_in

pytestmark = pytest.mark.ring(4)


@pytest.fixture
def scratch(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where folders of control planes are made in this test."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def nothing_left(scratch: Path) -> bool:
    """No folder, no process."""
    return list(scratch.iterdir()) == [] and working_in(scratch) == []


def test_it_serves_this_version_to_who_has_the_token_and_is_gone_afterwards(scratch: Path) -> None:
    """Over HTTPS with a certificate of its own; keys and tokens are nobody else's to read."""
    with ControlPlane() as plane:
        assert plane.client.request("GET", "/version")["gitVersion"] == f"v{VERSION}"
        port = int(plane.client.url.rpartition(":")[2])
        authority = plane.folder / "certificates" / "apiserver.crt"
        with pytest.raises(RefusedError) as refused:
            Client(HOST, port, token="another", authority=authority).list("v1", "Namespace")
        assert (refused.value.code, refused.value.reason) == (401, "Unauthorized")
        private = [plane.kubeconfig, plane.folder / "sa.key", plane.folder / "tokens.csv"]
        assert {file.stat().st_mode & 0o077 for file in private} == {0}
        with pytest.raises(ClusterError, match="runs already"):
            plane.__enter__()
        with pytest.raises(ClusterError, match=r"knows no Unicorn of v1: apply its definition first"):
            plane.client.list("v1", "Unicorn")
        with pytest.raises(ClusterError, match=r"v1 ConfigMap a: metadata\.namespace is missing"):
            plane.client.get("v1", "ConfigMap", "a")
    assert nothing_left(scratch)


def test_an_error_inside_leaves_nothing(scratch: Path) -> None:
    """Whatever happens in the block."""
    with pytest.raises(RuntimeError, match="mine"), ControlPlane():
        raise RuntimeError("mine")
    assert nothing_left(scratch)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a call cut in two is closed by Python
@pytest.mark.parametrize("moment", ["etcd", "kube-apiserver", "kube-scheduler"])
def test_ctrl_c_during_the_start_leaves_nothing(scratch: Path, moment: str) -> None:
    """It is heard while the programs come up, too, also between the start of one and the note of it."""

    def interrupt() -> None:
        while not any(scratch.glob(f"*/{moment}.log")):
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)

    other = threading.Thread(target=interrupt)
    other.start()
    with pytest.raises(KeyboardInterrupt), ControlPlane():
        pass
    other.join()
    assert nothing_left(scratch)


def test_a_program_that_cannot_start_is_told_and_leaves_nothing(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last words are in the message."""
    start = Daemons.start

    def broken(self: Daemons, name: str, command: list[str | Path], environment: None = None) -> None:
        start(self, name, [*command, "--no-such-flag"] if name == "kube-apiserver" else command, environment)

    monkeypatch.setattr(Daemons, "start", broken)
    with pytest.raises(ClusterError, match=r"(?s)kube-apiserver ended with exit code 1.*no-such-flag"), ControlPlane():
        pass
    assert nothing_left(scratch)


def test_before_the_start_there_is_nothing_to_speak_to() -> None:
    """One sentence instead of an attribute that is missing."""
    with pytest.raises(ClusterError, match="use it in a with statement"):
        ControlPlane().client.ready()
