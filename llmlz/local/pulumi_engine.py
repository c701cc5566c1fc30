"""The Pulumi engine with the AWS plugin that is installed on this machine.

Owns: finding both, and one ``up`` of a program.
Does not own: the program (``replay``), or what its outcome means (``pulumi_deploy``).

A folder holds the state and the engine's own files; nothing of the person's Pulumi home is changed, and no credential
of the machine reaches the engine.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.engine import language, process
from llmlz.engine.find import find_engine, version_of
from llmlz.engine.outcome import Outcome, read_outcome
from llmlz.engine.workspace import DEFAULT_PROVIDERS_OFF, KEPT_VARIABLES, Program
from llmlz.errors import LlmlzError, LocalCloudError, ToolMissingError
from llmlz.graph.model import token_of
from llmlz.local.apply import PARALLEL

PLUGINS = "resource-aws-v7.*"
"""Folders of plugins of the major version that the SDK of the project belongs to."""

SUMMARY = "update failed"
"""What the engine says of the stack when a resource of it failed."""

SHOWN = 2000
"""Characters of what the engine says that a message shows."""

PASSPHRASE = "local"  # noqa: S105  # the state holds nothing real, and is thrown away with the emulator


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulumi:
    """The Pulumi engine with the AWS plugin of the person at the keyboard."""

    engine: Path
    version: str
    plugin: Path
    """Folder of the plugin, in the folder that holds all plugins."""

    @property
    def plugin_version(self) -> str:
        """Such as ``7.51.1``."""
        return self.plugin.name.rpartition("-v")[2]

    @classmethod
    def find(cls) -> "Pulumi":
        """The newest AWS plugin of major version 7, and an engine; raises ``ToolMissingError`` with what is missing."""
        plugin = pulumi_plugin()
        if plugin is None:
            raise ToolMissingError(
                "Pulumi's AWS plugin of version 7 is not installed; get it with `pulumi plugin install resource aws`"
            )
        engine = find_engine()
        return cls(engine=engine, version=".".join(map(str, version_of(engine))), plugin=plugin)


def pulumi_plugin() -> Path | None:
    """Folder of the newest installed AWS plugin of version 7; ``None`` when there is none.

    https://www.pulumi.com/docs/iac/concepts/plugins/ (2026-11)
    """
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    found = [folder for folder in (home / "plugins").glob(PLUGINS) if folder.is_dir()]
    return max(found, key=_numbers, default=None)


def up(pulumi: Pulumi, program: Program, project: str, stack: str, folder: Path) -> tuple[Outcome, dict[str, Any]]:
    """Deploy a new stack as far as it goes; what the engine did, and ``pulumi stack export`` afterwards.

    A resource that is refused does not stop those that do not need it. Raises ``LocalCloudError`` with the engine's
    words for every other failure, and the ``LlmlzError`` that the program raised.
    """
    work = _prepared(pulumi, project, folder)
    log, where = work / "events.json", ["--stack", f"organization/{project}/{stack}"]

    def run(*arguments: str) -> process.Finished:
        command = [str(pulumi.engine), "--non-interactive", "--color", "never", *arguments, *where]
        return process.run(command, folder=work, environment=_environment(folder.resolve()))

    _succeeded(run("stack", "init"))
    with (work / f"Pulumi.{stack}.yaml").open("a", encoding="utf-8") as file:  # holds the salt of the passphrase
        file.write(f"config: {json.dumps(DEFAULT_PROVIDERS_OFF)}\n")  # JSON is YAML
    with language.served(program) as served:
        options = ("--yes", "--skip-preview", "--continue-on-error", f"--parallel={PARALLEL}", "--event-log", str(log))
        done = run("up", *options, "--client", served.address, "--exec-kind", "auto.inline")
    outcome = read_outcome("up", log, {}, {})
    _check(done, outcome, served.error)
    exported: dict[str, Any] = json.loads(_succeeded(run("stack", "export")).stdout)
    return outcome, exported


def _prepared(pulumi: Pulumi, project: str, folder: Path) -> Path:
    """Make the folders, and let the engine see the installed plugins; the folder of the project."""
    work, own = folder / "work", folder / "home"
    for needed in (work, own, folder / "state"):
        needed.mkdir(parents=True, exist_ok=True)
    (own / "plugins").symlink_to(pulumi.plugin.parent.resolve())
    (work / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n", encoding="utf-8")
    return work


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_DEBUG_COMMANDS": "true",  # shows --event-log
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _succeeded(done: process.Finished) -> process.Finished:
    if done.code != 0:
        raise LocalCloudError(f"pulumi could not deploy: {(done.stderr.strip() or done.stdout.strip())[:SHOWN]}")
    return done


def _check(done: process.Finished, outcome: Outcome, error: BaseException | None) -> None:
    """Raise when ``up`` failed for another reason than a resource that was refused."""
    if isinstance(error, LlmlzError):
        raise error
    if error is not None:
        raise LocalCloudError(f"the program raised {type(error).__name__}: {error}") from error
    errors = [d for d in outcome.diagnostics if d.severity == "error"]
    general = [d for d in errors if d.message != SUMMARY and not token_of(d.urn or "::::").startswith("aws:")]
    if general or (done.code != 0 and not errors):
        said = "; ".join(d.message for d in general) or done.stderr.strip() or done.stdout.strip()
        raise LocalCloudError(f"pulumi could not deploy: {said[:SHOWN]}")


def _numbers(folder: Path) -> list[int]:
    return [int(number) for number in folder.name.rpartition("-v")[2].split(".") if number.isdigit()]
