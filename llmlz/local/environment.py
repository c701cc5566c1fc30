"""The Python environment that holds the emulator, apart from the project's own because it pins other versions.

Owns: finding it, and installing it from its lock the first time.
Does not own: what is in it; ``environments/cloud`` says that.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from llmlz.errors import ToolMissingError

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "environments" / "cloud"
SERVE = PROJECT / "serve.py"
INSTALL = "UV_PROJECT_ENVIRONMENT=.envs/cloud uv sync --frozen --project environments/cloud"
"""What a person types for the same, from the root of the repository."""

INSTALL_SECONDS = 600
"""How long an installation may take on a slow network before it counts as stuck."""

SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""A company's proxy is known to the system and not to the list that uv brings; the second name is the older one."""


def emulator_python(progress: Callable[[str], None], root: Path = ROOT) -> Path:
    """The Python that can serve the emulator; installs its environment when it is missing or of another lock.

    Raises ``ToolMissingError`` when ``uv`` is not there or cannot install, with what was tried and what to do.
    """
    environment = root / ".envs" / "cloud"
    python = environment / "bin" / "python"
    lock, marker = PROJECT / "uv.lock", environment / ".installed-lock"
    if python.exists() and marker.exists() and marker.read_bytes() == lock.read_bytes():
        return python
    uv = os.environ.get("UV") or shutil.which("uv")  # `uv run` names itself, also where it is not on PATH
    if uv is None:
        raise ToolMissingError(
            "the AWS emulator is not installed, and uv, which installs it, is not on PATH\n"
            f"  fix: install uv (https://docs.astral.sh/uv), then run: {INSTALL}"
        )
    progress(f"installing the AWS emulator into {environment} (once)")
    command = [uv, "sync", "--frozen", "--quiet", "--project", str(PROJECT)]
    try:
        done = subprocess.run(
            command,
            env={**SYSTEM_CERTIFICATES, **os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolMissingError(_not_installed(f"no answer within {INSTALL_SECONDS} seconds")) from None
    if done.returncode:
        raise ToolMissingError(_not_installed(done.stderr.strip()))
    marker.write_bytes(lock.read_bytes())
    return python


def _not_installed(why: str) -> str:
    indented = "\n".join(f"    {line}" for line in why.splitlines()[-8:])
    return (
        f"the AWS emulator could not be installed\n  uv said:\n{indented}\n"
        f"  fix: make sure that a Python package index can be reached, then run: {INSTALL}"
    )
