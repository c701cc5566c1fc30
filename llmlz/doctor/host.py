"""This machine, as a lock names machines: by host name and process id."""

import os
import socket
from pathlib import Path

PROC = Path("/proc")
HOLDERS = ("pulumi", "python")
"""What is in the names of programs that may hold a lock: the engine, and what runs it."""


class Host:
    """The machine that this runs on."""

    def __init__(self, name: str | None = None) -> None:
        """``name`` is what locks call it; the machine's own name if left out."""
        self.name = name or socket.gethostname()

    def runs(self, pid: int) -> bool:
        """Whether the process with that number may be the one that took a lock.

        A number is used again after a while, so a program that is clearly another one is not the holder. When it
        started tells nothing: the clock may have been set since, and the start is counted on another clock. Where the
        system does not tell the program, a process with this number is taken for the holder.
        """
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            pass  # somebody else's process runs too
        program = _told(pid, "comm")
        return not program or any(name in program + _told(pid, "cmdline") for name in HOLDERS)


def _told(pid: int, what: str) -> str:
    """What the system tells of a process; empty where it does not.

    Both are asked, as a wrapper has its own name and the program among its arguments.
    https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html (2026-11)
    """
    try:
        return (PROC / str(pid) / what).read_text(errors="replace").strip().lower()
    except OSError:
        return ""
