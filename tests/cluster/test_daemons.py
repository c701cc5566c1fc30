"""Programs beside this one: none outlives its use, and one that ends is told with its last words."""

import os
from pathlib import Path

import pytest

from llmlz.cluster.daemons import ClusterError, Daemons, free_ports
from tests.engine.conftest import working_in


def test_everything_ends_also_what_a_program_started(tmp_path: Path) -> None:
    """A child of a child, and one that does not listen to a polite request."""
    daemons = Daemons(tmp_path)
    daemons.start("parent", ["/bin/sh", "-c", "/bin/sleep 60 & wait"])
    daemons.start("other", ["/bin/sleep", "60"])
    assert len(daemons.pids()) == 2
    daemons.stop()
    assert daemons.pids() == ()
    assert working_in(tmp_path) == []


def test_one_alone_may_be_ended(tmp_path: Path) -> None:
    """The others go on."""
    daemons = Daemons(tmp_path)
    for name in ("one", "two"):
        daemons.start(name, ["/bin/sleep", "60"])
    daemons.stop("one")
    assert len(daemons.pids()) == 1
    daemons.check()
    daemons.stop()


def test_a_program_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    """While waiting for it, and whenever it is asked."""
    daemons = Daemons(tmp_path)
    daemons.start("etcd", ["/bin/sh", "-c", "echo no space left >&2; exit 3"])
    with pytest.raises(ClusterError, match=r"etcd ended with exit code 3\n  last lines of etcd:\n    no space left"):
        daemons.wait("etcd does not answer", lambda: False, 10)
    daemons.stop()


def test_a_wait_has_an_end(tmp_path: Path) -> None:
    """And says what did not come, with what every program said."""
    daemons = Daemons(tmp_path)
    daemons.start("slow", ["/bin/sh", "-c", "echo still busy; exec /bin/sleep 60"])
    with pytest.raises(ClusterError, match=r"it does not answer after 0\.5 s\n  last lines of slow:\n    still busy"):
        daemons.wait("it does not answer", lambda: False, 0.5)
    daemons.stop()


def test_no_secret_of_this_program_reaches_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a program is a path and what it is given."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    daemons = Daemons(tmp_path)
    daemons.start("env", ["/usr/bin/env"], {"KUBECONFIG": "file"})
    with pytest.raises(ClusterError, match="ended"):
        daemons.wait("never", lambda: False, 10)
    said = daemons.log("env").read_text(encoding="utf-8")
    daemons.stop()
    assert "KUBECONFIG=file" in said
    assert "mine" not in said
    assert f"PATH={os.environ['PATH']}" in said


def test_ports_are_all_different() -> None:
    """However many are asked for."""
    assert len(set(free_ports(20))) == 20
