"""A deployment that is cut off: a clear message, nothing left, and the next run works."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmlz.errors import LocalCloudError
from llmlz.local.deploy import deploy
from llmlz.local.footprint import Footprint, leftovers
from llmlz.rehearsal.terraform import Terraform
from tests.local.conftest import MakeEmulator
from tests.local.programs import small

pytestmark = pytest.mark.ring(5)
FIRST = "resources made"
GIVE_UP_SECONDS = 90
"""How long an engine may try a cloud that is gone."""


def processes_in(folder: Path) -> list[str]:
    """Commands of processes that work in or under ``folder``."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("ring 5: would have proved that no engine is left; needs /proc (Linux)")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = Path(os.readlink(process / "cwd"))
            if here.is_relative_to(folder):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended while we looked, or belongs to somebody else
            continue
    return found


def test_a_death_in_the_middle_is_told_and_the_next_run_works(
    make_emulator: MakeEmulator, terraform: Terraform, tmp_path: Path
) -> None:
    """The message shows the end of the emulator's log; emulator and engine are gone; a second run is complete."""
    graphs = small()
    with make_emulator() as emulator:

        def kill_at_first(message: str) -> None:
            if FIRST in message and emulator.alive():
                os.killpg(emulator.footprint.pid, signal.SIGKILL)

        started = time.monotonic()
        with pytest.raises(LocalCloudError, match=r"is gone\n  last lines of .*emulator\.log:\n(.|\n)*fix: run"):
            deploy(graphs, emulator, terraform, tmp_path / "first", kill_at_first)
        assert time.monotonic() - started < GIVE_UP_SECONDS
    assert leftovers(emulator.footprint) == ()
    assert processes_in(tmp_path) == []
    with make_emulator() as emulator:
        deployment = deploy(graphs, emulator, terraform, tmp_path / "second", print)
    deployment.check()
    assert deployment.coverage == 1.0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
def test_an_interrupted_deployment_leaves_nothing(terraform: Terraform, tmp_path: Path, ending: signal.Signals) -> None:
    """Ctrl-C ends emulator and engine at once; after a kill the engine gives up by itself."""
    command = [sys.executable, "-m", "tests.local.deployer", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout
        footprint = Footprint(**json.loads(child.stdout.readline()))
        assert any(FIRST in line for line in iter(child.stdout.readline, ""))
        assert processes_in(tmp_path) != []
        child.send_signal(ending)
        assert child.wait(30) != 0
    limit = time.monotonic() + (10 if ending is signal.SIGINT else GIVE_UP_SECONDS)
    while (leftovers(footprint) or processes_in(tmp_path)) and time.monotonic() < limit:
        time.sleep(0.2)
    assert (leftovers(footprint), processes_in(tmp_path)) == ((), [])
