"""Terraform or OpenTofu as a tool: validate, plan and apply a folder, and nothing of the person's own set-up.

Owns: running the command, its configuration, and its answers as values.
Does not own: finding it (``tool``), the documents (``render``), what the answers mean (``rehearse``).
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import LlmlzError
from llmlz.rehearsal import tool
from llmlz.rehearsal.schema import Schema, extract, extract_text, wanted_types
from llmlz.rehearsal.schema import LEFT_OUT as LARGE_TYPES

CLI_CONFIG = "cli.tfrc"
PLAN = "plan.bin"
GRACE_SECONDS = 10
"""How long an ended command may take to let go of its provider and its state."""

NOTHING_TO_DO, SOMETHING_TO_DO = 0, 2
"""Exit codes of a plan that worked."""

OVERRIDES = "Provider development overrides"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that Terraform or the provider says about a document."""

    severity: str
    """``error`` or ``warning``."""

    summary: str
    detail: str
    address: str | None
    """Terraform address of the resource, where it is known."""

    file: str | None = None
    line: int | None = None
    """Line of ``file``, counted from one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan says."""

    diagnostics: tuple[Diagnostic, ...]
    plan: dict[str, Any] | None
    """Terraform's own JSON form of the plan; ``None`` when it failed."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop a plan."""
        return tuple(d for d in self.diagnostics if d.severity == "error")


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command ended."""

    code: int
    lines: tuple[str, ...]
    """Standard output."""

    errors: str
    """Standard error."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """One command and the AWS provider that it uses."""

    command: Path
    mirror: Path | None
    """Folder that the provider was found in; ``None`` when it comes from a registry."""

    name: str
    """``terraform`` or ``tofu``."""

    version: str
    provider_version: str
    plugin: Path | None
    """Folder of the provider's executable; ``None`` when it comes from a registry."""

    @classmethod
    def find(cls) -> "Terraform":
        """The command on this machine, with a provider; raises ``ToolMissingError`` that says how to get it."""
        found = tool.find()
        here = cls(found.command, found.mirror, found.name, found.version, found.provider_version or "", found.plugin)
        return here if found.plugin else here._from_registry()

    def init(self, folder: Path) -> None:
        """Make ``folder`` ready for the other commands; raises ``LlmlzError`` when a registry does not answer."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CLI_CONFIG).write_text(self._cli_config(), encoding="utf-8")
        if self.plugin is None:
            ran = self.run(folder, "init", "-input=false", "-no-color")
            if ran.code:
                raise LlmlzError(f"{self.name} init failed in {folder}: {ran.errors.strip()}")

    def validate(self, folder: Path) -> list[Diagnostic]:
        """What is wrong with the document in ``folder``, as far as it shows without a plan."""
        ran = self.run(folder, "validate", "-json", "-no-color")
        return [_diagnostic(raw) for raw in self._answer(ran)["diagnostics"] if not _is_noise(raw)]

    def plan(self, folder: Path, *, refresh: bool = False, details: bool = True) -> Planned:
        """What would be done, given the state in ``folder``; without ``refresh`` no call is made.

        A plan validates first, and stops there when something is wrong. Without ``details`` a plan that changes nothing
        is answered as an empty list of changes, which saves reading it back (2 seconds).
        """
        flags = ["-json", "-input=false", "-lock=false", "-detailed-exitcode", f"-refresh={str(refresh).lower()}"]
        ran = self.run(folder, "plan", *flags, f"-out={PLAN}")
        diagnostics = tuple(_diagnostics(ran.lines))
        if ran.code not in (NOTHING_TO_DO, SOMETHING_TO_DO):
            self._explain(ran, diagnostics)
            return Planned(diagnostics, None)
        if ran.code == NOTHING_TO_DO and not details:
            return Planned(diagnostics, {"resource_changes": []})
        return Planned(diagnostics, self._answer(self.run(folder, "show", "-json", PLAN)))

    def apply(self, folder: Path, on_line: Callable[[str], None] | None = None) -> list[Diagnostic]:
        """Do it; ``on_line`` gets one message for each step as it happens. The errors returned say what failed."""

        def message(line: str) -> None:
            if on_line and line.startswith("{"):
                on_line(str(json.loads(line).get("@message", "")))

        ran = self.run(folder, "apply", "-json", "-input=false", "-auto-approve", on_line=message)
        diagnostics = list(_diagnostics(ran.lines))
        if ran.code:
            self._explain(ran, diagnostics)
        return diagnostics

    def schema(self, types: Collection[str] = ()) -> Schema:
        """What the provider accepts: the committed extract where it fits, else an answer of the provider, kept.

        ``types`` are types that must be in it if the provider knows them.
        """
        committed = Schema.committed()
        if self.provider_version == committed.version and not set(types) & set(LARGE_TYPES):
            return committed
        kept = tool.cache() / "schemas" / f"aws-{self.provider_version}-{len(wanted_types())}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            raw = extract(self.ask_schema(), self.provider_version, [*wanted_types(), *LARGE_TYPES])
            kept.write_text(extract_text(raw), encoding="utf-8")
        return Schema(json.loads(kept.read_text(encoding="utf-8")))

    def ask_schema(self) -> dict[str, Any]:
        """The provider's whole schema: some seconds and 14 MB."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            document = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}}
            (folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
            self.init(folder)
            return self._answer(self.run(folder, "providers", "schema", "-json"))

    def run(self, folder: Path, *arguments: str, on_line: Callable[[str], None] | None = None) -> Ran:
        """Run one command in ``folder``, in a process group that ends with this call, whatever happens."""
        environment = tool.environment() | {"TF_CLI_CONFIG_FILE": str((folder / CLI_CONFIG).resolve())}
        command = [str(self.command), *arguments]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            with _group(command, folder, environment, errors.fileno()) as process:
                lines = []
                for line in process.stdout or ():
                    lines.append(line.rstrip("\n"))
                    if on_line:
                        on_line(lines[-1])
                code = process.wait()
            errors.seek(0)
            return Ran(code, tuple(lines), errors.read())

    def _from_registry(self) -> "Terraform":
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "main.tf.json").write_text(
                '{"terraform":{"required_providers":{"aws":{"source":"hashicorp/aws"}}}}'
            )
            try:
                self.init(folder)
            except LlmlzError as error:
                raise tool.missing(
                    "the AWS provider is in no folder that was searched, and no registry answers"
                ) from error
            selected = self._answer(self.run(folder, "version", "-json"))["provider_selections"]
        return Terraform(self.command, None, self.name, self.version, next(iter(selected.values())), None)

    def _cli_config(self) -> str:
        if self.plugin is None:
            kept = tool.cache() / "plugins"
            kept.mkdir(parents=True, exist_ok=True)
            return f"plugin_cache_dir = {json.dumps(str(kept))}\ndisable_checkpoint = true\n"
        # An override needs no init and no check of the provider's 700 MB, which costs seconds for each command.
        override = f'dev_overrides {{ "hashicorp/aws" = {json.dumps(str(self.plugin))} }}'
        return f"provider_installation {{\n  {override}\n}}\ndisable_checkpoint = true\n"

    def _answer(self, ran: Ran) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads("\n".join(ran.lines))
        except json.JSONDecodeError:
            self._explain(ran, ())
            raise
        return answer

    def _explain(self, ran: Ran, diagnostics: Collection[Diagnostic]) -> None:
        """A command that fails without saying why is no verdict on the document."""
        if not any(d.severity == "error" for d in diagnostics):
            raise LlmlzError(
                f"{self.name} failed without a diagnostic: {(ran.errors or ' '.join(ran.lines))[-2000:].strip()}"
            )


@contextmanager
def _group(
    command: list[str], folder: Path, environment: dict[str, str], errors: int
) -> Iterator[subprocess.Popen[str]]:
    """A process and its children; none of them outlives the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.stdout:
            process.stdout.close()


def _diagnostics(lines: Collection[str]) -> Iterator[Diagnostic]:
    for line in lines:
        raw = json.loads(line).get("diagnostic") if line.startswith("{") else None
        if raw and not _is_noise(raw):
            yield _diagnostic(raw)


def _diagnostic(raw: dict[str, Any]) -> Diagnostic:
    where = raw.get("range") or {}
    return Diagnostic(
        severity=raw["severity"],
        summary=raw["summary"],
        detail=raw.get("detail", ""),
        address=raw.get("address"),
        file=where.get("filename"),
        line=where.get("start", {}).get("line"),
    )


def _is_noise(raw: dict[str, Any]) -> bool:
    return bool(raw["summary"].startswith(OVERRIDES))
