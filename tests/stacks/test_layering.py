"""The layers: what wins, that an overlay never loosens, and that every lock holds over what comes out."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.estate import Estate, load_estate
from stacks.layering import Layer, layered
from stacks.problems import SettingsError
from stacks.settings.platform import PlatformSettings
from stacks.tier import Layered, Lock, Overlay, merge
from tests.estates import EXAMPLE
from tests.stacks.bad_input import PLATFORM, setting, text

numbers = st.integers(-3, 12)
words = st.sampled_from(["a", "b", "c", "d"])
some = st.lists(words, min_size=1, max_size=4, unique=True)
scalars = numbers | words | st.lists(words, max_size=3) | st.booleans() | st.none()


def _lock(rule: str, limit: Any) -> Lock:
    return Lock.model_validate({rule: limit, "reason": "a test"})


locks = st.one_of(
    st.builds(_lock, st.sampled_from(["at_least", "at_most"]), numbers.map(float)),
    st.builds(_lock, st.just("at_most_items"), st.integers(0, 3)),
    st.builds(_lock, st.sampled_from(["one_of", "not_one_of"]), some | st.lists(numbers, min_size=1, max_size=4)),
    st.builds(_lock, st.sampled_from(["only_items", "with_items"]), st.lists(numbers, min_size=1, max_size=4)),
    st.builds(_lock, st.just("absent"), st.just(True)),
)
keys = st.sampled_from(["k", "l", "m"])
trees = st.recursive(scalars, lambda inner: st.dictionaries(keys, inner, max_size=3), max_leaves=6)
layers = st.dictionaries(keys, trees, max_size=3)


def _tier(defaults: Mapping[str, Any], rules: Mapping[str, Lock]) -> Layered:
    return Layered(defaults=dict(defaults), locks=dict(rules))


def _layer(name: str, values: Mapping[str, Any]) -> Layer:
    return Layer(file=name, at="", values=values)


@given(locks, locks, scalars)
def test_a_lock_that_tightens_permits_nothing_more(ours: Lock, theirs: Lock, value: Any) -> None:
    """What an overlay may replace a lock by never lets a value through that the tier refuses."""
    if theirs.tightens(ours) and theirs.permits(value):
        assert ours.permits(value)


@given(locks)
def test_a_lock_tightens_itself(lock: Lock) -> None:
    """Repeating a lock of the tier in an overlay is no offence."""
    assert lock.tightens(lock)


@given(locks, scalars)
def test_a_locked_value_is_a_problem_exactly_when_it_is_not_permitted(lock: Lock, value: Any) -> None:
    """The problem names the file, the path and the rule; a permitted value is no problem."""
    _, problems = layered("low", _tier({}, {"k.l": lock}), None, _layer("stack", {"k": {"l": value}}))
    assert [(p.file, p.path) for p in problems] == ([] if lock.permits(value) else [("stack", "k.l")])
    assert all(lock.says() in p.expected and "because a test" in p.expected for p in problems)


@given(numbers, numbers, st.none() | numbers, st.none() | numbers, st.none() | numbers)
def test_every_lock_holds_over_the_result(
    default: int, limit: int, overlay_limit: int | None, overlay_default: int | None, own: int | None
) -> None:
    """Whoever set the value, the tier, the overlay or the stack: without a problem it is one that all locks permit."""
    ours = _lock("at_least", float(min(default, limit)))
    theirs = {} if overlay_limit is None else {"k": _lock("at_least", float(overlay_limit))}
    over = {} if overlay_default is None else {"k": overlay_default}
    overlay = Overlay(defaults=over, locks=theirs)
    values, problems = layered(
        "low",
        _tier({"k": default}, {"k": ours}),
        (overlay, _layer("overlay", over)),
        _layer("stack", {} if own is None else {"k": own}),
    )
    if not problems:
        assert all(lock.permits(values["k"]) for lock in [ours, *theirs.values()])


@given(st.dictionaries(keys, locks, min_size=1, max_size=3), st.dictionaries(keys, scalars, max_size=3), st.randoms())
def test_the_order_of_locks_changes_nothing(rules: dict[str, Lock], own: dict[str, Any], random: Any) -> None:
    """Locks hold in whatever order a file lists them."""
    shuffled = list(rules.items())
    random.shuffle(shuffled)
    one = layered("low", _tier({}, rules), None, _layer("stack", own))
    other = layered("low", _tier({}, dict(shuffled)), None, _layer("stack", own))
    assert one == other


@given(layers, layers, layers)
def test_merging_disjoint_layers_is_associative_and_takes_no_side(a: Any, b: Any, c: Any) -> None:
    """Layers that speak of different things can be laid in any order."""
    a, b, c = (
        {f"{name}{key}": value for key, value in tree.items()} for name, tree in zip("abc", (a, b, c), strict=True)
    )
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(merge(c, a), b)


@given(layers, layers)
def test_the_upper_layer_wins_and_the_lower_is_not_changed(below: Any, above: Any) -> None:
    """Every leaf of the upper layer is in the result, and merging twice changes nothing more."""
    copy = dict(below)
    merged = merge(below, above)
    assert merge(merged, above) == merged
    assert below == copy
    assert merge(below, {}) == below
    assert merge({}, above) == above
    assert set(merged) == set(below) | set(above)


KINDS = ("public", "private", "data", "model")


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example estate, as the current folder."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "estate"))
    monkeypatch.chdir(folder)
    return folder


def settings_of(estate: Estate) -> PlatformSettings:
    """The settings of the example platform."""
    (platform,) = estate.platforms()
    return platform.settings


def test_stack_over_overlay_over_tier(estate: Path) -> None:
    """Each layer sets what the ones above it leave open."""
    overlay = (
        "foundation:\n  defaults:\n    cost_centre: overlay\n    environment: overlay\n    logs: {archive_days: 400}\n"
    )
    text("overlay/tiers.yaml", overlay)(estate)
    for team in ("claims", "search"):
        setting(f"teams/{team}.yaml", environments=["own"])(estate)
    setting(PLATFORM, environment="own", logs={"retention_days": 180})(estate)
    found = settings_of(load_estate(estate))
    assert (found.environment, found.cost_centre, found.data_class) == ("own", "overlay", "internal")
    assert (found.logs.retention_days, found.logs.archive_days) == (180, 400)


def test_an_own_network_drops_the_tiers(estate: Path) -> None:
    """Choosing one shape of a setting leaves nothing of the other behind."""
    ids = {kind: {zone: f"subnet-{n}{z}bcdef01" for z, zone in enumerate("abc")} for n, kind in enumerate(KINDS)}
    cidrs = {kind: {zone: f"10.9.{10 * n + z}.0/24" for z, zone in enumerate("abc")} for n, kind in enumerate(KINDS)}
    own = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ids, "subnet_cidrs": cidrs}
    setting(PLATFORM, network={"existing": own})(estate)
    network = settings_of(load_estate(estate)).network
    assert network.new is None
    assert network.existing is not None
    assert network.existing.vpc_id == "vpc-0123456789abcdef0"


def test_another_engine_drops_the_values_of_the_first(estate: Path) -> None:
    """Values of one engine mean nothing to another; no engine at all is a choice too."""
    setting(PLATFORM, vector_store={"engine": "pgvector", "min_acu": 0, "max_acu": 2})(estate)
    store = settings_of(load_estate(estate)).vector_store
    assert store is not None
    assert store.model_dump() == {"engine": "pgvector", "min_acu": 0.0, "max_acu": 2.0}


def test_a_lock_of_the_overlay_binds_the_tiers_default_too(estate: Path) -> None:
    """A company that demands a year of logs does not get the tier's 90 days because a stack says nothing."""
    text("overlay/tiers.yaml", "foundation:\n  locks:\n    logs.retention_days: {at_least: 365, reason: audit}\n")(
        estate
    )
    try:
        found = settings_of(load_estate(estate)).logs.retention_days
    except SettingsError as error:
        assert "logs.retention_days" in str(error)  # noqa: PT017  # a refusal is as good as a longer time
    else:
        assert found >= 365


