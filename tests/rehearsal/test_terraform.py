"""Running the tool: its answers as values, and no process left behind."""

import json
import os
import time
from pathlib import Path

import pytest

from llmlz.errors import LlmlzError
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.program import ACCOUNT, REGION, landing_zone, recorded


def _fake(folder: Path, script: str) -> Terraform:
    """A command of our own in the tool's place."""
    command = folder / "terraform"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return Terraform(command, None, "terraform", "1.11.4", "5.100.0", folder)


def test_a_command_that_is_interrupted_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a line ends the command and what it started."""
    terraform = _fake(tmp_path, "sleep 60 &\necho $!\nwait")
    children: list[int] = []

    def interrupt(line: str) -> None:
        children.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        terraform.run(tmp_path, "plan", on_line=interrupt)
    assert _gone(children[0])


def test_a_failure_without_a_diagnostic_is_no_verdict(tmp_path: Path) -> None:
    """A tool that crashes is reported as such, with its own words."""
    terraform = _fake(tmp_path, "echo 'plugin crashed' >&2; exit 1")
    with pytest.raises(LlmlzError, match="failed without a diagnostic: plugin crashed"):
        terraform.plan(tmp_path)
    with pytest.raises(LlmlzError, match="plugin crashed"):
        terraform.validate(tmp_path)


def test_a_deployment_tells_its_steps_as_they_happen(tmp_path: Path) -> None:
    """Messages go to the caller one by one; errors come back as values."""
    lines = [
        {"@message": "aws_kms_key.a: Creating..."},
        {"@message": "Error: no", "diagnostic": {"severity": "error", "summary": "no", "address": "aws_kms_key.a"}},
    ]
    script = "\n".join(f"echo '{json.dumps(line)}'" for line in lines)
    told: list[str] = []
    (error,) = _fake(tmp_path, f"{script}\nexit 1").apply(tmp_path, told.append)
    assert told == ["aws_kms_key.a: Creating...", "Error: no"]
    assert (error.severity, error.summary, error.address) == ("error", "no", "aws_kms_key.a")


def test_the_tools_own_remark_about_overrides_is_left_out(tmp_path: Path) -> None:
    """It says how the provider was found, which is ours, not the program's."""
    remark = {"severity": "warning", "summary": "Provider development overrides are in effect", "detail": ""}
    answer = json.dumps({"diagnostics": [remark, {"severity": "warning", "summary": "old", "detail": ""}]})
    assert [d.summary for d in _fake(tmp_path, f"echo '{answer}'").validate(tmp_path)] == ["old"]


@pytest.mark.ring(2)
def test_a_plan_answers_in_terraforms_own_form(terraform: Terraform, tmp_path: Path) -> None:
    """Every resource is to be created, and nothing was called: nobody has no access anywhere."""
    rendered = render(recorded(landing_zone), ProviderBlock.offline(REGION, ACCOUNT))
    write(rendered, tmp_path)
    terraform.init(tmp_path)
    assert [d for d in terraform.validate(tmp_path) if d.severity == "error"] == []
    planned = terraform.plan(tmp_path)
    assert planned.plan is not None
    assert planned.errors == ()
    assert {c["address"]: c["change"]["actions"] for c in planned.plan["resource_changes"]} == {
        address: ["create"] for address in rendered.addresses
    }


@pytest.mark.ring(2)
def test_the_tools_configuration_is_in_the_folder_and_nowhere_else(terraform: Terraform, tmp_path: Path) -> None:
    """Nothing of the person's home is read or written."""
    terraform.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cli.tfrc"]


def _gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process is no more, or only waits for its parent to take notice."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    os.kill(pid, 9)
    return False
