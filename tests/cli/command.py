"""The real command, run as people run it: a process of its own, with a scrubbed environment."""

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

from llmlz.cli.entry import main

COMMAND = Path(sys.executable).with_name("llmlz")
ROOT = Path(__file__).parents[2]
KEPT = ("HOME", "LLMLZ_PROVIDER_MIRROR", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_DIRS")
"""Variables of the machine that the command may see; nothing of the person reaches it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How one run ended."""

    code: int
    out: str
    err: str

    def no_traceback(self) -> "Ran":
        """Itself; fails when the person was shown the inside of the program."""
        assert "Traceback" not in self.err + self.out, self.err
        return self


def environment(**changes: str) -> dict[str, str]:
    """What the command sees, with ``changes``."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {"LANG": "C.UTF-8", **changes}


def llmlz(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Ran:
    """Run ``llmlz`` to its end."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment() if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@cache
def seen(*arguments: str) -> Ran:
    """The same, once per process, for commands that read the example estate and write nothing."""
    return llmlz(*arguments)


@cache
def within(*arguments: str) -> Ran:
    """The same entry point in this process, once per arguments: it spares the seconds of loading the SDK."""
    out, err, code = io.StringIO(), io.StringIO(), -1
    thresholds, handler = gc.get_threshold(), signal.getsignal(signal.SIGTERM)
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch.object(sys, "argv", ["llmlz", *arguments]),
        ):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        gc.set_threshold(*thresholds)
        signal.signal(signal.SIGTERM, handler)
    return Ran(code, out.getvalue(), err.getvalue())


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, to see that nothing was written."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
