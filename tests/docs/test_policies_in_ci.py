"""The guide to policies in CI: what it shows fits the example, the workflow, the hook and the pack."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.team_pipeline import GITHUB
from llmlz.checks.records import controls
from llmlz.checks.waivers import load_waivers
from llmlz.cli.recording import record_estate
from policies.pack._settings import SCHEMA, read
from stacks.estate import load_estate
from stacks.stack_file import read_stack_file
from tests.cli.command import llmlz
from tests.docs.pages import ROOT, page

GUIDE = "docs/guides/policies-in-ci.md"
ESTATE = ROOT / "docs" / "examples" / "organization"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
yaml = YAML(typ="safe", pure=True)


def block(start: str) -> Any:
    """The YAML block of the guide that begins like this, but for comments."""
    (found,) = (text for text in page(GUIDE).blocks("yaml") if re.sub(r"^#.*\n", "", text).startswith(start))
    return yaml.load(found)


def test_the_files_of_the_guide_are_those_of_the_example() -> None:
    """The platform with its workflow, and the team with its pipeline."""
    assert block("config:") == yaml.load((ESTATE / "Pulumi.platform-pilot.yaml").read_text(encoding="utf-8"))
    assert block("team:") == yaml.load((ESTATE / "teams" / "claims.yaml").read_text(encoding="utf-8"))


def test_the_job_of_the_estate_is_pinned_and_names_stacks_that_are_there() -> None:
    """With the actions of the project's own workflow, few rights, and stacks of the example."""
    (job,) = block("name: gate")["jobs"].values()
    assert set(job["strategy"]["matrix"]["stack"]) <= set(load_estate(ESTATE).stacks)
    assert job["permissions"] == {"contents": "read"}
    ci = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert len(used) == 2
    assert [action for action in used if action not in ci] == []
    assert [step for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_the_claims_of_the_guide_are_those_of_the_role() -> None:
    """Row by row, with the name of the role."""
    role = record_estate(load_estate(ESTATE))["team-claims-pilot"].named("claims-pipeline-role").inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    listed = dict(re.findall(r"^\| `(aud|sub|job_workflow_ref)` \| `(\S+)` \|$", page(GUIDE).text, re.MULTILINE))
    assert {f"{GITHUB}:{claim}": value for claim, value in listed.items()} == statement["Condition"]["StringEquals"]
    assert f"`{role['name']}`" in page(GUIDE).text


def test_a_team_calls_the_workflow_as_it_is() -> None:
    """Inputs that it has, rights that its jobs ask for, at the ref and in the environment that the role trusts."""
    called = yaml.load((ROOT / ".github" / "workflows" / "team.yml").read_text(encoding="utf-8"))
    (job,) = block("name: deploy")["jobs"].values()
    inputs = called["on"]["workflow_call"]["inputs"]
    assert {name for name, given in inputs.items() if given.get("required")} <= set(job["with"]) <= set(inputs)
    asked = [each["permissions"] for each in called["jobs"].values()]
    assert job["permissions"] == {key: value for rights in asked for key, value in rights.items()}
    platform = read_stack_file(ESTATE / "Pulumi.platform-pilot.yaml").settings["pipelines"]
    workflow, _, tag = job["uses"].partition("@")
    assert (workflow, f"refs/tags/{tag}") == (platform["workflow"], platform["ref"])
    assert job["with"]["environment"] == block("team:")["pipeline"]["environment"]
    assert job["with"]["stack"] in load_estate(ESTATE).stacks


def test_the_command_of_the_guide_writes_what_it_lists(tmp_path: Path) -> None:
    """Run as it stands, but from elsewhere."""
    (line,) = [line for line in page(GUIDE).commands() if line.startswith("llmlz check")]
    words = [str(ROOT / word) if word.startswith("docs/") else word for word in shlex.split(line)[1:]]
    ran = llmlz(*words, cwd=tmp_path)
    assert ran.code == 0, ran.out + ran.err
    listed = re.findall(r"^\| `(build/\S+)` \|", page(GUIDE).text, re.MULTILINE)
    assert len(listed) == 3
    assert [name for name in listed if not (tmp_path / name).is_file()] == []


def test_the_hook_runs_the_check_of_this_repository(tmp_path: Path) -> None:
    """As pre-commit runs it, in the repository that commits; the environments are made first, here by a stand-in."""
    (hook,) = yaml.load(HOOKS.read_text(encoding="utf-8"))
    (repo,) = block("repos:")["repos"]
    made, tools = tmp_path / "made", tmp_path / "bin"
    tools.mkdir()
    (tools / "make").write_text(f'#!/bin/sh\necho "$@" >> {shlex.quote(str(made))}\n')
    (tools / "make").chmod(0o755)
    shutil.copytree(ESTATE, tmp_path / "stacks")
    environment = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    for used in repo["hooks"]:
        assert used["id"] == hook["id"]
        command = [str(ROOT / hook["entry"]), *used["args"]]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert used["args"][-1] in done.stdout
    assert ".venv/installed" in made.read_text()


def test_the_hook_looks_when_the_estate_changes() -> None:
    """Every file that people write, and none of the program's; no names are handed on, since a stack is checked whole."""
    (hook,) = yaml.load(HOOKS.read_text(encoding="utf-8"))
    files = re.compile(hook["files"])
    written = [path.relative_to(ESTATE).as_posix() for path in ESTATE.rglob("*.yaml")]
    assert [
        name for name in [*written, "overlay/tiers.yaml", "waivers.yaml"] if not files.search(f"stacks/{name}")
    ] == []
    assert not files.search("stacks/team.py")
    assert not files.search("stacks/tiers/scaled.yaml")
    assert (hook["language"], hook["pass_filenames"]) == ("script", False)
    assert os.access(ROOT / hook["entry"], os.X_OK)


def test_the_waiver_of_the_guide_is_one(tmp_path: Path) -> None:
    """Read from where the guide says, for a stack and a resource of the example."""
    found = block("- control:")
    with (tmp_path / "waivers.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(found, file)
    estate = load_estate(ESTATE)
    (waiver,) = load_waivers(tmp_path, [control.id for control in controls()], estate.stacks)
    graph = record_estate(estate)[waiver.stack]
    assert graph.named(waiver.resource)


def test_the_settings_of_the_guide_are_those_of_the_pack() -> None:
    """Every setting has a row, and the example is accepted."""
    (text,) = page(GUIDE).blocks("json")
    given = json.loads(text)
    assert read(given["assurance"], {}).level == 2
    listed = re.findall(r"^\| `(\w+)` \| .* \| .* \|$", page(GUIDE).text.partition("## Settings of the pack")[2], re.M)
    assert listed[: len(SCHEMA)] == list(SCHEMA)
    assert read({}, {}).level == 4


@pytest.mark.parametrize("command", ["preview", "up"])
def test_the_engine_is_given_what_the_check_wrote(command: str) -> None:
    """The pack of this repository, and the file that the check of the same page writes."""
    (line,) = [line for line in page(GUIDE).commands() if line.startswith(f"pulumi {command} ")]
    words = shlex.split(line)
    assert (ROOT / words[words.index("--policy-pack") + 1] / "PulumiPolicy.yaml").is_file()
    assert words[words.index("--policy-pack-config") + 1] == "build/pack/pack.json"
