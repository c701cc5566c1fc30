"""Bad input through the real command: one message with place and fix, exit code 2, and nothing done."""

import shutil
from pathlib import Path

import pytest

from tests.cli.command import environment, files, llmlz
from tests.estates import EXAMPLE
from tests.stacks.bad_input import CASES

CHOSEN = {
    "unknown nested key": ("record",),
    "locked value": ("record", "--json"),
    "broken YAML": ("check", "--sarif", "findings.sarif", "--junit", "findings.xml"),
    "team without a file": ("access", "--json"),
    "overlay that loosens a lock": ("cost", "--json"),
    "overlapping networks": ("try", "--plan-only", "--json"),
}
"""One case of every kind of file, through every command that reads an estate."""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A copy of the example estate."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "estate"))


@pytest.mark.parametrize("case", CHOSEN)
def test_bad_input_is_told_before_anything_happens(case: str, estate: Path) -> None:
    """The message names file, place, expectation and fix; standard output stays empty and no file is written."""
    change, file, path, _, expected = CASES[case]
    change(estate)
    before = files(estate)
    ran = llmlz(*CHOSEN[case], "--estate", ".", cwd=estate).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    first, *rest = ran.err.splitlines()
    assert first.startswith(f"{file}: ")
    assert first.endswith("nothing was done")
    assert any(line.strip().partition(" = ")[0] == path for line in rest), ran.err
    assert expected in ran.err
    assert "    fix: " in ran.err
    assert rest[-1] == "exit code 2"
    assert files(estate) == before


def test_a_folder_that_is_none_is_bad_input(tmp_path: Path) -> None:
    """A wrong path is told as such, not as an estate without stacks."""
    ran = llmlz("record", "--estate", str(tmp_path / "nowhere")).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert "expected: a folder with Pulumi.<stack>.yaml files" in ran.err


def test_the_estate_can_come_from_the_environment(estate: Path) -> None:
    """``LLMLZ_ESTATE`` means the same as ``--estate``, and the option wins."""
    CASES["missing owner"][0](estate)
    ran = llmlz("record", env=environment(LLMLZ_ESTATE=str(estate)))
    assert ran.code == 2
    assert f"{estate}/Pulumi.platform-sandbox.yaml: 1 problem" in ran.err
    won = llmlz("record", "--stack", "none", "--estate", str(EXAMPLE), env=environment(LLMLZ_ESTATE=str(estate)))
    assert "one of the stacks platform-sandbox" in won.err


def test_whoever_stands_in_an_estate_of_their_own_hears_that_it_is_not_looked_at(tmp_path: Path) -> None:
    """The example has a stack of the same name as a first estate: a check of the wrong one would look like a success."""
    shutil.copy(EXAMPLE / "Pulumi.platform-sandbox.yaml", tmp_path)
    ran = llmlz("cost", cwd=tmp_path)
    assert ran.code == 0
    assert ran.err == "this is the example estate; to look at your own: --estate .\n"
