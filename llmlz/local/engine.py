"""Which engine deploys onto the local cloud.

Owns: the choice, and the words that explain it.
Does not own: the engines (``llmlz.engine``, ``llmlz.rehearsal``).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from llmlz.errors import ToolMissingError
from llmlz.rehearsal.terraform import Terraform

PLUGINS = "resource-aws-v*"
WHY_NOT_PULUMI = "it cannot leave out of a program what the emulator lacks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The engine that is used, or none."""

    terraform: Terraform | None
    """Terraform or OpenTofu with the AWS provider; ``None`` when the local cloud is left out."""

    reason: str
    """One sentence for the person at the keyboard."""


def choose_engine() -> Choice:
    """Terraform or OpenTofu with the AWS provider; without them nothing is deployed, and the reason says so.

    Pulumi with its AWS plugin is looked for and named, but not used: it cannot leave out of a program what the emulator
    does not serve.
    """
    plugin = pulumi_plugin()
    also = f"; Pulumi's AWS plugin ({plugin.name}) is here too and not used: {WHY_NOT_PULUMI}" if plugin else ""
    try:
        terraform = Terraform.find()
    except ToolMissingError as error:
        return Choice(terraform=None, reason=f"no local cloud: {error}{also}")
    found = f"{terraform.name} {terraform.version} with AWS provider {terraform.provider_version}"
    return Choice(terraform=terraform, reason=found + also)


def pulumi_plugin() -> Path | None:
    """Folder of the newest installed AWS plugin of Pulumi, by name; ``None`` when there is none.

    https://www.pulumi.com/docs/iac/concepts/plugins/ (2026-11)
    """
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    found = [folder for folder in (home / "plugins").glob(PLUGINS) if folder.is_dir()]
    return max(found, key=_version, default=None)


def _version(folder: Path) -> list[int]:
    return [int(number) for number in folder.name.rpartition("-v")[2].split(".") if number.isdigit()]
