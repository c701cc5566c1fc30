"""A company's fork merges the next release: no conflict, its own files untouched, and its estate still loads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment, llmlz
from tests.estates import EXAMPLE

ROOT = Path(__file__).parents[2]
RELEASED = ("Makefile", "Pulumi.yaml", "README.md", "components", "docs", "policies", "pyproject.toml", "stacks")
"""What a release holds and a fork could be tempted to edit."""

LOAD = "import sys; from pathlib import Path; from stacks.estate import load_estate; import stacks\n" + (
    "print(stacks.__file__, *load_estate(Path(sys.argv[1])).stacks)"
)

RUN = """
import runpy
from llmlz.graph.record import record
graph = record(
    lambda: runpy.run_module("stacks", run_name="__main__"),
    project="llmlz", stack_name="platform-trial", account="444455556666", region="eu-central-1",
)
print(graph.named("aws").inputs["allowedAccountIds"], graph.named("data-bucket").inputs["bucket"])
"""
"""The entry program of the fork as an engine would start it, with the recorder in the engine's place."""

COMPANY = Path(__file__).parent / "company"
"""What a company adds: stack files, team files and overlays, each in a place that releases never write to."""

OWN_MODEL = "stacks/overlay/models.yaml"
"""Its overlay of the catalogue, made from a row of ours so that it is a sound one."""


