"""The table of tiers, cell by cell, in the graphs of one estate at each tier."""

from collections.abc import Mapping
from typing import Any

import pytest

from llmlz.graph.model import Graph
from stacks.capabilities import Capability, Promise, capabilities
from stacks.kinds import PlatformStack
from stacks.tier import TIERS, load_tier
from tests import ladder

CELLS = [(name, tier) for name in capabilities() for tier in TIERS]
DESIGNED = 20
"""Rows that a landing zone is to have one day; those that are not built say so."""

RUNTIME, MOST_GPUS = "runtime.", "runtime.most_gpus"
"""Start of the paths that are about the runtime, and what its tier says of it."""

BY_NATURE: Mapping[str, object] = {"organization": "bootstrap", "gateway": "none"}
"""Rows about what is not a setting: shown by the absence of the setting, whatever the tier."""


def names(graph: Graph) -> set[str]:
    """Logical names of what a provider makes."""
    return {resource.name for resource in graph.custom()}


def setting(tier: str, path: str) -> Any:
    """A setting of the platform at a tier; the word that the row has for what is no setting."""
    platform = ladder.estate(tier).stack(ladder.PLATFORM)
    assert isinstance(platform, PlatformStack)
    if path in BY_NATURE:
        assert path not in type(platform.settings).model_fields
        return BY_NATURE[path]
    if path == MOST_GPUS:
        return platform.tier_data.runtime.most_gpus
    here: Any = platform.settings
    if path.startswith(RUNTIME):
        runtime, path = ladder.estate(tier).runtime_on(ladder.PLATFORM), path.removeprefix(RUNTIME)
        assert runtime is not None
        here = runtime.settings
    for step in path.split("."):
        here = "nothing" if here is None else getattr(here, step, "nothing")
    return here


def unmet(promise: Promise, tier: str) -> list[str]:
    """What a promise names and the estate at a tier does not show."""
    graphs = ladder.recorded(tier)
    places = {
        "platform": ladder.PLATFORM,
        "runtime": ladder.RUNTIME,
        "team": ladder.TEAM,
        "organization": ladder.ORGANIZATION,
    }
    missing = [
        f"{kind}: {name}"
        for kind, stack in places.items()
        for name in getattr(promise, kind)
        if name not in names(graphs[stack])
    ]
    missing += [f"still there: {name}" for name in promise.gone if name in names(graphs[ladder.PLATFORM])]
    return missing + [
        f"{path} is not {value}" for path, value in promise.settings.items() if setting(tier, path) != value
    ]


@pytest.mark.parametrize(("name", "tier"), CELLS)
def test_a_cell_holds_what_it_promises(name: str, tier: str) -> None:
    """Everything that the tier adds, and everything that lower tiers added and none took away."""
    row = capabilities()[name]
    assert {promise.says: gaps for promise in row.held(tier) if (gaps := unmet(promise, tier))} == {}


@pytest.mark.parametrize(("name", "tier"), [cell for cell in CELLS if cell[1] != TIERS[0]])
def test_a_cell_adds_something_that_the_tier_below_has_not(name: str, tier: str) -> None:
    """Or nothing is built in it, and it says so; a choice that the tier merely allows is shown by its lock."""
    below = TIERS[TIERS.index(tier) - 1]
    added = [promise for promise in capabilities()[name].added(tier) if promise.says]
    old = [p.says for p in added if not unmet(p, below) and not _allowed_here(p, tier, below) and not _elsewhere(p)]
    assert old == []


def _allowed_here(promise: Promise, tier: str, below: str) -> bool:
    """Whether what shows it is a setting that the tier below locks and this one lets a stack choose."""
    return bool(promise.settings) and all(
        path in _locks(below) and path not in _locks(tier) for path in promise.settings
    )


def _locks(tier: str) -> set[str]:
    found = load_tier(tier)
    return {*found.locks, *(f"{RUNTIME}{path}" for path in found.runtime.locks)}


def _elsewhere(promise: Promise) -> bool:
    """Shown by a resource that is there before, with a policy that other tests read."""
    return promise.says == "the approved calls alone pass the endpoint"


def test_every_row_of_the_design_is_there() -> None:
    """A row that is not built yet is in the table, and says what it comes with."""
    rows: Mapping[str, Capability] = capabilities()
    assert len(rows) == DESIGNED
    for row in rows.values():
        assert all(row.added(tier) for tier in TIERS)


def test_a_promise_says_what_shows_it_or_that_it_is_absent() -> None:
    """Never both, and never neither."""
    for wrong in (
        {},
        {"says": "a"},
        {"absent": "a", "platform": ["b"]},
        {"says": "a", "absent": "b", "platform": ["c"]},
    ):
        with pytest.raises(ValueError, match="a promise with what shows it"):
            Promise.model_validate(wrong)
