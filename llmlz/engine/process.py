"""Runs one engine command and leaves no process behind.

Every command gets a session of its own, so that Ctrl-C reaches this program alone, which then ends the engine the way
the engine likes it: asked first, so that steps in flight are finished and written down, and killed when that takes
too long.
"""

import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from llmlz.processes import end_session

GRACE_SECONDS = 20.0
"""What an interrupted engine gets to finish the steps in flight."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    code: int
    """Exit code; negative when a signal ended it."""

    stdout: str
    stderr: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    started: Callable[[int], None] = lambda pid: None,
) -> Finished:
    """Run ``command`` in ``folder`` to its end; ``started`` hears the process id.

    Output goes to files, not pipes: a child that outlives its parent can then never hold this program up.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            started(child.pid)
            child.wait()
        finally:
            end_session(child, ask=signal.SIGINT, leader_alone=True, grace_seconds=GRACE_SECONDS)
        out.seek(0)
        err.seek(0)
        return Finished(child.returncode, out.read().decode(errors="replace"), err.read().decode(errors="replace"))
