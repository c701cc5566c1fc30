"""One word is changed, and the unit's with it; files stay as they are."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.consistency import RESERVED
from stacks.estate import load_estate
from stacks.kinds import OrganizationStack, PlatformStack
from stacks.problems import SettingsError
from stacks.settings.base import NAME
from stacks.tier import TIERS, load_tier
from tests import estates, generated, goldens, ladder


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
    yaml = YAML(typ="safe", pure=True)
    above, other = tmp_path / "Pulumi.organization.yaml", tmp_path / "Pulumi.platform-repeatable.yaml"
    content = yaml.load(above)
    units = content["config"]["llmlz:settings"]["units"]
    units["unit-reliable"]["new"]["accounts"] |= units.pop("unit-repeatable")["new"]["accounts"]
    yaml.dump(content, above)
    other.write_text(other.read_text().replace("llmlz:tier: repeatable", "llmlz:tier: reliable"))
    load_estate(tmp_path)
    with pytest.raises(SettingsError) as raised:
        load_estate(tmp_path, {generated.platform_of("reliable"): "scaled"})
    (problem,) = raised.value.problems
    assert (problem.file, problem.path, problem.value) == (str(other), "llmlz:tier", "reliable")


def test_every_role_beside_those_of_teams_has_a_name_that_no_team_may_take() -> None:
    """At any tier: the move that brings such a role would fail half-way."""
    graphs = {tier: ladder.recorded(tier)[ladder.PLATFORM] for tier in TIERS}
    graphs["with pgvector"] = goldens.graph_of("foundation/platform-pgvector")
    assert any("vectors-data-plane" in role for role in _roles(graphs["with pgvector"]))
    for tier, graph in graphs.items():
        ends = {re.sub(r"^llmlz-(pilots|sandbox)-", "", role) for role in _roles(graph)}
        free = {name for name in ends - RESERVED if re.fullmatch(NAME, name) and not name.startswith("llmlz-")}
        assert free == set(), tier


def _roles(graph: Graph) -> set[str]:
    return {str(role.inputs["name"]) for role in graph.of_type("aws:iam/role:Role")}
