"""``llmlz check``: what blocks, and the files that other tools read."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command import Ran, llmlz, within


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """The example held to a level it was not made for, with every kind of output."""
    folder = tmp_path_factory.mktemp("check")
    files = ("--sarif", "reports/findings.sarif", "--junit", "reports/findings.xml")
    stack = ("--stack", "team-search-sandbox")
    return llmlz("check", *stack, "--level", "3", "--json", *files, cwd=folder), folder / "reports"


def test_the_example_passes_at_its_own_level() -> None:
    """The first environment that anyone makes has nothing to mend, and says what was looked at."""
    ran = within("check")
    assert (ran.code, ran.err) == (0, "")
    last = ran.out.splitlines()[-1]
    assert last.startswith("platform-sandbox, level 1: ")
    assert " 0 findings block" in last


def test_a_team_passes_too() -> None:
    """Teams are checked by the same controls, at the level of their platform."""
    ran = within("check", "--stack", "team-search-sandbox", "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["findings"]) == (0, [])
    assert any("search-role" in urn for entry in found["coverage"] for urn in entry["looked_at"])


def test_a_finding_that_blocks_is_exit_code_1(failed: tuple[Ran, Path]) -> None:
    """At level 3 the budget of a team must act by itself, which the first tier's does not."""
    ran, _ = failed
    assert ran.no_traceback().code == 1
    found = [(f["control"], f["verdict"]) for f in json.loads(ran.out)["findings"] if f["mandatory"]]
    assert ("GOV-04", "violated") in found
    assert ran.err.splitlines()[0] == f"team-search-sandbox: {len(found)} findings block at level 3"


def test_sarif_is_written_also_when_the_check_fails(failed: tuple[Ran, Path]) -> None:
    """Code scanning gets the finding, its weight and the stack that it is about."""
    (run,) = json.loads((failed[1] / "findings.sarif").read_text())["runs"]
    (result,) = (result for result in run["results"] if result["ruleId"] == "GOV-04")
    assert result["level"] == "error"
    assert "team-search-sandbox" in result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]


def test_junit_is_written_also_when_the_check_fails(failed: tuple[Ran, Path]) -> None:
    """A test report shows one failed case among those that passed."""
    suite = ElementTree.parse(failed[1] / "findings.xml").getroot()[0]  # noqa: S314  # written by us
    failed_cases = [case.get("classname") for case in suite if case.find("failure") is not None]
    assert (suite.get("name"), suite.get("failures")) == ("team-search-sandbox", str(len(failed_cases)))
    assert "GOV-04" in failed_cases
    assert int(suite.get("tests", "0")) > 30


@pytest.mark.parametrize("level", ["0", "5"])
def test_a_level_that_does_not_exist_is_bad_input(level: str) -> None:
    """Nothing is checked at a level nobody asked for: 0 is not the stack's own."""
    ran = within("check", "--level", level).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert "--level" in ran.err


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in the place of the file is bad input, and the message names it."""
    ran = within("check", "--sarif", str(tmp_path)).no_traceback()
    assert ran.code == 2
    assert str(tmp_path) in ran.err
