"""The guide to an organization: its files make an estate, and what it shows of the command line works."""

import json
import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.cli.recording import record_estate
from stacks.estate import Estate, load_estate
from stacks.kinds import OrganizationStack
from stacks.problems import SettingsError
from tests.cli.command import environment, llmlz
from tests.docs.pages import ROOT, page

GUIDE = "docs/guides/organization.md"
ESTATE = ROOT / "docs" / "examples" / "organization"


@pytest.fixture(scope="module")
def estate() -> Estate:
    """The estate that the guide speaks of."""
    return load_estate(ESTATE)


def test_the_files_of_the_guide_are_those_of_the_example() -> None:
    """But for the first line, which names a schema from where the file stands."""
    guide = page(GUIDE)
    names = re.findall(r"^`(Pulumi\.[\w.-]+)`:$", guide.text, re.MULTILINE)
    blocks = guide.blocks("yaml")
    assert len(names) == len(blocks) == 2
    for name, block in zip(names, blocks, strict=True):
        assert block.splitlines()[1:] == (ESTATE / name).read_text(encoding="utf-8").splitlines()[1:], name


def test_the_example_has_what_the_guide_says(estate: Estate) -> None:
    """One organization with an existing unit and a new one, one repeatable platform in the first, one team on it."""
    (organization,), (platform,) = estate.organizations(), estate.platforms()
    assert isinstance(organization, OrganizationStack)
    assert {name: plan.unit.new is None for name, plan in organization.units.items()} == {
        "pilots": True,
        "customers": False,
    }
    assert organization.units["pilots"].platforms == (platform,)
    assert (platform.tier, len(estate.teams_on(platform.name))) == ("repeatable", 1)


def test_the_accounts_of_the_guide_are_those_of_the_example(estate: Estate) -> None:
    """Management, people on call, platform."""
    (organization,) = estate.organizations()
    listed = re.findall(r"^\| `(\d{12})` \|", page(GUIDE).text, re.MULTILINE)
    on_call = organization.settings.break_glass[0].split(":")[4]
    assert listed == [organization.account, on_call, estate.platforms()[0].account]


@pytest.mark.parametrize("command", ["access --estate", "check --estate", "access --prove --estate docs"])
def test_what_the_guide_looks_at_is_as_it_should_be(command: str, tmp_path: Path) -> None:
    """Step 3, as it stands: nothing is undecided, no control blocks, everything is proved."""
    (line,) = [line for line in page(GUIDE).commands() if line.startswith(f"llmlz {command}") and "docs/" in line]
    ran = llmlz(*shlex.split(line)[1:], env=environment(XDG_CACHE_HOME=str(tmp_path)))
    assert ran.code == 0, ran.out + ran.err


def test_policies_are_written_where_nothing_is_deployed_yet(tmp_path: Path) -> None:
    """Step 5, as it stands: what names a guardrail is left out, by name, and the exit code says so."""
    (line,) = [
        line for line in page(GUIDE).commands() if line.startswith("llmlz organization write") and "docs/" in line
    ]
    ran = llmlz(*(str(tmp_path / word) if word == "policies" else word for word in shlex.split(line)[1:]))
    assert ran.code == 1
    assert "llmlz-organization-pilots-service-control-calls" in ran.err
    written = {path.relative_to(tmp_path / "policies").as_posix() for path in (tmp_path / "policies").rglob("*.json")}
    named = set(re.findall(r"file://policies/(\S+)", page(GUIDE).text))
    assert named
    assert named <= written


def test_what_the_guide_reads_of_the_organization_is_published(estate: Estate) -> None:
    """The output ``guardrails``, with the two values that ``put-resource-policy`` takes."""
    (organization,) = estate.organizations()
    outputs = record_estate(estate)[organization.name].outputs
    text = page(GUIDE).text
    (output,) = set(re.findall(r"pulumi stack output (\w+) --json --stack organization", text))
    assert output in outputs
    source = (ROOT / "stacks" / "organization.py").read_text(encoding="utf-8")
    wanted = set(re.findall(r'\."eu-central-1"\.(\w+)', text))
    assert wanted == {"arn", "resource_policy"}
    assert all(f'"{name}": made.' in source for name in wanted)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("platform-pilot", '"444455556666"', '"777788889999"', "no policy binds there"),
        ("platform-pilot", '"444455556666"', '"444455557777"', "an account in a unit of an organization"),
        ("platform-pilot", "tier: repeatable", "tier: reliable", "repeatable, the tier of unit pilots"),
        ("organization", "[arn:aws:iam::999988887777:user/on-call]", "[]", "have a break-glass role"),
        ("organization", '["444455556666"]', '["444455556666", "777788889999"]', "the management account"),
    ],
)
def test_what_the_guide_calls_refused_is_refused(file: str, old: str, new: str, says: str, tmp_path: Path) -> None:
    """Each row of the last table, but for the sizes, which the packer's own tests have."""
    for path in ESTATE.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(ESTATE)
        copy.parent.mkdir(exist_ok=True)
        text = path.read_text(encoding="utf-8")
        copy.write_text(text.replace(old, new) if path.name == f"Pulumi.{file}.yaml" else text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(says)):
        load_estate(tmp_path)


def test_the_policy_of_people_on_call_names_the_role_that_platforms_have() -> None:
    """JSON that says so, for the role that the guide takes in an emergency."""
    (line,) = [line for line in page(GUIDE).commands() if "put-user-policy" in line]
    (document,) = [word for word in shlex.split(line) if word.startswith("{")]
    (statement,) = json.loads(document)["Statement"]
    (taken,) = set(re.findall(r"--role-arn (\S+)", page(GUIDE).text))
    assert statement["Resource"].rpartition("/")[2] == taken.rpartition("/")[2] == "llmlz-break-glass"


def test_the_example_names_its_schema() -> None:
    """Editors check the files while people type."""
    for path in sorted(ESTATE.rglob("*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert (path.parent / first.partition("$schema=")[2]).resolve().is_file(), path
        assert YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
