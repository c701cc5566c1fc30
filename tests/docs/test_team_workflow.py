"""The workflow that teams call: pinned, with few rights, red before it takes credentials, and never without the pack."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from docs.generate.cli import commands
from tests.docs.pages import ROOT

FILE = ROOT / ".github" / "workflows" / "team.yml"
TEXT = FILE.read_text(encoding="utf-8")
PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40}")
CREDENTIALS, GATE, OURS = "aws-actions/configure-aws-credentials", "llmlz check", "stacks.pipeline_gate"
MOST_MINUTES = 60
Step = dict[str, Any]


@pytest.fixture
def workflow() -> dict[str, Any]:
    """The workflow as plain values."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(TEXT)
    return found


def steps(workflow: dict[str, Any]) -> Iterator[Step]:
    """Every step of every job."""
    return (step for job in workflow["jobs"].values() for step in job["steps"])


def place(steps: list[Step], word: str) -> int:
    """Where the step is that runs or uses something."""
    (found,) = (n for n, step in enumerate(steps) if word in step.get("run", "") + step.get("uses", ""))
    return found


def test_it_says_that_it_has_not_run_yet() -> None:
    """At its top, where whoever calls it looks."""
    head = "".join(line for line in TEXT.splitlines(keepends=True)[:5] if line.startswith("#"))
    assert "has not run on GitHub yet" in head


def test_it_is_only_called(workflow: dict[str, Any]) -> None:
    """By other repositories, with what the guide says; no other event starts it."""
    assert set(workflow["on"]) == {"workflow_call"}
    inputs = workflow["on"]["workflow_call"]["inputs"]
    assert {name for name, given in inputs.items() if given.get("required")} == {"command", "environment", "stack"}
    assert all(given["description"] for given in inputs.values())


def test_actions_are_pinned_by_commit(workflow: dict[str, Any]) -> None:
    """A tag can be moved; the release stands beside the commit, and one action has one commit in the repository."""
    used = {step["uses"] for step in steps(workflow) if "uses" in step}
    assert len(used) >= 5
    assert [action for action in used if not PINNED.fullmatch(action)] == []
    lines = [line for line in TEXT.splitlines() if "uses:" in line]
    assert [line for line in lines if not re.search(r"# v\d+\.\d+\.\d+$", line)] == []
    ci = (FILE.parent / "ci.yml").read_text(encoding="utf-8")
    both = {action.partition("@")[0] for action in used if f"{action.partition('@')[0]}@" in ci}
    assert both == {"actions/checkout", "actions/setup-python", "pulumi/actions"}
    assert [action for action in used if action.partition("@")[0] in both and action not in ci] == []


def test_rights_are_the_least(workflow: dict[str, Any]) -> None:
    """Nothing for the whole file; the job that checks cannot ask for a token, the job that deploys writes nothing else."""
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "gate": {"actions": "read", "contents": "read", "security-events": "write"},
        "deploy": {"contents": "read", "id-token": "write"},
    }
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 4
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_every_job_ends(workflow: dict[str, Any]) -> None:
    """Before the session of the role does; two deployments of one stack wait for each other."""
    assert all(0 < job["timeout-minutes"] < MOST_MINUTES for job in workflow["jobs"].values())
    assert workflow["jobs"]["deploy"]["concurrency"]["cancel-in-progress"] is False


def test_only_the_environment_deploys_and_only_after_the_gate(workflow: dict[str, Any]) -> None:
    """Reviewers see the verdict before they let anything through."""
    deploy, gate = workflow["jobs"]["deploy"], workflow["jobs"]["gate"]
    assert (deploy["needs"], deploy["environment"]) == ("gate", "${{ inputs.environment }}")
    assert "environment" not in gate
    assert not [step for step in gate["steps"] if CREDENTIALS in step.get("uses", "")]


@pytest.mark.parametrize("job", ["gate", "deploy"])
def test_a_red_gate_stops_the_job(workflow: dict[str, Any], job: str) -> None:
    """Whose pipeline it is, and what the controls say: neither step may fail and go on."""
    of_job = workflow["jobs"][job]["steps"]
    for word in (OURS, GATE):
        step = of_job[place(of_job, word)]
        assert not {"if", "continue-on-error"} & set(step), step["name"]
    assert place(of_job, OURS) < place(of_job, GATE)


