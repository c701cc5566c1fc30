"""What the first files of an estate promise."""

import dataclasses
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.start.estate import FirstEstate, write_estate
from stacks.estate import load_estate
from stacks.kinds import PlatformStack, TeamStack

FILES = ("Pulumi.platform-sandbox.yaml", "Pulumi.team-claims-sandbox.yaml", "teams/claims.yaml")


@pytest.fixture
def first() -> FirstEstate:
    """A first estate."""
    return FirstEstate(
        account="011122223333",
        budget_usd=500,
        owner="platform@example.com",
        region="eu-central-1",
        secrets_provider="awskms://alias/llmlz-secrets?region=eu-central-1",
        team="claims",
        team_budget_usd=100,
        team_models=("nova-micro",),
        tier="foundation",
    )


def test_the_files_are_an_estate(first: FirstEstate, tmp_path: Path) -> None:
    """What is written is what the program reads: no problem is found, and every value arrives."""
    assert write_estate(tmp_path, first).new == FILES
    estate = load_estate(tmp_path)
    platform, team = estate.stack(first.platform_stack), estate.stack(first.team_stack)
    assert isinstance(platform, PlatformStack)
    assert isinstance(team, TeamStack)
    assert (platform.account, platform.region, platform.settings.budget_usd) == ("011122223333", "eu-central-1", 500)
    assert (team.team.limits.budget_usd, team.team.models, team.platform.name) == (
        100,
        ["nova-micro"],
        "platform-sandbox",
    )


def test_both_stacks_encrypt_with_the_bootstraps_key(first: FirstEstate, tmp_path: Path) -> None:
    """A stack without a secrets provider would ask for a passphrase."""
    write_estate(tmp_path, first)
    for name in FILES[:2]:
        found = YAML(typ="safe").load((tmp_path / name).read_text())
        assert found["secretsprovider"] == "awskms://alias/llmlz-secrets?region=eu-central-1"


def test_a_file_that_is_there_is_never_touched(first: FirstEstate, tmp_path: Path) -> None:
    """The second run writes nothing, even where the wishes changed; a missing file comes back."""
    write_estate(tmp_path, first)
    (tmp_path / FILES[0]).write_text("mine\n")
    (tmp_path / FILES[2]).unlink()
    again = write_estate(tmp_path, dataclasses.replace(first, budget_usd=9))
    assert (again.new, again.kept) == (FILES[2:], FILES[:2])
    assert (tmp_path / FILES[0]).read_text() == "mine\n"


def test_files_outside_the_repository_name_no_path_of_this_machine(first: FirstEstate, tmp_path: Path) -> None:
    """The comment for editors is relative, so it is only written where it leads somewhere."""
    write_estate(tmp_path, first)
    assert all("schema" not in (tmp_path / name).read_text() for name in FILES)