def git(folder: Path, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run git without anything of the person's own set-up."""
    own = {
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_AUTHOR_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
    command = ["git", "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *arguments]
    env = {"PATH": os.environ["PATH"], **own}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=check, timeout=60)


def commit(folder: Path, message: str) -> None:
    """Commit everything that is in the folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def released() -> list[str]:
    """Files of this repository that a release would hold, as they are now."""
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "--", *RELEASED).stdout.splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


def _insert(path: Path, before: str, line: str) -> None:
    text = path.read_text()
    assert before in text, f"{path.name} holds no {before!r}"
    path.write_text(text.replace(before, f"{line}\n{before}", 1))


def next_release(folder: Path) -> None:
    """Change what releases change: tiers, catalogue, components, schemas, the stack's own code, prose; add new files."""
    for tier in sorted((folder / "stacks" / "tiers").glob("*.yaml")):
        text = tier.read_text().replace("    - MIT\n", "    - MIT\n    - NVIDIA Open Model License\n")
        tier.write_text(f"# Changed in v2.\n{text}")
    catalogue = folder / "stacks" / "catalogue" / "models.yaml"
    catalogue.write_text(catalogue.read_text() + "\n# v2 looked at every price again\n")
    for path in sorted((folder / "components").glob("[a-z]*.py")):
        path.write_text(path.read_text() + "\n\nCHANGED_IN = 2\n")
    for path in sorted((folder / "stacks" / "schemas").glob("*.json")):
        _insert(path, '  "title":', '  "$comment": "v2",')
    _insert(folder / "stacks" / "platform.py", "from components.cost_control", "import datetime  # noqa: F401")
    _insert(folder / "Pulumi.yaml", "runtime:", "author: somebody else")
    _insert(folder / "pyproject.toml", "[project.scripts]", "# changed in v2")
    (folder / "README.md").write_text("# Another beginning\n")
    (folder / "components" / "gateway.py").write_text('"""New in v2."""\n')
    (folder / "stacks" / "parts" / "gateway.py").write_text('"""New in v2."""\n')
    example = folder / "docs" / "examples" / "estate" / "teams" / "claims.yaml"
    example.write_text(example.read_text().replace("budget_usd: 200", "budget_usd: 250"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the tags v1, which is this one, and v2."""
    if shutil.which("git") is None:
        pytest.fail("git is not on PATH: this repository is worked on with git, and so are forks of it")
    folder = tmp_path_factory.mktemp("upstream")
    for name in released():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    shutil.copy(ROOT / ".gitignore", folder)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "v1")
    git(folder, "tag", "v1")
    next_release(folder)
    commit(folder, "v2")
    git(folder, "tag", "v2")
    return folder


@pytest.fixture
def fork(releases: Path, tmp_path: Path) -> Path:
    """A company's fork of v1 with an estate of its own."""
    git(tmp_path, "clone", "--quiet", str(releases), "fork")
    folder = tmp_path / "fork"
    git(folder, "checkout", "--quiet", "-b", "company", "v1")
    for name in added():
        assert not (folder / name).exists(), f"{name} is a file of ours"
    shutil.copytree(COMPANY, folder / "stacks", dirs_exist_ok=True)
    (folder / OWN_MODEL).write_text(_own_model(folder))
    commit(folder, "our estate")
    return folder


def added() -> list[str]:
    """Names of the company's files in its fork."""
    copied = [f"stacks/{path.relative_to(COMPANY).as_posix()}" for path in COMPANY.rglob("*.yaml")]
    return sorted([*copied, OWN_MODEL])


def _own_model(folder: Path) -> str:
    """An overlay that adds a model under the company's own alias, and takes data classes away from one of ours."""
    text = (folder / "stacks" / "catalogue" / "models.yaml").read_text()
    row = text.partition("\nnova-lite:\n")[2].partition("\n\n")[0].rstrip()
    assert row.startswith("  vendor: ")
    return f"company-nova:\n{row}\nclaude-haiku-4-5:\n  data_classes: [public, internal]\n"


def python(folder: Path, code: str) -> "subprocess.CompletedProcess[str]":
    """Run a few lines with the fork's own code, in the fork's folder."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code, "stacks"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)


def own(folder: Path) -> dict[str, bytes]:
    """The company's files."""
    return {name: (folder / name).read_bytes() for name in added()}


def test_the_release_is_whole() -> None:
    """The test below merges what a release really holds, and none of the company's files is among it."""
    names = set(released())
    assert {"Pulumi.yaml", "stacks/tiers/foundation.yaml", "components/key_ring.py", "stacks/__main__.py"} <= names
    assert names & set(added()) == set()


def test_a_merge_of_the_next_release_has_no_conflict(fork: Path) -> None:
    """Everything that the release changed arrives, every file of the company stays as it is, and the estate loads."""
    before, first = own(fork), python(fork, LOAD)
    assert first.returncode == 0, first.stderr
    merged = git(fork, "merge", "--no-edit", "v2", check=False)
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert git(fork, "status", "--porcelain").stdout == ""
    assert own(fork) == before
    assert git(fork, "diff", "--name-only", "v2", "HEAD").stdout.split() == added()
    changed = set(git(fork, "diff", "--name-only", "v1", "v2").stdout.split())
    assert {
        "Pulumi.yaml",
        "components/gateway.py",
        "stacks/catalogue/models.yaml",
        "stacks/tiers/foundation.yaml",
    } <= changed
    after = python(fork, LOAD)
    assert after.returncode == 0, after.stderr
    assert after.stdout.split() == [str(fork / "stacks" / "__init__.py"), "platform-trial", "team-pricing-trial"]


def test_the_program_of_a_fork_builds_the_companys_stacks(fork: Path) -> None:
    """Nothing has to be set: the entry program reads the folder that it stands in, with the overlay's model."""
    done = python(fork, RUN)
    assert done.returncode == 0, done.stderr
    assert done.stdout == '["444455556666"] llmlz-trial-data-444455556666-eu-central-1\n'


def test_the_estate_of_a_fork_is_what_the_command_line_reads(fork: Path) -> None:
    """``--estate stacks`` finds the company's stacks beside ours, and the overlays are in force."""
    ran = llmlz("record", "--estate", "stacks", "--stack", "none", cwd=fork, env=environment())
    assert ran.code == 2
    assert "one of the stacks platform-trial, team-pricing-trial" in ran.err
    path = fork / "stacks" / "Pulumi.platform-trial.yaml"
    path.write_text(path.read_text() + "    logs: {retention_days: 90}\n")
    locked = llmlz("record", "--estate", "stacks", "--stack", "platform-trial", cwd=fork, env=environment())
    assert locked.code == 2
    assert "at least 180: locked at tier foundation, because the company's auditors ask for half a year" in locked.err


def test_a_fork_that_edited_a_file_of_ours_has_a_conflict(fork: Path) -> None:
    """The reason for the rule: an edit where overlays would do stops the next merge."""
    tier = fork / "stacks" / "tiers" / "foundation.yaml"
    tier.write_text(f"# Ours now.\n{tier.read_text()}")
    commit(fork, "an edit")
    merged = git(fork, "merge", "--no-edit", "v2", check=False)
    assert merged.returncode == 1
    assert "CONFLICT (content): Merge conflict in stacks/tiers/foundation.yaml" in merged.stdout


def test_a_release_that_writes_into_the_companys_places_has_a_conflict(fork: Path, releases: Path) -> None:
    """Were a stack file or a team file ours, forks would break: the merge above would not let that pass."""
    upstream = fork.parent / "upstream"
    git(fork.parent, "clone", "--quiet", str(releases), "upstream")
    (upstream / "stacks" / "teams").mkdir()
    shutil.copy(EXAMPLE / "teams" / "claims.yaml", upstream / "stacks" / "teams" / "pricing.yaml")
    commit(upstream, "v3")
    git(fork, "fetch", "--quiet", str(upstream), "main")
    merged = git(fork, "merge", "--no-edit", "FETCH_HEAD", check=False)
    assert merged.returncode == 1
    assert "stacks/teams/pricing.yaml" in merged.stdout
