"""Ending what was started: every program that this project starts gets a session of its own, and none outlives its use."""

import contextlib
import os
import signal
import subprocess

GRACE_SECONDS = 10.0
"""What a program gets to finish what it is at."""


def end_session(
    child: "subprocess.Popen[bytes] | subprocess.Popen[str]",
    *,
    ask: signal.Signals = signal.SIGTERM,
    leader_alone: bool = False,
    grace_seconds: float = GRACE_SECONDS,
) -> None:
    """Ask the session of ``child`` to end, then kill what is left of it; one that has ended is not asked again.

    ``child`` leads its session (``start_new_session=True``). ``leader_alone`` leaves it to the leader to tell its own
    children.
    """
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if leader_alone:
                child.send_signal(ask)
            else:
                os.killpg(child.pid, ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace_seconds)
    with contextlib.suppress(ProcessLookupError):  # mostly the whole session is gone already
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
