"""Terraform or OpenTofu as a tool: validate, plan and apply a folder, and nothing of the person's own set-up.

Owns: the commands, their configuration, and their answers as values.
Does not own: finding the tool (``tool``), the documents (``render``), what the answers mean (``rehearse``).
"""

import json
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import LlmlzError
from llmlz.rehearsal import process, tool
from llmlz.rehearsal.diagnostic import Diagnostic, diagnostics, streamed
from llmlz.rehearsal.process import Ran
from llmlz.rehearsal.schema import LEFT_OUT as LARGE_TYPES
from llmlz.rehearsal.schema import Schema, extract, extract_text, wanted_types

CLI_CONFIG = "cli.tfrc"
PLAN = "plan.bin"
NOTHING_TO_DO, SOMETHING_TO_DO = 0, 2
"""Exit codes of a plan that worked."""


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
        return list(diagnostics(self._answer(ran)["diagnostics"]))

    def plan(self, folder: Path, *, refresh: bool = False, details: bool = True) -> Planned:
        """What would be done, given the state in ``folder``; without ``refresh`` no call is made.

        A plan validates first, and stops there when something is wrong. Without ``details`` a plan that changes nothing
        is answered as an empty list of changes, which saves reading it back (2 seconds).
        """
        flags = ["-json", "-input=false", "-lock=false", "-detailed-exitcode", f"-refresh={str(refresh).lower()}"]
        ran = self.run(folder, "plan", *flags, f"-out={PLAN}")
        said = tuple(streamed(ran.lines))
        if ran.code not in (NOTHING_TO_DO, SOMETHING_TO_DO):
            self._explain(ran, said)
            return Planned(said, None)
        if ran.code == NOTHING_TO_DO and not details:
            return Planned(said, {"resource_changes": []})
        return Planned(said, self._answer(self.run(folder, "show", "-json", PLAN)))

    def apply(self, folder: Path, on_line: Callable[[str], None] | None = None) -> list[Diagnostic]:
        """Do it; ``on_line`` gets one message for each step as it happens. The errors returned say what failed."""

        def message(line: str) -> None:
            if on_line and line.startswith("{"):
                on_line(str(json.loads(line).get("@message", "")))

        ran = self.run(folder, "apply", "-json", "-input=false", "-auto-approve", on_line=message)
        said = list(streamed(ran.lines))
        if ran.code:
            self._explain(ran, said)
        return said

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
        return process.run([str(self.command), *arguments], folder, environment, on_line)

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

    def _explain(self, ran: Ran, said: Collection[Diagnostic]) -> None:
        """A command that fails without saying why is no verdict on the document."""
        if not any(d.severity == "error" for d in said):
            raise LlmlzError(
                f"{self.name} failed without a diagnostic: {(ran.errors or ' '.join(ran.lines))[-2000:].strip()}"
            )
