"""Counting: nothing is lost, nothing is counted twice, nothing is below zero without a word."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.inventory.count import Paid, holdings
from llmlz.inventory.facts import ClusterFacts, Namespace, Node, PlaceFacts, Pod
from llmlz.inventory.judge import judge_place
from llmlz.inventory.model import Cost, Holding, Share
from llmlz.inventory.plain import plain
from llmlz.inventory.pods import claims, parts, whole
from llmlz.inventory.prices import ListPrice, Prices, cost
from llmlz.inventory.totals import NO_TEAM, NOBODY, NOT_KNOWN, by_team, totals
from tests.inventory.estate import BOUNDS, PRICES, REGION, Planted

OLD = datetime(2026, 1, 1, tzinfo=UTC)
PAID = Paid(PRICES, {})

costs = st.one_of(
    st.just(Cost(usd_per_hour=None, note="none")),
    st.decimals("0.01", "100", places=2).map(lambda usd: Cost(usd_per_hour=usd, note="a list")),
)
shares = st.lists(
    st.builds(Share, team=st.sampled_from(("", "claims", "search")), gpus=st.integers(1, 8)), max_size=4
).map(tuple)
rows = st.lists(
    st.builds(
        Holding,
        account=st.just("111122223333"),
        region=st.just(REGION),
        cluster=st.just("c"),
        pool=st.just("p"),
        node=st.text(max_size=3),
        instance=st.just(""),
        instance_type=st.just("g6.xlarge"),
        accelerator=st.just("L4"),
        gpus=st.integers(0, 16),
        shares=shares,
        known=st.booleans(),
        capacity=st.just("on-demand"),
        reservation=st.just(""),
        cost=costs,
        expires=st.none(),
    ),
    max_size=12,
)


@given(rows)
def test_sums_add_up(found: list[Holding]) -> None:
    """What there is, is held, free or unknown; what is held beyond it is told by itself."""
    sums = totals(found)
    assert sums.gpus == sums.allocated - sums.over + sums.free + sums.unknown
    assert min(sums.gpus, sums.allocated, sums.free, sums.over, sums.unknown) >= 0


@given(rows)
def test_teams_together_hold_and_pay_what_there_is(found: list[Holding]) -> None:
    """Nobody's part and the unknown part included, to the hundredth of a cent."""
    teams, sums = by_team(found), totals(found)
    assert sum(row.gpus for row in teams) == sums.gpus + sums.over
    assert abs(sum((row.usd_per_hour for row in teams), Decimal(0)) - sums.usd_per_hour) < Decimal("0.0001")
    held = {row.team: row.gpus for row in teams}
    assert held.get(NOBODY, 0) == sums.free
    assert held.get(NOT_KNOWN, 0) == sums.unknown
    untagged = sum(share.gpus for one in found if one.known for share in one.shares if not share.team)
    assert held.get(NO_TEAM, 0) == untagged


nodes = st.lists(st.integers(0, 8), min_size=1, max_size=4)
pods = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans(), st.sampled_from(("a", "b"))), max_size=8)


@given(nodes, pods)
def test_free_is_what_is_offered_less_what_is_asked_for(
    offered: list[int], asked: list[tuple[int, int, bool, str]]
) -> None:
    """Of each node; where more is held than there is, that is a finding, and only there."""
    cluster = ClusterFacts(
        name="c",
        nodes=tuple(
            Node(
                name=f"n{index}", instance="", region=REGION, type="g6.xlarge", pool="p", accelerator="L4",
                capacity="on-demand", gpus=gpus, divided=False, created=OLD, quiet_since=OLD, state="ready",
            )
            for index, gpus in enumerate(offered)
        ),
        pods=tuple(
            Pod(name=str(index), namespace=space, node=f"n{on}", gpus=gpus, parts=False, ended=OLD if over else None)
            for index, (on, gpus, over, space) in enumerate(asked)
        ),
        namespaces=(Namespace(name="a", team="a", pools=frozenset(), quota=None),),
        pools=(),
    )  # fmt: skip
    place = PlaceFacts(account="", region="", clusters=(cluster,))
    found = holdings(place, PAID)
    assert [one.node for one in found] == [f"n{index}" for index in range(len(offered))]
    findings = list(judge_place(place, found, BOUNDS))
    for index, (one, gpus) in enumerate(zip(found, offered, strict=True)):
        held = sum(wanted for on, wanted, over, _ in asked if on == index and not over)
        assert (one.allocated, one.free, one.over) == (held, max(gpus - held, 0), max(held - gpus, 0))
        over = [
            finding for finding in findings if finding.kind == "over-committed" and finding.where.endswith(one.node)
        ]
        assert len(over) == (held > gpus)


