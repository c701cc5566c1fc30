"""Pools and reservations as people write them: every mistake has one message, and what is right passes."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from llmlz.checks.records import controls
from stacks.catalogue_file import load_accelerators, load_catalogue
from stacks.pool_problems import pool_problems
from stacks.pool_setting import PoolSetting, pool_limits
from stacks.problems import Problem, SettingsError
from stacks.reservation_problems import reservation_problems
from stacks.settings.base import Settings
from stacks.settings.pools import Pool, Reservation
from stacks.tier import TIERS, load_tier
from stacks.validate import parse
from tests.stacks.bad_pools import ALLOWED, BLOCK, CASES, SERVING, TODAY, Case, Values

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "gpu-pools.md"
NOWHERE = Path("/nonexistent")
ACCELERATORS = load_accelerators(NOWHERE)
CONTROLS = {control.id: control.record() for control in controls()}
MOST = {1: 4, 2: 16, 3: 64, 4: 512}


class Wishes(Settings):
    """The two tables as they stand in a runtime's settings."""

    pools: dict[str, Pool]
    """Name to pool."""
    reservations: dict[str, Reservation]
    """Name to reservation."""


def setting(region: str = "us-east-1", level: int = 4) -> PoolSetting:
    """Where the pools of these tests stand."""
    return PoolSetting(
        file="Pulumi.runtime-test.yaml",
        accelerators=ACCELERATORS,
        region=region,
        zones="abc",
        teams=["claims", "search"],
        limits=pool_limits(level, MOST[level], "the tier of the test"),
    )


def wishes(pools: Values, reservations: Values) -> Wishes:
    """Parsed as the stack's file is."""
    found, problems = parse(Wishes, {"pools": pools, "reservations": reservations}, file="f", at="")
    assert found is not None, problems
    return found


def problems(case: Case) -> list[Problem]:
    """What is said of a case."""
    wish, where = wishes(case.pools, case.reservations), setting(case.region, case.level)
    return [
        *pool_problems(wish.pools, wish.reservations, where),
        *reservation_problems(wish.pools, wish.reservations, where, TODAY),
    ]


@pytest.mark.parametrize("what", CASES)
def test_bad_pools_say_where_what_and_how_to_mend_it(what: str) -> None:
    """The problem names file and path, shows the value, says what was expected and what to do."""
    case = CASES[what]
    found = [p for p in problems(case) if p.path == case.path and case.expected in p.expected]
    assert len(found) == 1, problems(case)
    assert (found[0].file, found[0].value) == ("Pulumi.runtime-test.yaml", case.value)
    assert found[0].fix


@pytest.mark.parametrize("what", sorted(set(CASES) - {"a GPU type that nobody knows"}))
def test_one_mistake_has_one_message(what: str) -> None:
    """Nobody is sent after the consequences of what is told already, but for a second thing that is wrong too."""
    case = CASES[what]
    second = {
        "GPUs in a general pool": 1,
        "a way in which AWS does not sell": 1,
        "a reservation of another type": 1,
        "a reservation without reserved": 1,
        "a reservation of an unknown type": 2,
        "capacity that the tier does not have": 5,
        "a block at a tier without any": 1,
        "a reservation in a region without the type": 2,
        "a reservation in two pools": 1,
    }
    assert len(problems(case)) <= 1 + second.get(what, 0), problems(case)


@pytest.mark.parametrize("what", ALLOWED)
def test_what_is_right_has_no_problem(what: str) -> None:
    """The rules refuse no more than they say."""
    pools, reservations = ALLOWED[what]
    assert problems(Case(pools, reservations, "", "", "")) == []


@pytest.mark.parametrize("gone", ["max_gpus", "max_cpus", "max_memory_gib", "capacity", "instance_types", "purpose"])
def test_no_pool_is_without_a_limit(gone: str) -> None:
    """A pool without a limit cannot be written down."""
    pool = {key: value for key, value in SERVING.items() if key != gone}
    _, found = parse(Wishes, {"pools": {"inference": pool}, "reservations": {}}, file="f", at="")
    assert [(p.path, p.expected) for p in found] == [(f"pools.inference.{gone}", "a value: it is required")]


@pytest.mark.parametrize(("key", "value"), [("taints", []), ("labels", {}), ("limits", {}), ("max_gpus", "4")])
def test_nobody_takes_the_taint_off(key: str, value: Any) -> None:
    """Taints, labels and limits have no key of their own, and a number is no text."""
    _, found = parse(Wishes, {"pools": {"inference": {**SERVING, key: value}}, "reservations": {}}, file="f", at="")
    assert [p.path for p in found] == [f"pools.inference.{key}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("id", "lt-0123456789abcdef0"), ("count", 0), ("owner", "nobody"), ("start", "soon"), ("zone", "us-east-1a")],
)
def test_a_reservation_says_what_whose_and_until_when(key: str, value: Any) -> None:
    """Every part of it is read strictly."""
    wrong = {"pools": {}, "reservations": {"december": {**BLOCK, key: value}}}
    _, found = parse(Wishes, wrong, file="f", at="")
    assert [p.path for p in found] == [f"reservations.december.{key}"]


