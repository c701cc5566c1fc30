"""``llmlz try``: what runs without an engine, what Ctrl-C leaves behind, and who may be tried."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.rehearsal import tool
from tests.cli.command import COMMAND, Ran, environment, llmlz, within
from tests.estates import EXAMPLE

PLAN = ("try", "--plan-only")


@pytest.fixture(scope="module")
def without_engine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """A run on a machine where no engine is found."""
    folder = tmp_path_factory.mktemp("machine")
    for name in ("bin", "home", "work"):
        (folder / name).mkdir()
    nowhere = environment(PATH=str(folder / "bin"), HOME=str(folder / "home"), LLMLZ_PROVIDER_MIRROR=str(folder / "no"))
    return llmlz(*PLAN, "--json", cwd=folder / "work", env=nowhere), folder / "work"


def test_without_an_engine_the_rehearsal_is_left_out_and_says_why(without_engine: tuple[Ran, Path]) -> None:
    """Everything that Python can prove is proved; what is left out names the tool, its worth, and how to get it."""
    ran, _ = without_engine
    assert ran.no_traceback().code == 0, ran.err
    steps = {step["name"]: step for step in json.loads(ran.out)["steps"]}
    assert {name: steps[name]["outcome"] for name in ("record", "check", "access", "prove", "cost", "rehearse")} == {
        "record": "done",
        "check": "done",
        "access": "done",
        "prove": "done",
        "cost": "done",
        "rehearse": "left out",
    }
    said = steps["rehearse"]["said"]
    assert "neither terraform nor tofu is on PATH" in said
    assert "would have proved" in said
    assert "LLMLZ_PROVIDER_MIRROR" in said
    assert "left out" in ran.err


def test_plan_only_never_speaks_to_a_cloud(without_engine: tuple[Ran, Path]) -> None:
    """No step of the local cloud ran, and nothing is said to be deployed."""
    found = json.loads(without_engine[0].out)
    assert {step["name"] for step in found["steps"]} & {"emulator", "deploy", "calls", "stop"} == set()
    assert (found["coverage"], found["calls"]) == (None, [])


def test_the_summary_counts_what_the_stacks_hold(without_engine: tuple[Ran, Path]) -> None:
    """The platform comes with its teams, and each count is what ``llmlz record`` would count."""
    found = json.loads(without_engine[0].out)
    assert sorted(found["stacks"]) == ["platform-sandbox", "team-claims-sandbox", "team-search-sandbox"]
    assert found["stacks"]["team-claims-sandbox"]["aws:bedrock/inferenceProfile:InferenceProfile"] == 3
    assert found["fixed_cost_usd"]["platform-sandbox"] == json.loads(within("cost", "--json").out)["total"]


def test_everything_is_written_below_the_folder_that_was_named(without_engine: tuple[Ran, Path]) -> None:
    """A run leaves nothing but ``build`` in the folder that it was started in."""
    assert {path.name for path in without_engine[1].iterdir()} <= {"build"}


def test_a_team_cannot_be_tried(tmp_path: Path) -> None:
    """A team stands on a platform: trying it alone is bad input, and the message says what is meant."""
    ran = llmlz(*PLAN, "--stack", "team-claims-sandbox", cwd=tmp_path).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--stack team-claims-sandbox: a team; expected a platform, its teams come along\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.ring(2)
class TestWithAnEngine:
    """The rehearsal as a part of the command."""

    @pytest.fixture(autouse=True)
    def _engine(self) -> None:
        try:
            found = tool.find()
        except ToolMissingError as error:
            pytest.skip(f"ring 2: would have proved that Ctrl-C leaves no engine running; {error}")
        if found.plugin is None:
            pytest.skip("ring 2: would have proved that Ctrl-C leaves no engine running; get it with a provider mirror")

    @pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
    def test_being_stopped_during_a_rehearsal_ends_everything(self, ending: signal.Signals, tmp_path: Path) -> None:
        """Ctrl-C or a stopped job: exit code 130, no traceback, no standard output, and no process of the engine."""
        process = subprocess.Popen(
            [COMMAND, *PLAN, "--json"],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            engines = _wait_for_engines(tmp_path, process)
            process.send_signal(ending)
            out, err = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        assert process.returncode == 130, err
        assert "Traceback" not in err
        assert out == ""
        assert engines
        assert _engines(tmp_path) == []

    def test_the_provider_accepts_a_platform(self, tmp_path: Path) -> None:
        """The whole way but the local cloud ends well, and says which provider agreed."""
        estate = tmp_path / "estate"
        estate.mkdir()
        shutil.copy(EXAMPLE / "Pulumi.platform-sandbox.yaml", estate)  # alone: each team takes as long again
        ran = llmlz(*PLAN, "--json", "--estate", str(estate), cwd=tmp_path).no_traceback()
        assert ran.code == 0, ran.err
        steps = {step["name"]: step for step in json.loads(ran.out)["steps"]}
        assert steps["rehearse"]["outcome"] == "done"
        assert steps["rehearse"]["said"].startswith("AWS provider ")


def _engines(folder: Path) -> list[int]:
    """Processes that work below ``folder``, but for the command itself."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                place, words = (entry / "cwd").readlink(), (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended, or is not ours
            if place.is_relative_to(folder.resolve()) and Path(os.fsdecode(words[0])).name in tool.COMMANDS:
                found.append(int(entry.name))
    return found


def _wait_for_engines(folder: Path, process: "subprocess.Popen[str]") -> list[int]:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if found := _engines(folder):
            return found
        time.sleep(0.05)
    return []


def test_a_folder_that_cannot_be_written_is_told_first(tmp_path: Path) -> None:
    """Before minutes of work, with the option's name, and without a traceback."""
    (tmp_path / "file").touch()
    ran = llmlz(*PLAN, "--folder", "file", cwd=tmp_path)
    assert ran.no_traceback().code == 2
    assert ran.err.startswith("--folder file: expected a folder that can be written")


def test_a_taken_port_is_told_first(tmp_path: Path) -> None:
    """Not after the rehearsal; exit code 4 as for everything about the local cloud."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = llmlz("try", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert ran.no_traceback().code == 4
    assert "is taken on 127.0.0.1" in ran.err
    assert "rehearse" not in ran.err


@pytest.mark.parametrize("port", ["0", "80000", "-1"])
def test_a_port_that_cannot_be_is_bad_input(port: str, tmp_path: Path) -> None:
    """Told before anything runs."""
    assert llmlz("try", "--port", port, cwd=tmp_path).no_traceback().code == 2