def test_the_check_stands_before_the_credentials(workflow: dict[str, Any]) -> None:
    """And no code of the project runs before it; credentials come last but for the engine."""
    of_job = workflow["jobs"]["deploy"]["steps"]
    assert place(of_job, GATE) < place(of_job, "pulumi install") < place(of_job, CREDENTIALS)
    assert place(of_job, CREDENTIALS) == len(of_job) - 2
    role = of_job[place(of_job, CREDENTIALS)]["with"]
    assert role["role-to-assume"] == "${{ steps.ours.outputs.role }}"
    assert role["role-duration-seconds"] == 3600


def test_the_engine_never_runs_without_the_pack(workflow: dict[str, Any]) -> None:
    """Every command of the engine that could change something has the pack and the settings that the check wrote."""
    of_job = workflow["jobs"]["deploy"]["steps"]
    text = of_job[-1]["run"]
    assert re.findall(r"pulumi \w+", text) == ["pulumi preview", "pulumi up"]
    assert re.findall(r"pulumi (?:preview|up --yes) (\S+)", text) == ['"$@"', '"$@"']
    (given,) = re.findall(r"^set -- (.*)$", text, re.MULTILINE)
    assert '--policy-pack "$PLATFORM/policies" --policy-pack-config "$PLATFORM/build/pack/pack.json"' in given
    assert "--pack build/pack" in of_job[place(of_job, GATE)]["run"]
    others = [step for step in of_job[:-1] if re.search(r"pulumi (?!install\b)\w+ ", step.get("run", ""))]
    assert others == []


def test_what_is_run_exists(workflow: dict[str, Any]) -> None:
    """Options of the command line, and the folders that it writes to."""
    (line,) = {step["run"] for step in steps(workflow) if GATE in step.get("run", "")}
    known = {option for parameter in commands()["check"].params for option in parameter.opts}
    assert set(re.findall(r"--[\w-]+", line)) <= known
    assert all(f"build/{name}" in line for name in ("gate.sarif", "gate.md", "pack"))


def test_what_a_caller_writes_is_never_a_part_of_a_script(workflow: dict[str, Any]) -> None:
    """An expression inside a script is code of whoever fills it in; values come as variables."""
    assert [step["name"] for step in steps(workflow) if "${{" in step.get("run", "")] == []


def test_the_platform_is_taken_at_the_commit_of_the_workflow(workflow: dict[str, Any]) -> None:
    """And a run that does not know that commit ends: its default would be the team's own repository."""
    for job in workflow["jobs"].values():
        first, platform, *_ = job["steps"]
        assert platform["with"]["repository"] == "${{ job.workflow_repository }}"
        assert platform["with"]["ref"] == "${{ job.workflow_sha }}"
        assert first["env"]["WORKFLOW_REPOSITORY"] == platform["with"]["repository"]
        assert first["env"]["WORKFLOW_SHA"] == platform["with"]["ref"]
        assert all(f"${{{name}:?" in first["run"] for name in ("WORKFLOW_REPOSITORY", "WORKFLOW_SHA"))
    assert workflow["env"]["ESTATE"] == "stacks"


@pytest.mark.parametrize(
    ("command", "event", "repository", "says"),
    [
        ("preview", "pull_request", "example/landing-zone", ""),
        ("apply", "push", "example/landing-zone", ""),
        ("apply", "pull_request", "example/landing-zone", "does not apply"),
        ("apply", "pull_request_target", "example/landing-zone", "does not apply"),
        ("destroy", "push", "example/landing-zone", "expected preview or apply"),
        ("", "push", "example/landing-zone", "expected preview or apply"),
        ("preview", "push", "", "which repository this workflow is of"),
    ],
)
def test_the_first_step_refuses_what_it_does_not_know(
    workflow: dict[str, Any], command: str, event: str, repository: str, says: str
) -> None:
    """Run by the shell that GitHub uses: another command, a pull request that applies, a run of no known workflow."""
    (script,) = {job["steps"][0]["run"] for job in workflow["jobs"].values()}
    given = {"COMMAND": command, "EVENT": event, "WORKFLOW_REPOSITORY": repository, "WORKFLOW_SHA": "0" * 40}
    bash = ["bash", "-e", "-c", script]
    done = subprocess.run(bash, env=given, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode == 0, done.stderr == "") == (says == "", says == "")
    assert says in done.stderr


def test_its_engine_is_the_projects(workflow: dict[str, Any]) -> None:
    """The official engine fits the locked SDK."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"pulumi=={workflow['env']['PULUMI']}" in project["project"]["dependencies"]