def container(gpus: int, **more: Any) -> dict[str, Any]:
    """A container that asks for accelerators."""
    return {"resources": {"limits": {"nvidia.com/gpu": str(gpus)}}, **more}


@pytest.mark.parametrize(
    ("init", "main", "held"),
    [
        ([], [1, 2], 3),
        ([(4, False)], [1, 2], 4),
        ([(1, True)], [1, 2], 4),
        ([(1, True), (5, False)], [2], 6),
        ([(5, False), (1, True)], [2], 5),
        ([(2, True), (2, True)], [], 4),
    ],
)
def test_a_pod_holds_what_the_scheduler_reserves(init: list[tuple[int, bool]], main: list[int], held: int) -> None:
    """Containers together, or what one moment of the start needs; sidecars go on beside both."""
    spec = {
        "initContainers": [container(gpus, **({"restartPolicy": "Always"} if side else {})) for gpus, side in init],
        "containers": [container(gpus) for gpus in main],
    }
    assert claims({"spec": spec}) == held


@pytest.mark.parametrize(
    ("pod", "told"),
    [
        ({"containers": [container(1)]}, False),
        ({"containers": [{"resources": {"requests": {"nvidia.com/mig-1g.5gb": "1"}}}]}, True),
        ({"containers": [], "initContainers": [{"resources": {"limits": {"aws.amazon.com/neuroncore": 2}}}]}, True),
        ({"containers": [], "resourceClaims": [{"name": "gpu"}]}, True),
    ],
)
def test_parts_are_told_apart(pod: dict[str, Any], told: bool) -> None:
    """MIG, time slices, cores and claims cannot be counted as accelerators."""
    assert parts({"spec": pod}) is told


@pytest.mark.parametrize(("text", "number"), [("0", 0), (8, 8), ("1k", 1000), ("2Ki", 2048), ("16", 16)])
def test_quantities_are_read_as_kubernetes_writes_them(text: Any, number: int) -> None:
    """Whole numbers, with or without a suffix."""
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "many", "-1", "0.5", "500m", "1e400", "1Xi", "NaN", "Infinity"])
def test_what_is_no_quantity_of_accelerators_is_an_error(text: str) -> None:
    """None is guessed."""
    with pytest.raises(ValueError, match="is no quantity of accelerators"):
        whole(text)


@pytest.mark.parametrize(
    ("type_", "capacity", "region", "usd", "note"),
    [
        ("g6.xlarge", "on-demand", REGION, "3.00", "a price list (2026-11)"),
        ("g6.xlarge", "reserved", REGION, "3.00", "a price list (2026-11)"),
        ("g6.xlarge", "reserved", "us-east-1", None, "no list price of it in us-east-1"),
        ("g6.xlarge", "on-demand", "", None, "no list price of it in a region that is not known"),
        ("g6.xlarge", "spot", REGION, None, "the spot price changes all the time"),
        ("g6.xlarge", "block", REGION, None, "a capacity block is paid in advance, as a whole"),
        ("g6.xlarge", "unknown", REGION, None, "how it was bought is not known"),
        ("p4d.24xlarge", "on-demand", REGION, None, "no list price of this type is known"),
        ("", "on-demand", REGION, None, "its instance type is not known"),
    ],
)
def test_a_cost_has_a_source_or_a_reason(type_: str, capacity: Any, region: str, usd: str | None, note: str) -> None:
    """No row without a price passes for one that costs nothing."""
    assert cost(PRICES, type_, capacity, region, 3) == Cost(usd_per_hour=Decimal(usd) if usd else None, note=note)


def test_without_prices_every_row_says_why() -> None:
    """The reason is the catalogue's."""
    assert cost(Prices(by_type={}, missing="none yet"), "g6.xlarge", "on-demand", REGION).note == "none yet"
    price = ListPrice(usd_per_hour={REGION: None}, source="x", missing="not sold on demand")
    assert cost(Prices(by_type={"a": price}), "a", "on-demand", REGION).note == "not sold on demand"


def test_json_rounds_nothing_and_counts_what_the_table_counts() -> None:
    """Money is text, times are ISO 8601, and sums are those of the rows."""
    told = plain(Planted().take())
    assert told["totals"] == {
        "allocated": 5, "free": 1, "gpus": 6, "over": 0, "unknown": 0, "unpriced": 0, "usd_per_hour": "14.20",
    }  # fmt: skip
    assert sum(one["allocated"] for one in told["holdings"]) == 5
    assert told["reservations"][0]["end"] == "2027-01-01T12:00:00+00:00"
    assert told["holdings"][2]["shares"][0] == {"gpus": 2, "namespace": "team-claims", "team": "claims"}
