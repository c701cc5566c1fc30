"""What the emulator promises: it is there inside ``with``, and nothing of it is there afterwards."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest

from llmlz.errors import LocalCloudError
from llmlz.local.emulator import Emulator
from llmlz.local.footprint import HOST, Footprint, leftovers
from tests.local.conftest import ACCOUNT, REGION, MakeEmulator

pytestmark = pytest.mark.ring(5)
GONE_SECONDS = 10


def gone(footprint: Footprint) -> tuple[str, ...]:
    """What is left after a moment for the operating system to clean up."""
    limit = time.monotonic() + GONE_SECONDS
    while (left := leftovers(footprint)) and time.monotonic() < limit:
        time.sleep(0.1)
    return left


def test_it_answers_inside_and_is_gone_after(make_emulator: MakeEmulator) -> None:
    """No process, port or folder is left; the log is."""
    with make_emulator() as emulator:
        assert emulator.alive()
        assert leftovers(emulator.footprint) == (
            f"process group {emulator.footprint.pid}",
            f"port {emulator.footprint.port}",
            f"folder {emulator.footprint.state}",
        )
    assert not emulator.alive()
    assert gone(emulator.footprint) == ()
    assert f"port {emulator.footprint.port}" in emulator.log.read_text()


def test_a_taken_port_is_named_with_a_fix(make_emulator: MakeEmulator) -> None:
    """Somebody else's server is neither used nor disturbed."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(LocalCloudError, match=rf"port {port} is taken(.|\n)*fix: .*lsof -i :{port}"),
            make_emulator(port),
        ):
            pass


def test_a_port_can_be_used_again_at_once(make_emulator: MakeEmulator) -> None:
    """A second run on the same port works."""
    with make_emulator() as first:
        port = first.footprint.port
    with make_emulator(port) as second:
        assert second.footprint.port == port
        assert second.alive()
    assert gone(second.footprint) == ()


def test_an_error_inside_leaves_nothing(make_emulator: MakeEmulator) -> None:
    """Whatever is raised, the emulator is ended."""
    with pytest.raises(ZeroDivisionError), make_emulator() as emulator:
        raise ZeroDivisionError
    assert gone(emulator.footprint) == ()


def test_a_death_is_noticed_with_the_end_of_the_log(make_emulator: MakeEmulator) -> None:
    """Whoever waits for an answer learns where to look, and nothing is left."""
    with make_emulator() as emulator:
        os.killpg(emulator.footprint.pid, signal.SIGKILL)
        while emulator.alive():
            time.sleep(0.05)
        with pytest.raises(
            LocalCloudError, match=r"is gone\n  last lines of .*emulator\.log:\n(.|\n)*fix: run the command again"
        ):
            emulator.check()
    assert gone(emulator.footprint) == ()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_nothing_outlives_its_starter(installed: None, tmp_path: Path, ending: signal.Signals) -> None:
    """Ctrl-C, a polite end and a kill that nobody can catch: each takes the emulator along."""
    command = [sys.executable, "-m", "tests.local.holder", str(tmp_path), ACCOUNT, REGION]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as holder:
        try:
            assert holder.stdout
            footprint = Footprint(**json.loads(holder.stdout.readline()))
            assert len(leftovers(footprint)) == 3
            holder.send_signal(ending)
            assert holder.wait(GONE_SECONDS) != 0
        finally:
            holder.kill()
    assert gone(footprint) == ()


def test_no_setting_of_the_person_reaches_it(make_emulator: MakeEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials, Docker and persistence of whoever runs it stay outside."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-a-person")
    monkeypatch.setenv("PERSIST_STATE", "1")
    with make_emulator() as emulator:
        raw = Path(f"/proc/{emulator.footprint.pid}/environ")
        if not raw.exists():
            pytest.skip("ring 5: would have proved that no credentials reach the emulator; needs /proc (Linux)")
        names = {line.partition("=")[0] for line in raw.read_text().split("\0")}
    assert "GATEWAY_PORT" in names
    assert not names & {"AWS_SECRET_ACCESS_KEY", "PERSIST_STATE"}


def test_the_account_is_the_estates_own(emulator: Emulator) -> None:
    """ARNs on the local cloud hold the account of the estate."""
    sts = boto3.Session("test", "test", region_name=REGION).client("sts", endpoint_url=emulator.endpoint)
    assert sts.get_caller_identity()["Account"] == ACCOUNT
