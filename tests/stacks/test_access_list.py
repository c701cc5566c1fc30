"""The one list: catalogue, platform and team files in, approvals out; every layer is made from it."""

from dataclasses import replace

import pytest

from stacks.access_list import approvals, foundation_models, guarded, unguarded_models, unit_models
from stacks.kinds import PlatformStack, TeamStack
from tests import generated
from tests.estates import example


def team_stack(name: str) -> TeamStack:
    """A team of the generated estate."""
    stack = generated.generated(4).stack(name)
    assert isinstance(stack, TeamStack)
    return stack


def platform_stack(tier: str) -> PlatformStack:
    """The platform of the generated estate at a tier."""
    stack = generated.generated(4).stack(generated.platform_of(tier))
    assert isinstance(stack, PlatformStack)
    return stack


def test_a_team_is_approved_for_what_its_file_names_and_nothing_else() -> None:
    """One row per model of the team file, on the platform that the stack names."""
    listed = approvals(example().stacks.values())
    assert {(row.team, row.alias) for row in listed} == {
        (stack.team.team, alias)
        for stack in example().stacks.values()
        if isinstance(stack, TeamStack)
        for alias in stack.team.models
    }
    assert {row.platform for row in listed} == {"platform-sandbox"}


def test_a_row_says_where_a_call_may_be_answered() -> None:
    """The route is the first of the platform's order; its regions are those of the catalogue."""
    rows = {row.alias: row for row in approvals([team_stack("team-t001")])}
    nova = rows["nova-micro"]
    assert (nova.route.geography, nova.region, nova.level) == ("eu", "eu-central-1", 3)
    assert all(arn.endswith(nova.model_id) for arn in nova.route.foundation_models)
    assert all(arn.split(":")[3].startswith("eu-") for arn in nova.route.foundation_models)
    assert nova.profile == "nova-micro-eu"


def test_models_of_a_platform_cover_those_of_its_teams() -> None:
    """What a layer of the platform allows is never less than what a team on it may call."""
    for name, stack in generated.generated(4).stacks.items():
        if isinstance(stack, TeamStack):
            own = {arn for row in approvals([stack]) for arn in row.route.foundation_models}
            assert own <= set(foundation_models(stack.platform)), name


def test_embedding_models_are_told_apart() -> None:
    """No guardrail can look at them, so no layer may demand one of them, and of no other model."""
    platform = platform_stack("reliable")
    known = platform.catalogue.models
    assert not guarded(known["titan-embed-v2"])
    assert guarded(known["nova-lite"])
    assert {arn.partition("/")[2] for arn in unguarded_models(platform)} == {known["titan-embed-v2"].model_id}
    assert set(unguarded_models(platform)) < set(foundation_models(platform))


def test_a_unit_has_the_models_and_regions_of_its_platforms_together() -> None:
    """Home regions are never destinations: they are allowed more."""
    together = unit_models([platform_stack("reliable"), platform_stack("scaled")], "eu-north-1")
    assert together.regions == ("eu-central-1", "us-east-1")
    assert not set(together.regions) & set(together.destinations)
    assert {"us-west-2", "eu-west-1"} <= set(together.destinations)
    assert set(together.unguarded) < set(together.models)


def test_a_unit_without_platforms_has_no_models_and_one_region() -> None:
    """It is closed, and the organization's own region is all that is left to build in."""
    empty = unit_models([], "eu-north-1")
    assert (empty.regions, empty.destinations, empty.models, empty.unguarded) == (("eu-north-1",), (), (), ())


def test_a_model_that_cannot_be_called_is_refused_by_name() -> None:
    """A list with a gap would be an access that nobody sees missing."""
    stack = team_stack("team-t001")
    nowhere = replace(
        stack,
        platform=replace(stack.platform, settings=stack.platform.settings.model_copy(update={"routing": ["global"]})),
    )
    with pytest.raises(ValueError, match="cannot be called from eu-central-1"):
        approvals([nowhere])


def test_a_region_is_allowed_before_a_platform_stands_in_it() -> None:
    """Or policies of the organization would keep the first deployment there out."""
    together = unit_models([platform_stack("reliable")], "eu-north-1", ["eu-west-3"])
    assert "eu-west-3" in together.regions
    assert "eu-north-1" not in together.regions
