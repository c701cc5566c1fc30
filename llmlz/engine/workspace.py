"""A place where programs are deployed through the real engine, onto nothing.

Owns: the folder with state, settings and logs; the environment of the engine; one command after another.
Does not own: the answers of the provider (``echo``), or graphs (``preview`` and ``llmlz.graph``).

The folder holds ``state`` (the backend: every stack of the workspace, so that stacks can reference each other),
``home`` (the engine's own files) and ``work/<project>`` (settings). Nothing outside it is read or written, and no
credential of the machine reaches the engine.
"""

import contextlib
import json
import os
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from llmlz.engine import language, packs, process
from llmlz.engine.echo import Echo, Hook
from llmlz.engine.find import find_engine
from llmlz.engine.outcome import EngineError, Outcome, read_outcome
from llmlz.engine.packs import PolicyPack
from llmlz.errors import LlmlzError
from llmlz.files import write_whole

PASSPHRASE = "echo"  # noqa: S105  # nothing real is ever kept in such a state
KEPT_VARIABLES = ("LANG", "LC_ALL", "TMPDIR")
"""What the engine sees of the machine's environment."""
DEFAULT_PROVIDERS_OFF = {"pulumi:disable-default-providers": ["*"]}

Program = Callable[[], None]


class Workspace:
    """One backend with an echo provider, for the time of a ``with`` block.

    Several threads may use it at once, each for another stack that is there already: see ``llmlz.fleet``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        account: str,
        region: str,
        partition: str = "aws",
        calls: Mapping[str, Mapping[str, Any]] | None = None,
        hook: Hook = lambda operation, urn: None,
        engine: Path | None = None,
    ) -> None:
        """Use ``folder``, which may hold the state of an earlier workspace.

        ``calls`` answers data sources by token; ``hook`` is called before each step that is not a preview's. Raises
        ``ToolMissingError`` when no engine is given and none is found.
        """
        self.folder = folder.resolve()
        self._engine = engine or find_engine()
        self._echo = Echo(account=account, region=region, partition=partition, calls=calls, hook=hook)
        self._running = ExitStack()
        self._pids: set[int] = set()
        self._interrupted = False

    def __enter__(self) -> "Workspace":
        """Start the provider."""
        for name in ("state", "home", "work"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._starters = packs.write_starter(self.folder / "home" / "starters")
        self._running.enter_context(self._echo)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the provider; commands have ended by then."""
        self._running.close()

    def preview(
        self,
        program: Program,
        project: str,
        stack: str,
        config: Mapping[str, Any] | None = None,
        policies: Sequence[PolicyPack] = (),
    ) -> Outcome:
        """What ``up`` would do; raises ``EngineError``, or the ``LlmlzError`` that the program raised."""
        shown = ("--json", "--show-sames", "--show-reads", "--show-replacement-steps")
        return self._operate("preview", (project, stack), shown, program, config, policies=policies)

    def changes(self, program: Program, project: str, stack: str) -> Mapping[str, int]:
        """Operation to number of resources, as ``preview`` finds them; nothing else is asked for, kept or read."""
        return self._operate("preview", (project, stack), ("--suppress-outputs",), program).changes

    def up(
        self,
        program: Program,
        project: str,
        stack: str,
        config: Mapping[str, Any] | None = None,
        policies: Sequence[PolicyPack] = (),
    ) -> Outcome:
        """Deploy; raises as ``preview`` does, and then keeps in the state what was done before the failure."""
        return self._operate("up", (project, stack), ("--yes", "--skip-preview"), program, config, policies=policies)

    def refresh(self, project: str, stack: str) -> Outcome:
        """Read every resource again; raises ``EngineError``."""
        return self._operate("refresh", (project, stack), ("--yes", "--skip-preview"))

    def destroy(self, project: str, stack: str) -> Outcome:
        """Delete every resource; raises ``EngineError``, for a protected resource too, and then deletes nothing.

        That takes the preview: without it the engine deletes the others before it comes to the protected one.
        """
        return self._operate("destroy", (project, stack), ("--yes",))

    def export(self, project: str, stack: str) -> dict[str, Any]:
        """The state as ``pulumi stack export`` writes it: secrets are encrypted; raises ``EngineError``."""
        done = self._pulumi(["stack", "export", "--stack", _name(project, stack)], self._settings(project))
        exported: dict[str, Any] = json.loads(done.stdout)
        return exported

    def release(self, project: str, stack: str) -> None:
        """Remove the lock that a lost machine left; nothing may be running on the stack; raises ``EngineError``."""
        self._pulumi(["cancel", "--yes", "--stack", _name(project, stack)], self._settings(project))

    def unprotect(self, project: str, stack: str) -> None:
        """Take the protection off every resource in the state; raises ``EngineError``."""
        self._pulumi(
            ["state", "unprotect", "--all", "--yes", "--stack", _name(project, stack)], self._settings(project)
        )

    @property
    def attachment(self) -> str:
        """What another program's engine needs to be told to use this workspace's provider: package and port, for each."""
        return self._echo.attachment

    def project_folder(self, project: str) -> Path:
        """Where the settings of a project lie: source positions in previews and states start there."""
        return self.folder / "work" / project

    def interrupt(self) -> None:
        """Ask every running command to end, as Ctrl-C does, and start no other; a second time they end at once."""
        self._interrupted = True
        for pid in tuple(self._pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)

    def kill(self) -> None:
        """End the running commands at once, as a machine that is lost; to be called from a hook."""
        for pid in tuple(self._pids):
            os.killpg(pid, signal.SIGKILL)

    def _operate(
        self,
        command: str,
        where: tuple[str, str],
        options: tuple[str, ...],
        program: Program | None = None,
        config: Mapping[str, Any] | None = None,
        *,
        policies: Sequence[PolicyPack] = (),
    ) -> Outcome:
        project, stack = where
        work = self._settings(project)
        self._select(project, stack, config)
        arguments = [command, "--stack", _name(project, stack), *options]
        with ExitStack() as held:
            notes = Path(held.enter_context(tempfile.TemporaryDirectory(dir=self.folder)))
            log, plan = notes / "events.json", notes / "plan.json"
            shown = "--json" in options
            arguments += packs.arguments(policies, notes)
            arguments += ["--event-log", str(log), *(["--save-plan", str(plan)] if shown else [])]
            served = language.Served()
            if program is not None:
                served = held.enter_context(language.served(program))
                arguments += ["--client", served.address, "--exec-kind", "auto.inline"]
            done = self._run(arguments, work)
            digest = json.loads(done.stdout) if shown and done.code == 0 else {}
            planned = json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else {}
            outcome = read_outcome(command, log, digest, planned)
        if isinstance(served.error, LlmlzError):
            raise served.error
        if done.code != 0:
            raise EngineError(_failure(command, stack, outcome, done, served.error), outcome) from served.error
        return outcome

    def _select(self, project: str, stack: str, config: Mapping[str, Any] | None) -> None:
        """Make the stack if the backend has none, and write its configuration beside the salt that the engine keeps."""
        work = self.project_folder(project)
        settings = work / f"Pulumi.{stack}.yaml"
        if not (self.folder / "state" / ".pulumi" / "stacks" / project / f"{stack}.json").exists():
            self._pulumi(["stack", "init", "--stack", _name(project, stack)], work)
        kept = [line for line in settings.read_text(encoding="utf-8").splitlines() if line.startswith("encryptionsalt")]
        values = json.dumps({**DEFAULT_PROVIDERS_OFF, **(config or {})})  # JSON is YAML
        settings.write_text("\n".join([*kept, f"config: {values}", ""]), encoding="utf-8")

    def _settings(self, project: str) -> Path:
        work = self.project_folder(project)
        work.mkdir(parents=True, exist_ok=True)
        text, file = f"name: {project}\nruntime: python\n", work / "Pulumi.yaml"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            write_whole(work, {file.name: text})  # a command of another thread may be reading it
        return work

    def _pulumi(self, arguments: list[str], work: Path) -> process.Finished:
        done = self._run(arguments, work)
        if done.code != 0:
            nothing = Outcome(command=" ".join(arguments[:2]), steps=(), diagnostics=())
            raise EngineError(f"pulumi {nothing.command}: {done.stderr.strip()}", nothing)
        return done

    def _run(self, arguments: list[str], work: Path) -> process.Finished:
        pids: list[int] = []

        def started(pid: int) -> None:
            pids.append(pid)
            self._pids.add(pid)
            if self._interrupted:  # it was being started meanwhile
                os.kill(pid, signal.SIGINT)

        if self._interrupted:
            raise LlmlzError(f"pulumi {arguments[0]} was not begun: the workspace was interrupted")

        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {
            "HOME": str(self.folder / "home"),
            "PATH": os.pathsep.join([str(self._starters), os.environ.get("PATH", os.defpath)]),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_DEBUG_COMMANDS": "true",  # shows --event-log
            "PULUMI_DEBUG_PROVIDERS": self.attachment,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        command = [str(self._engine), "--non-interactive", "--color", "never", *arguments]
        try:
            return process.run(command, folder=work, environment=environment, started=started)
        finally:
            self._pids.difference_update(pids)


def _name(project: str, stack: str) -> str:
    return f"organization/{project}/{stack}"


def _failure(command: str, stack: str, outcome: Outcome, done: process.Finished, error: BaseException | None) -> str:
    """The first cause in one message: the program's own error, else what the engine called errors, else its stderr."""
    if error is not None:
        return f"pulumi {command} of {stack}: the program raised {type(error).__name__}: {error}"
    if done.code < 0:
        return f"pulumi {command} of {stack} was ended by signal {-done.code}"
    refused = [
        f"{v.policy} {v.urn.rpartition('::')[2] or stack}: {v.message}" for v in outcome.violations if v.mandatory
    ]
    said = [f"{d.urn.rpartition('::')[2] or stack}: {d.message}" for d in outcome.diagnostics if d.severity == "error"]
    return f"pulumi {command} of {stack} failed (exit code {done.code}): " + (
        "\n".join(said + refused) or done.stderr.strip()
    )
