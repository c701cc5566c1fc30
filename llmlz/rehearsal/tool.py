"""Where ``terraform`` or ``tofu`` and the AWS provider are on this machine.

Owns: the search, and what it says when it finds nothing.
Does not own: running what it finds (``terraform``).
"""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from llmlz.errors import ToolMissingError

MIRROR_VARIABLE = "LLMLZ_PROVIDER_MIRROR"
COMMANDS = ("terraform", "tofu")
PREFIXES = ("usr/share", "usr/local/share", "usr/lib", "usr/local/lib", "opt")
"""Where installers put things, from the root of the file system."""

PLATFORM = (
    platform.system().lower()
    + "_"
    + {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
)
PLUGIN = f"registry.*/hashicorp/aws/*/{PLATFORM}"
"""The unpacked layout of a provider mirror, under the mirror's folder."""

ASK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A command and, where a mirror holds one, the newest AWS provider."""

    command: Path
    name: str
    version: str
    mirror: Path | None
    plugin: Path | None
    provider_version: str | None


def find() -> Found:
    """Search this machine; raises ``ToolMissingError`` when there is no command, or no provider where one was named."""
    command = next((Path(found) for name in COMMANDS if (found := shutil.which(name))), None)
    if command is None:
        raise missing("neither terraform nor tofu is on PATH")
    answer = subprocess.run(
        [command, "version", "-json"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=ASK_SECONDS,
        check=True,
    )
    version = str(json.loads(answer.stdout)["terraform_version"])
    plugins = [(mirror, plugin) for mirror in mirrors() for plugin in mirror.glob(PLUGIN) if any(plugin.iterdir())]
    if not plugins and MIRROR_VARIABLE in os.environ:
        raise missing(f"{MIRROR_VARIABLE} is {os.environ[MIRROR_VARIABLE]}, which holds no AWS provider for {PLATFORM}")
    if not plugins:
        return Found(command, command.stem, version, None, None, None)
    mirror, plugin = max(plugins, key=lambda found: _ordered(found[1].parent.name))
    return Found(command, command.stem, version, mirror, plugin, plugin.parent.name)


def mirrors() -> Iterator[Path]:
    """Folders that may hold providers; the setting alone where it is given."""
    if named := os.environ.get(MIRROR_VARIABLE):
        yield Path(named)
        return
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    shared = os.environ.get("XDG_DATA_DIRS") or os.pathsep.join(f"/{prefix}" for prefix in PREFIXES[:2])
    for data in [os.environ.get("XDG_DATA_HOME") or home / ".local" / "share", *shared.split(os.pathsep)]:
        for name in COMMANDS:
            yield Path(data) / name / "plugins"
    for prefix in PREFIXES:
        yield from sorted(folder.parent for folder in (Path("/") / prefix).glob("*/registry.*"))


def environment() -> dict[str, str]:
    """This process's environment without credentials and without the person's own Terraform settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_", "TOFU_"))}
    local = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1", "localhost")))
    return kept | {
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": local,
    }


def cache() -> Path:
    """The user's cache folder of this project; it may not exist yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "llmlz"


def missing(why: str) -> ToolMissingError:
    """The one line that a skipped rehearsal prints."""
    return ToolMissingError(
        f"no rehearsal: {why}. It would have proved that the real AWS provider accepts every resource, and what a move "
        f"replaces. Install terraform or tofu, and where no registry is reachable set {MIRROR_VARIABLE} to a folder that "
        "`terraform providers mirror` filled and unpacked."
    )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
