"""Programs that run beside this one for as long as a block lasts.

Every one leads a session of its own, writes into a log, and is ended in the reverse order of the starts, whatever
happened in between.
"""

import contextlib
import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from llmlz.errors import LlmlzError
from llmlz.processes import end_session

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
POLL_SECONDS = 0.05
TAIL = 15
"""Lines of a log that a failure shows."""


class ClusterError(LlmlzError):
    """The cluster on this machine failed, or refused what it was told."""


class Daemons:
    """What was started, and how to be rid of it."""

    def __init__(self, folder: Path) -> None:
        """Keep one log per program in ``folder``."""
        self.folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
        """Start ``command``; its output goes to ``<name>.log``, its environment is this program's path and nothing else."""
        # Ctrl-C is heard in the main thread alone: it cannot come between a start and the note of it.
        with ThreadPoolExecutor(1) as other:
            other.submit(self._start, name, command, environment or {}).result()

    def _start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        with self.log(name).open("wb") as log:
            child = subprocess.Popen(
                [str(part) for part in command],
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append((name, child))

    def log(self, name: str) -> Path:
        """Where a program writes."""
        return self.folder / f"{name}.log"

    def wait(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until ``ready`` says so; raises ``ClusterError`` when a program ends before, or after ``seconds``."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise ClusterError(f"{what} after {seconds:g} s\n{self._tails()}")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise ``ClusterError`` with the end of the log when a program has ended."""
        for name, child in self._running:
            if child.poll() is not None:
                raise ClusterError(f"{name} ended with exit code {child.returncode}\n{self._tail(name)}")

    def pids(self) -> tuple[int, ...]:
        """Process ids, in the order of the starts."""
        return tuple(child.pid for _, child in self._running)

    def stop(self, *names: str) -> None:
        """End the programs of these names, or all; the last one first."""
        ending = [(name, child) for name, child in self._running if not names or name in names]
        for entry in reversed(ending):
            end_session(entry[1])
            self._running.remove(entry)

    def _tail(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").splitlines()[-TAIL:]
        return "\n".join([f"  last lines of {name}:", *(f"    {line}" for line in lines)])

    def _tails(self) -> str:
        return "\n".join(self._tail(name) for name, _ in self._running)


def free_ports(count: int) -> list[int]:
    """Different ports of the loopback address that nobody uses now; raises ``ClusterError`` where there are too few.

    They lie below those that systems take for calls: a port would else be gone before its program starts.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                one.bind((HOST, port))
                found.append(port)
    if len(found) < count:
        raise ClusterError(f"{count} free ports of {HOST} between {PORTS.start} and {PORTS.stop} are not to be had")
    return found


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((HOST, port)) == 0
