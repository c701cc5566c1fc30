"""This machine, as a lock names machines: by host name and process id."""

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

PROC = Path("/proc")
CLOCK_SLACK = timedelta(seconds=5)
"""The start of a process is known to a hundredth of a second, that of the machine to a second."""


class Host:
    """The machine that this runs on."""

    def __init__(self, name: str | None = None) -> None:
        """``name`` is what locks call it; the machine's own name if left out."""
        self.name = name or socket.gethostname()

    def runs(self, pid: int, since: datetime) -> bool:
        """Whether the process that was ``pid`` at that time still runs.

        A number is used again after a while: a process that started later is another one. Where the system does not
        tell when a process started, one with this number is taken for the holder.
        """
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            pass  # somebody else's process runs too
        started = _started(pid)
        return started is None or started <= since + CLOCK_SLACK


def _started(pid: int) -> datetime | None:
    """https://www.kernel.org/doc/html/latest/filesystems/proc.html (2026-11); ``None`` on other systems."""
    try:
        ticks = int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
        (boot,) = [
            int(line.split()[1]) for line in (PROC / "stat").read_text().splitlines() if line.startswith("btime ")
        ]
    except (OSError, ValueError, IndexError):
        return None
    return datetime.fromtimestamp(boot + ticks / os.sysconf("SC_CLK_TCK"), UTC)
