"""One word is changed, and the unit's with it; files stay as they are."""

import re
from pathlib import Path

import pytest

from stacks.consistency import RESERVED
from stacks.estate import load_estate
from stacks.kinds import OrganizationStack, PlatformStack
from stacks.problems import SettingsError
from stacks.settings.base import NAME
from stacks.tier import TIERS, load_tier
from tests import estates, generated, ladder


@pytest.mark.parametrize("tier", TIERS)
def test_platform_and_unit_move_together(tier: str) -> None:
    """The organization's policies are those of the new tier."""
    estate = ladder.estate(tier)
    platform, above = estate.stack(ladder.PLATFORM), estate.stack(ladder.ORGANIZATION)
    assert isinstance(platform, PlatformStack)
    assert isinstance(above, OrganizationStack)
    assert platform.tier == tier
    assert platform.tier_data == above.units["teams"].tier_data == load_tier(tier)


def test_files_are_not_written() -> None:
    """The word in the file is still the old one."""
    text = (ladder.folder() / f"Pulumi.{ladder.PLATFORM}.yaml").read_text()
    ladder.estate("scaled")
    assert (ladder.folder() / f"Pulumi.{ladder.PLATFORM}.yaml").read_text() == text
    assert "llmlz:tier: foundation" in text


def test_without_an_organization_the_next_tier_says_what_is_missing() -> None:
    """Before anything is recorded."""
    with pytest.raises(SettingsError, match="tier repeatable needs its policies"):
        load_estate(estates.EXAMPLE, {"platform-sandbox": "repeatable"})


def test_other_platforms_of_the_unit_are_told(tmp_path: Path) -> None:
    """A unit holds platforms of one tier."""
    generated.write_estate(tmp_path, 0)
    moved = load_estate(tmp_path, {generated.platform_of("reliable"): "scaled"})
    assert isinstance(moved.stack("platform-reliable"), PlatformStack)
    path = tmp_path / "Pulumi.organization.yaml"
    path.write_text(path.read_text().replace(generated.PLACES["reliable"][0], "222200000000"))
    with pytest.raises(SettingsError):
        load_estate(tmp_path, {generated.platform_of("reliable"): "scaled"})


def test_every_role_beside_those_of_teams_has_a_name_that_no_team_may_take() -> None:
    """At any tier: the move that brings such a role would fail half-way."""
    for tier in TIERS:
        graph = ladder.recorded(tier)[ladder.PLATFORM]
        ends = {str(role.inputs["name"]).removeprefix("llmlz-pilots-") for role in graph.of_type("aws:iam/role:Role")}
        free = {name for name in ends - RESERVED if re.fullmatch(NAME, name) and not name.startswith("llmlz-")}
        assert free == set(), tier
