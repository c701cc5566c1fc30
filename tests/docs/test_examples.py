"""What the pages show works: Python runs, YAML is valid, a guide's files make an estate."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from docs.examples import read_a_graph
from stacks.estate import load_estate
from tests.cli.command import files, llmlz
from tests.docs.pages import ROOT, Page, page, pages
from tests.estates import EXAMPLE

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))
SCHEMA = re.compile(r"^# yaml-language-server: \$schema=(?:[\w./-]*/)?([\w-]+\.schema\.json)$", re.MULTILINE)
SETTINGS = re.compile(r"^(config:|team:|foundation:)", re.MULTILINE)


def yaml_blocks() -> list[tuple[Page, str]]:
    """Every YAML block with its page."""
    return [(one, block) for one in pages() for block in one.blocks("yaml")]


def problems(block: str) -> list[str]:
    """What the schema that the block names says of it."""
    named = SCHEMA.search(block)
    if named is None:
        return ["names no schema"] if SETTINGS.search(block) else []
    schema = json.loads((ROOT / "stacks" / "schemas" / named[1]).read_text(encoding="utf-8"))
    values = YAML(typ="safe", pure=True).load(block)
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(values)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs(path: Path) -> None:
    """From the root, as the pages say, without an error."""
    done = subprocess.run(
        [sys.executable, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_every_example_is_in_a_page() -> None:
    """Nobody finds an example that no page names."""
    said = "\n".join(one.text for one in pages())
    assert EXAMPLES
    assert [path.name for path in EXAMPLES if path.name not in said] == []


def test_the_example_of_a_graph_shows_a_reference() -> None:
    """The bucket's encryption is built from the key that stands beside it."""
    graph = read_a_graph.recorded()
    encryption = graph.named("data-bucket-encryption")
    assert "aws:kms/key:Key" in {graph.by_urn[reference.to].type for reference in encryption.references}


def test_yaml_in_pages_is_valid() -> None:
    """Every block of settings names a schema and keeps to it."""
    blocks = yaml_blocks()
    assert len(blocks) >= 4
    assert [(one.name, problem) for one, block in blocks for problem in problems(block)] == []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("config:\n  llmlz:kind: team\n", "names no schema"),
        ("# yaml-language-server: $schema=../team.schema.json\nteam: claims\n", "'owner' is a required property"),
    ],
)
def test_a_wrong_block_is_found(block: str, problem: str) -> None:
    """The rule above is alive."""
    assert problem in problems(block)


def test_the_team_of_the_guide_fits_the_example_platform(tmp_path: Path) -> None:
    """Both files of the guide, saved where it says, make a stack of the estate."""
    guide = page("docs/guides/add-a-team.md")
    names = re.findall(r"^Save as `([\w./-]+)`", guide.text, re.MULTILINE)
    blocks = guide.blocks("yaml")
    assert len(names) == len(blocks) == 2
    shutil.copytree(EXAMPLE, tmp_path / "estate")
    for name, block in zip(names, blocks, strict=True):
        (tmp_path / "estate" / name).write_text(block, encoding="utf-8")
    assert "team-billing-sandbox" in load_estate(tmp_path / "estate").stacks


def test_the_platform_of_the_concept_is_an_estate(tmp_path: Path) -> None:
    """Four values are enough, as the page says, and its overlay is taken."""
    concept = page("docs/concepts/settings-and-tiers.md")
    platform, overlay, *_ = concept.blocks("yaml")
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "tiers.yaml").write_text(
        overlay.replace("  locks:", "    logs: {retention_days: 180}\n  locks:"), encoding="utf-8"
    )
    (tmp_path / "Pulumi.platform-sandbox.yaml").write_text(platform, encoding="utf-8")
    (found,) = load_estate(tmp_path).platforms()
    assert found.settings.cost_centre == "4700"
    assert found.settings.logs.retention_days == 180


def test_the_locks_of_the_concept_are_those_of_a_tier() -> None:
    """What the page shows of a tier's file stands in that file, a lock that is lifted among it."""
    (shown,) = (one for one in page("docs/concepts/settings-and-tiers.md").blocks("yaml") if one.startswith("locks:"))
    yaml = YAML(typ="safe", pure=True)
    locks = yaml.load(shown)["locks"]
    kept = yaml.load((ROOT / "stacks" / "tiers" / "repeatable.yaml").read_text(encoding="utf-8"))["locks"]
    assert None in locks.values()
    assert {name: kept.get(name, "nothing") for name in locks} == locks


def test_the_command_of_the_matrix_writes_what_the_page_lists(tmp_path: Path) -> None:
    """Run as it stands, it makes the four files, where the page says, and nothing else."""
    concept = page("docs/concepts/access.md")
    (line,) = [line for line in concept.commands() if "--write" in line]
    _, *words = shlex.split(line)
    ran = llmlz(*words, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    listed = re.findall(r"^- `(access\.\w+)` ", concept.text, re.MULTILINE)
    assert len(listed) == 4
    assert sorted(files(tmp_path)) == sorted(f"{words[-1]}/{name}" for name in listed)


def test_every_dependency_has_its_reason_and_licence() -> None:
    """The decision on dependencies has a row for each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    rows = [line for line in page("docs/adr/0008-dependencies.md").text.splitlines() if line.startswith("| ")]
    named = {name.strip() for row in rows for name in row.split("|")[1].split(",")}
    assert sorted({re.split(r"[=<>]", text)[0] for text in wanted} - named) == []


def test_decisions_have_one_form() -> None:
    """Number, date, context, decision, consequences."""
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE), path.name
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name
