"""Where the ``pulumi`` program is: on PATH, or in the cache of built tools.

Owns: the version the project is proved with, and the place of the build.
Does not own: building it (``build``).
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from llmlz.compiler import tool_folder
from llmlz.errors import ToolMissingError

VERSION = "3.256.0"
"""What ``make engine`` builds, and the oldest that is accepted on PATH: nothing older has been tried."""

MODULE = Path(__file__).resolve().parents[2] / "environments" / "engine"
"""Folder of the Go module that pins the engine and everything it is built from."""

MISSING = (
    "no pulumi {version} or newer here: {why}; previews, deployments and state through the real engine cannot be "
    "proved; get it with `make engine`"
)


def cached() -> Path:
    """Where the built program belongs; another ``go.mod`` or ``go.sum`` gives another place."""
    pins = [MODULE / name for name in ("go.mod", "go.sum")]
    return tool_folder(f"pulumi-v{VERSION}", pins) / "pulumi"


def find_engine() -> Path:
    """The program to run; raises ``ToolMissingError`` with what it would have proved and how to get it."""
    why = "none on PATH, none built"
    if on_path := shutil.which("pulumi"):
        found = version_of(Path(on_path))
        if found >= _numbers(VERSION):
            return Path(on_path)
        why = f"the one on PATH is {'.'.join(map(str, found)) or 'of no known version'}, none built"
    if cached().is_file():
        return cached()
    raise ToolMissingError(MISSING.format(version=VERSION, why=why))


def version_of(engine: Path) -> tuple[int, ...]:
    """Major, minor and patch as the program says; empty if it says nothing of the kind."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    said = subprocess.run([engine, "version"], env=environment, capture_output=True, text=True, check=False)
    return _numbers(said.stdout)


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    return tuple(int(n) for n in found.groups()) if found else ()
