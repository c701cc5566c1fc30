"""Tiers are data, and the data keeps its promises."""

import itertools
from collections.abc import Mapping

import pytest

from llmlz.cost.fixed import fixed_cost
from llmlz.cost.prices import load
from llmlz.graph.model import Graph
from stacks.settings.platform import PlatformSettings
from stacks.settings.runtime import RuntimeSettings
from stacks.tier import TIERS, Lock, built_tiers, load_tier
from stacks.validate import is_setting, parse
from tests import estates, generated, goldens

MINIMUM = {"account": "111122223333", "region": "eu-central-1", "owner": "a@example.com", "budget_usd": 1}


@pytest.mark.parametrize("name", built_tiers())
def test_four_values_are_enough_for_a_first_environment(name: str) -> None:
    """Everything else has a default."""
    settings, problems = parse(PlatformSettings, {**load_tier(name).defaults, **MINIMUM}, file="", at="")
    assert problems == []
    assert settings is not None


@pytest.mark.parametrize("name", built_tiers())
def test_a_tiers_own_defaults_break_none_of_its_locks(name: str) -> None:
    """Or the first environment could never be deployed."""
    tier = load_tier(name)
    for path, lock in tier.locks.items():
        value: object = tier.defaults
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        assert value is None or lock.permits(value), path


@pytest.mark.parametrize("name", built_tiers())
def test_a_lock_names_a_setting_or_something_that_is_not_built(name: str) -> None:
    """A lock on a misspelt path would lock nothing."""
    for path, lock in load_tier(name).locks.items():
        known = path.split(".")[0] in PlatformSettings.model_fields
        assert known != bool(lock.absent), path


@pytest.mark.parametrize("name", built_tiers())
def test_locks_of_runtimes_name_settings_and_the_defaults_keep_them(name: str) -> None:
    """A lock on a misspelt path would lock nothing; a default that breaks one could never be deployed."""
    runtimes = load_tier(name).runtime
    for path, lock in runtimes.locks.items():
        assert is_setting(RuntimeSettings, path), path
        value: object = runtimes.defaults
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        assert value is None or lock.permits(value), path


def test_idle_platforms_stay_under_the_ceiling(graphs: Mapping[str, Graph]) -> None:
    """150 US dollars a month at the first tier, with either vector store, every resource priced."""
    stack = estates.example().platforms()[0]
    for graph in (graphs[stack.name], goldens.graph_of("foundation/platform-pgvector")):
        cost = fixed_cost(graph, load())
        assert cost.unpriced == ()
        assert 0 < cost.total <= stack.tier_data.fixed_cost_ceiling_usd == 150


CEILINGS: Mapping[str, int] = {"repeatable": 250, "reliable": 500, "scaled": 500}
"""US dollars a month."""


@pytest.mark.parametrize("name", TIERS[1:])
def test_idle_platforms_of_higher_tiers_stay_under_theirs(name: str) -> None:
    """Full set of endpoints, keys and watches included, every resource priced."""
    stack = generated.generated(4).stack(generated.platform_of(name))
    cost = fixed_cost(generated.recorded(4)[stack.name], load())
    assert cost.unpriced == ()
    assert 0 < cost.total <= load_tier(name).fixed_cost_ceiling_usd == CEILINGS[name]


def test_a_higher_tier_takes_over_what_it_does_not_change() -> None:
    """A file holds only what it adds; a lock that is null there is lifted."""
    low, high = load_tier("foundation"), load_tier("repeatable")
    assert high.locks["guardrail.applies_to"] == low.locks["guardrail.applies_to"]
    assert high.locks["logs.retention_days"].tightens(low.locks["logs.retention_days"])
    assert "organization" in low.locks
    assert "organization" not in high.locks
    assert high.defaults["guardrail"] == low.defaults["guardrail"]
    assert {**high.defaults["logs"], "retention_days": 90} == low.defaults["logs"]
    assert high.locks["network.new.interface_endpoints"].with_items


def test_every_tier_adds_policies_of_the_organization_and_takes_none_away() -> None:
    """The climb is one way: nothing that a tier promised is missing at the next."""
    policies = [set(load_tier(name).unit_policies) for name in TIERS]
    assert policies[0] == set()
    assert all(below < above for below, above in itertools.pairwise(policies))
    assert [load_tier(name).level for name in TIERS] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("tight", "loose", "holds"),
    [
        ({"at_least": 2}, {"at_least": 1}, True),
        ({"at_least": 1}, {"at_least": 2}, False),
        ({"at_most": 1}, {"at_most": 2}, True),
        ({"one_of": ["a"]}, {"one_of": ["a", "b"]}, True),
        ({"one_of": ["a", "c"]}, {"one_of": ["a", "b"]}, False),
        ({"not_one_of": ["a", "b"]}, {"not_one_of": ["a"]}, True),
        ({"not_one_of": ["b"]}, {"not_one_of": ["a"]}, False),
        ({"at_least": 1}, {"one_of": [1, 2]}, False),
        ({"one_of": [3]}, {"at_least": 2}, True),
        ({"absent": True}, {"absent": True}, True),
        ({"only_items": ["a"]}, {"only_items": ["a", "b"]}, True),
        ({"only_items": ["a", "c"]}, {"only_items": ["a", "b"]}, False),
        ({"with_items": ["a", "b"]}, {"with_items": ["a"]}, True),
        ({"with_items": ["a"]}, {"with_items": ["a", "b"]}, False),
    ],
)
def test_tightening_is_decided_for_every_pair_of_rules(
    tight: dict[str, object], loose: dict[str, object], holds: bool
) -> None:
    """Rules of different kinds tighten only where every value can be tried."""
    first, second = (Lock.model_validate({"reason": "r", **rule}) for rule in (tight, loose))
    assert first.tightens(second) is holds
