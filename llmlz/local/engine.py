"""Which engine deploys onto the local cloud.

Owns: the choice, and the words that explain it.
Does not own: the engines (``pulumi_engine``, ``llmlz.rehearsal``).
"""

from dataclasses import dataclass
from typing import Literal

from llmlz.errors import ToolMissingError
from llmlz.local.pulumi_engine import Pulumi, pulumi_plugin
from llmlz.rehearsal.terraform import Terraform

UNTESTED = "this way is proved with a stand-in for the plugin, not with the official one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The engine that is used, or none."""

    engine: Pulumi | Terraform | None
    """Pulumi with its AWS plugin, Terraform or OpenTofu with the AWS provider; ``None``: no local cloud."""

    reason: str
    """One sentence for the person at the keyboard."""


def choose_engine(only: Literal["pulumi", "terraform"] | None = None) -> Choice:
    """Pulumi where its AWS plugin is installed, else Terraform or OpenTofu; without them nothing is deployed.

    ``only`` leaves the other one out. The reason says which engine it is, or what is missing.
    """
    without = ""
    try:
        if only == "terraform":
            raise ToolMissingError("Terraform was asked for")
        pulumi = Pulumi.find()
        with_plugin = f"pulumi {pulumi.version} with AWS plugin {pulumi.plugin_version}"
        return Choice(engine=pulumi, reason=f"{with_plugin}; {UNTESTED}")
    except ToolMissingError as error:
        if plugin := pulumi_plugin():
            without = f"; Pulumi's AWS plugin ({plugin.name}) is here and not used: {error}"
    try:
        if only == "pulumi":
            raise ToolMissingError("Pulumi with its AWS plugin was asked for, and one of them is not installed")
        terraform = Terraform.find()
    except ToolMissingError as error:
        return Choice(engine=None, reason=f"no local cloud: {error}{without}")
    found = f"{terraform.name} {terraform.version} with AWS provider {terraform.provider_version}"
    return Choice(engine=terraform, reason=found + without)
