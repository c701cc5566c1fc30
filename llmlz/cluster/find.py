"""Where the programs of a Kubernetes cluster are: in the cache of built tools.

Owns: the versions the project is proved with, and the place of the build.
Does not own: building them (``build``). What is on PATH is not taken: another version admits other things.
"""

from pathlib import Path

from llmlz.compiler import tool_folder
from llmlz.errors import ToolMissingError

VERSION = "1.36.2"
"""Kubernetes, as ``environments/cluster/go.mod`` pins it; EKS offers 1.36."""

MODULE = Path(__file__).resolve().parents[2] / "environments" / "cluster"
"""Folder of the Go module that pins every program and everything it is built from."""

PINS = ("go.mod", "go.sum", "contents.yaml", "keypair/main.go")
"""What decides what is built."""

DEFINITIONS, STAGES = "definitions", "stages"
"""Folders of a build: custom resource definitions, and what kwok plays; both come from the Go modules."""

MISSING = (
    "no Kubernetes {version} here: none built; admission, quotas, pod security, scheduling and pools on a real API "
    "server cannot be proved; get it with `make cluster`"
)


def cached() -> Path:
    """The folder where the build belongs; another pin gives another place."""
    return tool_folder(f"kubernetes-v{VERSION}", [MODULE / name for name in PINS])


def find_cluster() -> Path:
    """The folder of the programs; raises ``ToolMissingError`` with what it would have proved and how to get it."""
    folder = cached()
    if not folder.is_dir():  # it appears whole, or not at all
        raise ToolMissingError(MISSING.format(version=VERSION))
    return folder
