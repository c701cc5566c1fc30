"""checkov as a process that stays warm, for as long as a ``with`` block lasts.

Owns: starting it in its own environment, one request after the other, and its end.
Does not own: what is asked (``scan``), and what is in the environment (``environments/checkov``).
"""

import contextlib
import functools
import json
import os
import select
import subprocess
import tempfile
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from llmlz.checkov import answers
from llmlz.checkov.answers import Answer, Catalogue
from llmlz.errors import LlmlzError
from llmlz.processes import end_session

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "environments" / "checkov"
PYTHON = ROOT / ".envs" / "checkov" / "bin" / "python"
FIX = "make environments"

ANSWER_SECONDS = 120.0
"""The first answer takes a second, a thousand resources another; two minutes cover a busy machine."""

GRACE_SECONDS = 1.0
LOG_LINES = 8
CHUNK = 1 << 20


class CheckovError(LlmlzError):
    """checkov could not be asked, or did not answer: nothing was judged."""


class Checkov:
    """checkov inside ``with``; it starts with the first request and is gone afterwards, whatever happens in between."""

    def __init__(
        self, *, python: Path = PYTHON, serve: Path = PROJECT / "serve.py", seconds: float = ANSWER_SECONDS
    ) -> None:
        """``seconds`` is what one request may take."""
        self.python, self.serve, self.seconds = python, serve, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._asked = 0
        self._known: dict[tuple[frozenset[str] | None, str | None], Catalogue] = {}

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    def hello(self, checks: Sequence[str] | None = None, external: Path | None = None) -> Catalogue:
        """What the asked checks judge, or all checks; raises ``CheckovError`` for another version than the lock's."""
        key = (None if checks is None else frozenset(checks), _text(external))
        if external is not None or key not in self._known:
            ids = None if checks is None else list(checks)
            self._known[key] = answers.catalogue(self._ask("hello", checks=ids, external=_text(external)))
        found, wanted = self._known[key], pinned()
        if found.version != wanted:
            self.stop()
            raise CheckovError(f"checkov {found.version} is installed, {wanted} is expected\n  fix: {FIX}")
        return found

    def plan(self, plan: Mapping[str, Any], checks: Sequence[str], external: Path | None = None) -> Answer:
        """Verdicts over a plan document."""
        return answers.answer(self._ask("plan", plan=plan, checks=list(checks), external=_text(external)))

    def manifests(self, manifests: Mapping[str, Any], checks: Sequence[str]) -> Answer:
        """Verdicts over Kubernetes manifests by address."""
        return answers.answer(self._ask("manifests", manifests=manifests, checks=list(checks)))

    def stop(self) -> None:
        """End the whole session; does nothing the second time."""
        process, self._process = self._process, None
        self._known.clear()
        if process is not None:
            end_session(process, grace_seconds=GRACE_SECONDS)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
        if self._log is not None:
            self._log.close()
            self._log = None

    def _ask(self, ask: str, **what: Any) -> dict[str, Any]:
        """One request and its answer; whatever goes wrong ends the process, Ctrl-C too."""
        try:
            self._start()
            self._asked += 1
            request = json.dumps({"id": self._asked, "ask": ask, **what}, separators=(",", ":"))
            line = self._exchange(request.encode() + b"\n")
            return self._checked(line)
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        if self._process is not None:
            return
        if not self.python.exists():
            raise CheckovError(f"checkov is not installed: {self.python} does not exist\n  fix: {FIX}")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop
        try:
            self._process = subprocess.Popen(
                [str(self.python), str(self.serve)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=_environment(self.python),
                start_new_session=True,
            )
        except OSError as error:
            raise CheckovError(f"checkov does not start: {error}\n  fix: {FIX}") from None

    def _exchange(self, request: bytes) -> bytes:
        """Send a request and read one line, within the time limit."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise CheckovError(f"checkov was not started\n  fix: {FIX}")
        writer = threading.Thread(target=_send, args=(process.stdin, request), daemon=True)
        writer.start()
        limit = time.monotonic() + self.seconds
        parts: list[bytes] = []
        while not parts or not parts[-1].endswith(b"\n"):
            ready = select.select([process.stdout], [], [], max(0.0, limit - time.monotonic()))[0]
            if not ready:
                raise self._failure(f"checkov did not answer within {self.seconds:g} s")
            parts.append(os.read(process.stdout.fileno(), CHUNK))
            if not parts[-1]:
                process.wait()
                raise self._failure(f"checkov ended by itself with exit code {process.returncode}")
        writer.join()
        return b"".join(parts)

    def _checked(self, line: bytes) -> dict[str, Any]:
        """An answer that is whole, and to this request."""
        try:
            reply = json.loads(line)
        except ValueError:
            reply = None
        if not isinstance(reply, dict) or "id" not in reply:
            raise self._failure(f"checkov answered with something else than one JSON object: {line[:80]!r}")
        if "error" in reply:
            raise self._failure(f"checkov failed: {reply['error']}")
        if reply["id"] != self._asked:
            raise self._failure(f"checkov answered request {reply['id']} where {self._asked} was asked")
        return reply

    def _failure(self, what: str) -> CheckovError:
        """What happened, the end of what checkov said, and the fix."""
        said: list[str] = []
        if self._log is not None:
            self._log.seek(0)
            said = self._log.read().decode(errors="replace").splitlines()[-LOG_LINES:]
        lines = ["  checkov said:", *(f"    {line}" for line in said)] if said else []
        return CheckovError("\n".join([what, *lines, f"  fix: {FIX}, then run the command again"]))


@functools.cache
def pinned() -> str:
    """The version of checkov that the lock names."""
    lock = tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8"))
    return next(str(package["version"]) for package in lock["package"] if package["name"] == "checkov")


def _environment(python: Path) -> dict[str, str]:
    """Search paths and nothing else of the caller's settings; its home would bring configuration of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(python.parents[1]), "BC_SKIP_MAPPING": "TRUE", "PYTHONUTF8": "1"}


def _send(stream: IO[bytes], request: bytes) -> None:
    """Write a request; a process that ended shows in the answer."""
    with contextlib.suppress(OSError, ValueError):
        stream.write(request)
        stream.flush()


def _text(folder: Path | None) -> str | None:
    return None if folder is None else str(folder.resolve())
