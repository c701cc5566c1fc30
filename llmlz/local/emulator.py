"""One AWS emulator on this machine, for as long as a ``with`` block lasts.

Owns: its process group, its port, its throw-away state and its log.
Does not own: what is deployed onto it (``deploy``), or which calls it serves.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from llmlz.errors import LocalCloudError
from llmlz.local.environment import SERVE, emulator_python
from llmlz.local.footprint import HOST, Footprint, check_port
from llmlz.processes import end_session

READY = "/_ministack/ready"
ANSWER_SECONDS = 15
READY_SECONDS = 60
"""A start takes about a second; a minute covers a busy machine."""

LOG_LINES = 20
"""How much of the log a failure shows."""


class Emulator:
    """An emulator that runs inside ``with`` and is gone after it, whatever happens in between."""

    def __init__(
        self,
        folder: Path,
        *,
        account: str,
        region: str,
        port: int | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Keep the log in ``folder``; serve ``account`` and ``region``, on a free port unless one is given."""
        self.log = folder / "emulator.log"
        self.account, self.region, self.progress = account, region, progress
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._footprint: Footprint | None = None

    def __enter__(self) -> Self:
        """Start and wait until it answers.

        Raises ``ToolMissingError`` when it cannot be installed and ``LocalCloudError`` when the port is taken or it
        does not come up.
        """
        python = emulator_python(self.progress)
        port = _free_port() if self._port is None else check_port(self._port)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        state = tempfile.mkdtemp(prefix="llmlz-cloud-")
        try:
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(
                    [str(python), str(SERVE), HOST, str(port), state],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=_environment(self.account, self.region, port, state),
                    start_new_session=True,
                )
            self._footprint = Footprint(pid=self._process.pid, port=port, state=state)
            self._wait_until_ready()
        except BaseException:  # also Ctrl-C while waiting: __exit__ is not called for a failed __enter__
            self.stop()
            shutil.rmtree(state, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and throw the state away."""
        self.stop()

    @property
    def footprint(self) -> Footprint:
        """What it occupies; raises ``LocalCloudError`` before the start."""
        if self._footprint is None:
            raise LocalCloudError("the emulator was not started: use it in a with statement")
        return self._footprint

    @property
    def endpoint(self) -> str:
        """URL of every service."""
        return f"http://{HOST}:{self.footprint.port}"

    def alive(self) -> bool:
        """Whether the process is there and answers."""
        return self._process is not None and self._process.poll() is None and _answers(self.endpoint)

    def check(self) -> None:
        """Raise ``LocalCloudError`` with the end of the log when the emulator is gone."""
        if not self.alive():
            raise LocalCloudError(f"the AWS emulator is gone\n{self.last_lines()}\n  fix: run the command again")

    def last_lines(self, count: int = LOG_LINES) -> str:
        """The end of the log, indented, under the name of its file."""
        lines = self.log.read_text(errors="replace").splitlines()[-count:] if self.log.exists() else []
        return "\n".join([f"  last lines of {self.log}:", *(f"    {line}" for line in lines)])

    def stop(self) -> None:
        """End the whole process group and remove the state; does nothing the second time."""
        process, self._process = self._process, None
        if process is None:
            return
        end_session(process)
        if process.stdin:
            process.stdin.close()
        if self._footprint is not None:
            shutil.rmtree(self._footprint.state, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + READY_SECONDS
        while not _answers(self.endpoint):
            if self._process is None or self._process.poll() is not None:
                raise LocalCloudError(f"the AWS emulator did not start\n{self.last_lines()}")
            if time.monotonic() > limit:
                raise LocalCloudError(f"the AWS emulator did not answer in {READY_SECONDS} s\n{self.last_lines()}")
            time.sleep(0.05)


def _environment(account: str, region: str, port: int, state: str) -> dict[str, str]:
    """The caller's search paths and nothing else of its settings: no credentials, no Docker, no persistence."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": account,
        "MINISTACK_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{state}/no-docker.sock",  # databases would start containers where Docker is found
        "TMPDIR": state,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(endpoint: str) -> bool:
    """Ask without the proxy that the environment may name: it cannot reach this machine's loopback address."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"{endpoint}{READY}", timeout=ANSWER_SECONDS
        ):
            return True
    except OSError:  # refused, reset, timed out, or an HTTP error
        return False
