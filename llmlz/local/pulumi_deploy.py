"""Deploy a merged graph onto the emulator with the Pulumi engine and its installed AWS plugin.

Owns: finding engine and plugin, one ``up`` of everything, and what came of each resource.
Does not own: the program (``replay``), what is different from AWS (``emulated``), or judging the result (``deploy``).

The folder holds the state and the engine's own files; nothing of the person's Pulumi home is changed, and no
credential of the machine reaches the engine.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.engine import language, process
from llmlz.engine.find import find_engine, version_of
from llmlz.engine.outcome import Outcome, read_outcome
from llmlz.engine.workspace import DEFAULT_PROVIDERS_OFF, KEPT_VARIABLES, Program
from llmlz.errors import LlmlzError, LocalCloudError, ToolMissingError
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph, Resource, Standin
from llmlz.graph.states import SECRET, UNKNOWN
from llmlz.local.apply import PARALLEL
from llmlz.local.emulated import emulated, home
from llmlz.local.excluded import made_by_aws
from llmlz.local.live import at_path
from llmlz.local.replay import replayed
from llmlz.rehearsal import names

PLUGINS = "resource-aws-v7.*"
"""Folders of plugins of the major version that the SDK of the project belongs to."""

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
    home_ = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    found = [folder for folder in (home_ / "plugins").glob(PLUGINS) if folder.is_dir()]
    return max(found, key=_numbers, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of a merged graph; URNs are those of the merged graph."""

    attributes: Mapping[str, Mapping[str, Any]]
    """URN to attributes by their Terraform names, for every resource that was made."""

    reasons: Mapping[str, str]
    """URN to the provider's words, for every resource that it refused."""

    known: Mapping[str, tuple[Standin, Any]]
    """Core of a stand-in to the stand-in and the real value."""


def deploy_with_pulumi(
    graph: Graph, endpoint: str, pulumi: Pulumi, folder: Path, progress: Callable[[str], None]
) -> Made:
    """Make every resource of the merged ``graph`` that can be made; a failure does not stop the others.

    Raises ``LocalCloudError`` with the engine's words when nothing could be tried.
    """
    fit = emulated(graph, endpoint)
    total = len(made_by_aws(fit))
    count = 0

    def said(resource: Resource) -> None:
        nonlocal count
        count += 1
        progress(f"{resource.name}: made ({count} of {total})")

    program = replayed(fit, provider_version=pulumi.plugin_version, made=said)
    outcome, exported = _up(pulumi, graph, program, folder)
    state = load_export(exported).graph.by_urn if exported["deployment"].get("resources") else {}
    reasons: dict[str, str] = {}
    attributes: dict[str, Mapping[str, Any]] = {}
    for resource in made_by_aws(graph):
        urn = home(resource.urn, graph)
        errors = [" ".join(d.message.split()) for d in outcome.diagnostics if d.urn == urn and d.severity == "error"]
        if errors:
            reasons[resource.urn] = "; ".join(errors)
        elif urn in state:
            attributes[resource.urn] = _named(state[urn])
    known = {
        core: (standin, value)
        for core, standin in graph.standins.items()
        if standin.urn in attributes and (value := _real(standin, state[home(standin.urn, graph)])) is not None
    }
    return Made(attributes=attributes, reasons=reasons, known=known)


def _up(pulumi: Pulumi, graph: Graph, program: Program, folder: Path) -> tuple[Outcome, dict[str, Any]]:
    """Deploy once; what the engine did, and the state afterwards."""
    work, own, state = (folder / name for name in ("work", "home", "state"))
    for made in (work, own, state):
        made.mkdir(parents=True, exist_ok=True)
    (own / "plugins").symlink_to(pulumi.plugin.parent.resolve())
    (work / "Pulumi.yaml").write_text(f"name: {graph.project}\nruntime: python\n", encoding="utf-8")
    log, stack = work / "events.json", ["--stack", f"organization/{graph.project}/{graph.stack}"]
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | {
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(own.resolve()),
        "NO_PROXY": "127.0.0.1",
        "PULUMI_BACKEND_URL": f"file://{state.resolve()}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_DEBUG_COMMANDS": "true",  # shows --event-log
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(own.resolve()),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def run(*arguments: str) -> process.Finished:
        command = [str(pulumi.engine), "--non-interactive", "--color", "never", *arguments, *stack]
        return process.run(command, folder=work, environment=environment)

    def wanted(done: process.Finished) -> process.Finished:
        if done.code != 0:
            raise LocalCloudError(f"pulumi {pulumi.version} could not start: {(done.stderr or done.stdout).strip()}")
        return done

    wanted(run("stack", "init"))
    settings = work / f"Pulumi.{graph.stack}.yaml"
    with settings.open("a", encoding="utf-8") as file:  # the engine has written the salt of the passphrase
        file.write(f"config: {json.dumps(DEFAULT_PROVIDERS_OFF)}\n")  # JSON is YAML
    with ExitStack() as held:
        served = held.enter_context(language.served(program))
        options = ("--yes", "--skip-preview", "--continue-on-error", f"--parallel={PARALLEL}", "--event-log", str(log))
        done = run("up", *options, "--client", served.address, "--exec-kind", "auto.inline")
    outcome = read_outcome("up", log, {}, {})
    _tried(done, outcome, served.error)
    exported: dict[str, Any] = json.loads(wanted(run("stack", "export")).stdout)
    return outcome, exported


def _tried(done: process.Finished, outcome: Outcome, error: BaseException | None) -> None:
    """Raise when ``up`` failed for another reason than a resource that was refused."""
    if isinstance(error, LlmlzError):
        raise error
    if error is not None:
        raise LocalCloudError(f"the program raised {type(error).__name__}: {error}") from error
    errors = [d for d in outcome.diagnostics if d.severity == "error"]
    refused = [d for d in errors if d.urn and d.urn.split("::")[2].rpartition("$")[2].startswith("aws:")]
    if done.code != 0 and not refused:
        said = "; ".join(d.message for d in errors) or done.stderr.strip() or done.stdout.strip()
        raise LocalCloudError(f"pulumi could not deploy: {said[:2000]}")


def _named(resource: Resource) -> dict[str, Any]:
    """Outputs by their Terraform names, as the rest of the local cloud reads them; what is inside keeps its names."""
    renamed = {**names.properties(resource.type), **names.outputs(resource.type)}
    by_rule = {names.snake(name): value for name, value in resource.outputs.items()}
    return {other: value for name, value in resource.outputs.items() if (other := renamed.get(name))} | by_rule


def _real(standin: Standin, resource: Resource) -> Any:
    """What took the place of a stand-in; ``None`` for nothing, and for a secret, which nobody here has to see."""
    try:
        value = at_path(resource.outputs, standin.path)
    except (LookupError, TypeError):
        return None
    return None if value == SECRET or value == {UNKNOWN: True} else value


def _numbers(folder: Path) -> list[int]:
    return [int(number) for number in folder.name.rpartition("-v")[2].split(".") if number.isdigit()]
