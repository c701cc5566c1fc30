"""Nothing that was started outlives its use."""

import signal
import subprocess
import sys
import time

import pytest

from llmlz.processes import end_session

STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(float(sys.argv[1]))"
)


def start(program: str, *arguments: str) -> "subprocess.Popen[str]":
    """A Python program in a session of its own, after its first line of output."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def first_line(child: "subprocess.Popen[str]") -> str:
    """What the program said first; then its output is closed."""
    assert child.stdout
    line = child.stdout.readline().strip()
    child.stdout.close()
    return line


def gone(pid: int) -> bool:
    """Whether a process ends within a second; one that waits for its parent to look counts as ended."""
    for _ in range(50):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_a_program_that_will_not_hear_is_killed() -> None:
    """After its grace, with everything it started."""
    child = start(STUBBORN)
    assert first_line(child) == "up"
    end_session(child, grace_seconds=0.1)
    assert child.returncode == -signal.SIGKILL


def test_children_of_an_ended_leader_are_ended_too() -> None:
    """A leader that is gone cannot tell them any more."""
    child = start(PARENT, "0")
    grandchild = int(first_line(child))
    child.wait(10)
    end_session(child)
    assert gone(grandchild)


@pytest.mark.parametrize("leader_alone", [True, False])
def test_the_whole_session_is_gone(leader_alone: bool) -> None:
    """Whoever was asked first."""
    child = start(PARENT, "60")
    grandchild = int(first_line(child))
    end_session(child, ask=signal.SIGINT, leader_alone=leader_alone)
    assert child.returncode is not None
    assert gone(grandchild)
