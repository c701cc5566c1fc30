"""Builds the Pulumi engine from its Go module: ``python -m llmlz.engine.build``, which is ``make engine``.

The Go module proxy serves the source where Pulumi's own downloads cannot be reached; ``environments/engine`` pins it
with everything it is built from. The build goes into the user's cache, never into the repository.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

from llmlz.compiler import BuildError, Say, compile_program, exit_code, find_go
from llmlz.engine import find
from llmlz.errors import ToolMissingError

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_FLAG = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{find.VERSION}"


def build(say: Say = print) -> Path:
    """The engine on PATH or in the cache, built unless it is there.

    ``say`` hears the progress. The program appears under its name only when it is whole; after a failure or Ctrl-C
    nothing is left. Raises ``ToolMissingError`` without Go and ``BuildError`` with the end of the compiler's output.
    """
    with contextlib.suppress(ToolMissingError):
        found = find.find_engine()
        say(f"pulumi is here: {found}")
        return found
    target = find.cached()
    go = find_go(f"pulumi {find.VERSION}", f", or install pulumi {find.VERSION} or newer yourself")
    target.parent.parent.mkdir(parents=True, exist_ok=True)
    say(f"building pulumi {find.VERSION}: 4 to 8 minutes and 3 GB of downloads and intermediate files the first time")
    with tempfile.TemporaryDirectory(dir=target.parent.parent, prefix=".building-") as folder:
        made = Path(folder) / "pulumi"
        compile_program(go, PACKAGE, made, module=find.MODULE, flags=VERSION_FLAG, say=say)
        version = ".".join(map(str, find.version_of(made)))
        if version != find.VERSION:
            raise BuildError(f"the build says that it is version {version or 'unknown'}, not {find.VERSION}")
        target.parent.mkdir(exist_ok=True)
        made.replace(target)
    say(f"built: {target}")
    return target


def main() -> int:
    """Exit code of ``python -m llmlz.engine.build``."""
    return exit_code(build)


if __name__ == "__main__":
    sys.exit(main())
