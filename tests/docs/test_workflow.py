"""The hosted workflow runs what people run, with pinned actions and few rights."""

import re
import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.docs.pages import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


@pytest.fixture
def workflow() -> dict[str, Any]:
    """The workflow as plain values."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(WORKFLOW.read_text(encoding="utf-8"))
    return found


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_actions_are_pinned_by_commit(workflow: dict[str, Any]) -> None:
    """A tag can be moved; the release stands beside the commit as a comment."""
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert len(used) >= 6
    assert [action for action in used if not PINNED.fullmatch(action)] == []
    lines = [line for line in WORKFLOW.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert [line for line in lines if not re.search(r"# v\d+\.\d+\.\d+$", line)] == []


def test_jobs_only_read(workflow: dict[str, Any]) -> None:
    """No job has more rights than the workflow, and no credential stays in the checkout."""
    assert workflow["permissions"] == {"contents": "read"}
    assert [job for job in workflow["jobs"].values() if "permissions" in job] == []
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * len(workflow["jobs"])


def test_it_runs_what_people_run(workflow: dict[str, Any]) -> None:
    """The same two entries as on a laptop."""
    commands = [step["run"] for step in steps(workflow) if "run" in step]
    assert {".ci/run", "make try"} <= set(commands)


def test_its_versions_are_the_projects(workflow: dict[str, Any]) -> None:
    """The official engine and plugin fit the locked SDKs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = dict(text.split("==") for text in project["project"]["dependencies"] if "==" in text)
    assert workflow["env"]["PULUMI"] == pinned["pulumi"]
    assert workflow["env"]["PULUMI_AWS"] == pinned["pulumi-aws"]