@given(
    st.dates(datetime.date(2026, 1, 1), datetime.date(2028, 1, 1)),
    st.integers(-30, 60),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_blocks_overlap_exactly_when_a_day_is_in_both(first: datetime.date, gap: int, one: int, other: int) -> None:
    """The rule against the definition: the days of each, counted one by one."""
    start = first + datetime.timedelta(days=gap)
    ends = first + datetime.timedelta(days=one + 1), start + datetime.timedelta(days=other + 1)
    days = [
        {begin.toordinal() + n for n in range((end - begin).days)}
        for begin, end in zip((first, start), ends, strict=True)
    ]
    blocks = {
        "one": {**BLOCK, "start": first.isoformat(), "end": ends[0].isoformat()},
        "two": {**BLOCK, "id": "cr-0123456789abcdef1", "start": start.isoformat(), "end": ends[1].isoformat()},
    }
    wish = wishes({}, blocks)
    found = reservation_problems({}, wish.reservations, setting(), datetime.date(2020, 1, 1))
    assert any("do not overlap" in p.expected for p in found) == bool(days[0] & days[1])


def test_what_the_guide_shows_is_right() -> None:
    """Its settings are read as they stand there, and have no problem on the day after the block was bought."""
    blocks = re.findall(r"```yaml\n#[^\n]*\n(config:.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for text in blocks:
        shown = YAML(typ="safe", pure=True).load(text)["config"]["llmlz:settings"]
        case = Case(shown["pools"], shown.get("reservations", {}), "", "", "")
        assert problems(case) == []


def test_levels_allow_what_the_controls_demand() -> None:
    """The message before a deployment and the control after it know the same numbers and lists."""
    for level, most in MOST.items():
        limits = pool_limits(level, most, "")
        caps = CONTROLS["GPU-01"].parameters(level)["caps"]
        lists = CONTROLS["GPU-03"].parameters(level)
        unit = {"Gi": 1, "Ti": 1024}[caps["memory"][-2:]]
        assert (limits.gpus, limits.cpus) == (int(caps["nvidia.com/gpu"]), int(caps["cpu"]))
        assert limits.memory_gib == int(caps["memory"][:-2]) * unit
        assert (sorted(limits.families), sorted(limits.sizes)) == (sorted(lists["families"]), sorted(lists["sizes"]))
        assert sorted(limits.capacity) == sorted(lists["capacity"])
        assert limits.blocks == ("CAPACITY_BLOCK" in lists["group_capacity"])


def test_tiers_allow_the_gpus_of_their_level() -> None:
    """What a tier's file says and what the control of its level demands are one number."""
    assert {tier.level: tier.runtime.most_gpus for tier in map(load_tier, TIERS)} == MOST


def test_the_catalogue_and_the_list_of_the_control_agree() -> None:
    """Whoever may buy a family finds it in the catalogue; what is there and not listed says why."""
    listed = set(CONTROLS["GPU-03"].parameters(4)["families"])
    rows = {name.partition(".")[0]: row for name, row in ACCELERATORS.items()}
    assert listed - set(rows) == {"p6-b300"}, "no price was found, which the head of the catalogue says"
    assert all(rows[family].unsuitable for family in set(rows) - listed)
    assert not any(rows[family].unsuitable for family in set(rows) & listed)


def test_every_price_stands_in_a_region_that_is_known() -> None:
    """A region that was misspelt would read as one that does not offer the type."""
    regions = load_catalogue(NOWHERE).regions
    assert {region for row in ACCELERATORS.values() for region in row.usd_per_hour} <= set(regions)
    assert all(row.usd_per_hour for row in ACCELERATORS.values())


def test_larger_machines_cost_more_and_have_more() -> None:
    """Figures that were swapped or misplaced would break this order within a kind of GPU."""
    for one in ACCELERATORS.values():
        for other in ACCELERATORS.values():
            if one.gpu == other.gpu and one.gpus * one.vcpus < other.gpus * other.vcpus:
                assert one.memory_gib < other.memory_gib
                assert one.network_gbps < other.network_gbps
                both = set(one.usd_per_hour) & set(other.usd_per_hour)
                prices = [(one.usd_per_hour[r], other.usd_per_hour[r]) for r in both]
                assert both
                assert all(low < high for low, high in prices if low is not None and high is not None)


def test_an_estate_adds_types_and_changes_prices(tmp_path: Path) -> None:
    """As for models: a file in the overlay, laid over ours key by key."""
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "accelerators.yaml").write_text(
        "g6.xlarge: {usd_per_hour: {us-east-1: 0.5}}\n"
        "g7e.2xlarge: {gpu: NVIDIA RTX PRO 6000, gpus: 1, gpu_memory_gib: 96, vcpus: 8, memory_gib: 64, network_gbps: 50,"
        " nvme_gb: 0, efa: false, purchase: [on-demand], usd_per_hour: {us-east-1: 3.5}, source: 'https://example.com/offer',"
        " source_date: 2026-11}\n"
    )
    found = load_accelerators(tmp_path)
    assert found["g6.xlarge"].usd_per_hour["us-east-1"] == 0.5
    assert found["g6.xlarge"].usd_per_hour["us-west-2"] == ACCELERATORS["g6.xlarge"].usd_per_hour["us-west-2"]
    assert found["g7e.2xlarge"].gpus == 1


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("g6.xlarge: {gpus: 0}\n", "accelerators.g6.xlarge.gpus", "greater than or equal to 1"),
        ("g6.xlarge: {usd_per_hour: {us-east-1: null}, no_price: null}\n", "accelerators.g6.xlarge", "no_price where"),
        ("g6.xlarge: {tpus: 1}\n", "accelerators.g6.xlarge.tpus", "no such key"),
    ],
)
def test_a_wrong_row_of_an_estate_is_told(tmp_path: Path, text: str, path: str, expected: str) -> None:
    """In the estate's file, with the place."""
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "accelerators.yaml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_accelerators(tmp_path)
    (problem,) = caught.value.problems
    assert problem.file.endswith("overlay/accelerators.yaml")
    assert problem.path == path
    assert expected in problem.expected
