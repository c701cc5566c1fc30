"""``llmlz move`` as people type it."""

import json
import re
from pathlib import Path

import pytest

from tests import ladder, two_regions
from tests.cli.command import within


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate that can climb."""
    return ladder.write(tmp_path_factory.mktemp("estate"), "repeatable")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected exactly one of --to, --from and --preview"),
        (("--to", "scaled", "--preview", "x.json"), "expected exactly one of --to, --from and --preview"),
        (("--to", "heaven"), "--to heaven: expected one of foundation, repeatable, reliable, scaled, or none"),
        (("--to", "scaled", "--stack", "team-claims"), "--stack team-claims: expected a platform stack"),
        (("--from", "missing.json"), "--from missing.json: No such file or directory; expected a file that is there"),
        (("--from", "README.md"), "--from README.md: expected what llmlz record --json or pulumi stack export prints"),
        (("--preview", "README.md"), "--preview README.md: "),
    ],
)
def test_bad_input_is_told_before_anything_runs(estate: Path, arguments: tuple[str, ...], message: str) -> None:
    """With what was expected, and exit code 2."""
    ran = within("move", "--estate", str(estate), "--stack", ladder.PLATFORM, *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_a_prerequisite_that_is_missing_is_named() -> None:
    """The example estate has no organization."""
    ran = within("move", "--to", "repeatable")
    assert ran.code == 2
    assert "tier repeatable needs its policies, and no stack file of kind organization names this account" in ran.err


def test_taking_a_platform_away_names_what_is_protected_first(estate: Path) -> None:
    """Then the order: teams before the platform that they stand on."""
    ran = within("move", "--estate", str(estate), "--stack", ladder.PLATFORM, "--to", "none")
    assert ran.code == 1
    assert ran.out.index("logs-bucket [aws:s3/bucket:Bucket] protected") < ran.out.index("pulumi destroy")
    assert ran.out.index("--stack team-claims") < ran.out.index("--stack platform-prod")
    assert "pulumi state unprotect 'urn:pulumi:platform-prod::llmlz::" in ran.out


def test_a_second_region_goes_before_the_first(tmp_path: Path) -> None:
    """It stands on the keys and the trail of the first, and the teams in it stand on it."""
    two_regions.write_estate(tmp_path)
    ran = within("move", "--estate", str(tmp_path), "--stack", two_regions.FIRST, "--to", "none", "--json")
    assert json.loads(ran.out)["order"] == ["team-second", two_regions.SECOND, "team-first", two_regions.FIRST]


def test_taking_away_is_told_as_json_too(estate: Path) -> None:
    """The same findings, for programs."""
    ran = within("move", "--estate", str(estate), "--stack", ladder.PLATFORM, "--to", "none", "--json")
    told = json.loads(ran.out)
    assert (told["holds"], told["order"]) == (False, ["team-claims", "runtime-prod", "platform-prod"])
    assert {finding["rule"] for finding in told["findings"]} == {"deleted", "protected"}


@pytest.mark.ring(2)
def test_a_climb_is_told_with_its_prerequisites(estate: Path) -> None:
    """Exit code 0: what is made, what is changed, what must be there first."""
    ran = within("move", "--estate", str(estate), "--stack", ladder.PLATFORM, "--to", "reliable")
    assert (ran.code, ran.err) == (0, "")
    assert "needs: runner inside the network (see to it)" in ran.out
    assert "nothing that holds state is replaced or deleted" in ran.out
    assert re.search(r"^idle: \d+\.\d\d to \d+\.\d\d US dollars a month$", ran.out, re.MULTILINE)


@pytest.mark.ring(2)
def test_a_move_downward_that_loses_state_fails(estate: Path) -> None:
    """With every resource, what would be lost, and a way out; nothing is changed."""
    ran = within("move", "--estate", str(estate), "--stack", ladder.PLATFORM, "--to", "foundation")
    assert ran.code == 1
    assert "claims-secret-key [aws:kms/key:Key] deleted: lost would be everything that is encrypted with it" in ran.out
    assert "way out: " in ran.out
    assert "findings speak against this move; nothing was changed" in ran.err
