"""Run one command as a fresh process, and say what it cost.

Owns: processor time, wall time and peak memory of a process and of what it started and waited for.
Does not own: what a command is compared with (``figures``).
"""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_SECONDS = 600
"""A run that takes longer hangs."""


class BenchError(Exception):
    """A benchmark that cannot be run, with a message for the person at the keyboard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one process cost."""

    cpu: float
    """Seconds of user and system time."""

    wall: float
    """Seconds from start to end."""

    peak_mb: float
    """Largest resident memory, in MiB."""

    out: str
    """What it printed on standard output."""

    code: int = 0
    """Its exit code."""


def run(command: Sequence[str], *, more: Mapping[str, str] | None = None, allowed: Collection[int] = (0,)) -> Run:
    """Run ``command`` in the repository, with ``more`` variables.

    Raises ``BenchError`` with what it said when it hangs, or ends with another exit code than the ``allowed`` ones.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED} | dict(more or {})
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        watchdog = threading.Timer(LONGEST_SECONDS, process.kill)
        watchdog.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            watchdog.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    if process.returncode not in allowed:
        raise BenchError(f"{' '.join(command)}\nended with {process.returncode}:\n{texts[1].strip()}")
    cpu, peak_mb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    return Run(cpu=cpu, wall=wall, peak_mb=peak_mb, out=texts[0], code=process.returncode)


_UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE", "PYTHONDEVMODE")
"""Settings that would make a process do other work than it does for its users."""


def interleaved(
    commands: Mapping[str, Callable[[], Run]], rounds: Mapping[str, int], say: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Name to runs: A B A B, so that whatever else the machine does meets all of them alike."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(max(rounds.values())):
        for name, start in commands.items():
            if number < rounds[name]:
                say(f"{name}, round {number + 1} of {rounds[name]}")
                runs[name].append(start())
    return runs