@pytest.mark.parametrize(
    ("overlay", "path"),
    [
        ("foundation:\n  locks:\n    logs.retention_dayz: {at_least: 365, reason: audit}\n", "logs.retention_dayz"),
        ("foundatoin:\n  locks:\n    logs.retention_days: {at_least: 365, reason: audit}\n", "foundatoin"),
        ("foundation:\n  locks:\n    data_class: {one_of: [{a: 1}], reason: audit}\n", "data_class"),
    ],
    ids=["a path that does not exist", "a tier that does not exist", "a value that cannot be"],
)
def test_a_lock_that_would_lock_nothing_is_refused(overlay: str, path: str, estate: Path) -> None:
    """A slip in an overlay must not leave a company without the lock that it wrote."""
    text("overlay/tiers.yaml", overlay)(estate)
    with pytest.raises(SettingsError) as caught:
        load_estate(estate)
    assert any(path in problem.path and problem.file == "overlay/tiers.yaml" for problem in caught.value.problems)


@pytest.mark.parametrize(("limit", "words"), [(90, "at most 90"), (2_000_000, "at most 2000000"), (0.5, "at most 0.5")])
def test_a_lock_says_numbers_as_people_write_them(limit: float, words: str) -> None:
    """The message and the fix show the number that may be typed."""
    assert _lock("at_most", float(limit)).says() == words
