"""checkov as a process: whatever goes wrong is one error with its fix, and nothing is left running."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from llmlz.checkov.process import FIX, PROJECT, PYTHON, Checkov, CheckovError, pinned
from tests.test_processes import gone

HELLO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    answer = {{'id': json.loads(line)['id'], 'checkov': {version!r}, 'checks': {{}}, 'documents': {{}}}}\n"
    "    print(json.dumps(answer), flush=True)\n"
)


def fake(tmp_path: Path, program: str, seconds: float = 20.0) -> Checkov:
    """Checkov with another program in its place."""
    serve = tmp_path / "serve.py"
    serve.write_text(program)
    return Checkov(python=Path(sys.executable), serve=serve, seconds=seconds)


def pid_of(checkov: Checkov) -> int:
    """The process that was started."""
    assert checkov.pid is not None
    return checkov.pid


def test_the_version_of_the_lock_is_accepted(tmp_path: Path) -> None:
    """And the answer is kept: the same question is asked once."""
    with fake(tmp_path, HELLO.format(version=pinned())) as checkov:
        assert checkov.hello(["A"]).version == pinned()
        first = pid_of(checkov)
        assert checkov.hello(["A"]) is checkov.hello(["A"])
        assert checkov.pid == first
    assert gone(first)


def test_another_version_is_an_error(tmp_path: Path) -> None:
    """What was proved of one version says nothing of another."""
    with fake(tmp_path, HELLO.format(version="2.0.0")) as checkov, pytest.raises(CheckovError) as caught:
        checkov.hello()
    assert f"checkov 2.0.0 is installed, {pinned()} is expected" in str(caught.value)
    assert FIX in str(caught.value)


def test_a_missing_environment_is_an_error(tmp_path: Path) -> None:
    """With the command that makes it."""
    missing = tmp_path / "bin" / "python"
    with (
        Checkov(python=missing) as checkov,
        pytest.raises(CheckovError, match=r"not installed(.|\n)*make environments"),
    ):
        checkov.hello()


def test_an_environment_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    """Such as one for another machine."""
    python = tmp_path / "python"
    python.write_text("no program")
    python.chmod(0o755)
    with Checkov(python=python) as checkov, pytest.raises(CheckovError, match="make environments"):
        checkov.hello()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (
            "import sys; sys.stderr.write('no module named checkov'); sys.exit(3)",
            "exit code 3(.|\n)*no module named checkov",
        ),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        (
            "print('warning: a new version is there', flush=True); input(); input()",
            "something else than one JSON object",
        ),
        ("input(); print('{}', flush=True); input()", "something else"),
        ("input(); print('[1]', flush=True); input()", "something else"),
        ("input(); print('{\"id\": 1', flush=True)", "exit code 0|something else"),
        ("input(); print('{\"id\": 7}', flush=True); input()", "answered request 7 where 1 was asked"),
        ('input(); print(\'{"id": 1, "error": "KeyError: x"}\', flush=True); input()', "checkov failed: KeyError: x"),
    ],
)
def test_a_process_that_misbehaves_is_an_error(tmp_path: Path, program: str, words: str) -> None:
    """A crash, garbage, half an answer, an answer to something else, a failure that it tells: nothing is judged."""
    with fake(tmp_path, program) as checkov, pytest.raises(CheckovError, match=words) as caught:
        checkov.hello()
    assert FIX in str(caught.value)
    assert checkov.pid is None


def test_silence_has_a_limit(tmp_path: Path) -> None:
    """Also when the process does not even read: a request larger than a pipe holds nobody up."""
    with fake(tmp_path, "import time; time.sleep(60)", seconds=0.5) as checkov:
        started = time.monotonic()
        with pytest.raises(CheckovError, match=r"did not answer within 0\.5 s"):
            checkov.plan({"text": "x" * 5_000_000}, [])
        assert time.monotonic() - started < 15
        assert checkov.pid is None


def test_it_starts_again_after_a_failure(tmp_path: Path) -> None:
    """A failure ends the process; the next request gets a new one."""
    once = "import os, sys\nif not os.path.exists({mark!r}):\n    open({mark!r}, 'w').close(); sys.exit(1)\n"
    program = once.format(mark=str(tmp_path / "mark")) + HELLO.format(version=pinned())
    with fake(tmp_path, program) as checkov:
        with pytest.raises(CheckovError):
            checkov.hello()
        assert checkov.hello().version == pinned()


def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    """While it waits for an answer."""
    pids: list[int] = []
    with fake(tmp_path, "import time; time.sleep(60)") as checkov:

        def interrupt() -> None:
            while checkov.pid is None:
                time.sleep(0.01)
            pids.append(checkov.pid)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            checkov.hello()
    assert gone(pids[0])


@pytest.mark.ring(2)
@pytest.mark.usefixtures("checkov")
def test_it_ends_with_its_starter() -> None:
    """When standard input closes, which it does even when the starter is killed."""
    process = subprocess.Popen([PYTHON, PROJECT / "serve.py"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin
    process.stdin.close()
    assert process.wait(60) == 0
