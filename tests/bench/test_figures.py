"""The arithmetic of the benchmarks: ratios, growth, verdicts and differences."""

import pytest

from bench.figures import compare, differences, growth_exponent, judged, marginal


def test_rounds_are_compared_with_their_own_peer() -> None:
    """The ratio is the median of the rounds' ratios, not the ratio of the medians, and the worst round is kept."""
    compared = compare([1.0, 4.0, 9.0], [2.0, 4.0, 3.0])
    assert (compared.ratio, compared.worst, compared.rounds) == (1.0, 3.0, 3)
    assert (compared.ours, compared.peer) == (4.0, 3.0)


def test_rounds_that_one_side_did_not_run_do_not_count() -> None:
    """A peer with fewer rounds is compared over those."""
    compared = compare([1.0, 100.0], [2.0])
    assert (compared.ratio, compared.rounds, compared.ours) == (0.5, 1, 1.0)


def test_nothing_cannot_be_compared() -> None:
    """A side without rounds is an error, not a ratio."""
    with pytest.raises(ValueError, match="no rounds"):
        compare([1.0], [])


@pytest.mark.parametrize(("power", "start"), [(1.0, 0.0), (1.0, 5.0), (2.0, 5.0), (1.14, 1.2)])
def test_the_exponent_is_that_of_what_the_teams_add(power: float, start: float) -> None:
    """A start-up cost, however large, does not flatter the growth."""
    costs = {size: start + 0.01 * (size - 1) ** power for size in (1, 100, 300, 1000)}
    assert growth_exponent(costs) == pytest.approx(power)


def test_noise_that_hides_growth_is_an_error() -> None:
    """Where more teams cost no more, there is nothing to fit."""
    with pytest.raises(ValueError, match="too noisy"):
        growth_exponent({1: 1.0, 10: 0.9, 100: 2.0})


def test_two_sizes_are_too_few() -> None:
    """One point beside the smallest makes no line."""
    with pytest.raises(ValueError, match="three sizes"):
        growth_exponent({1: 1.0, 10: 2.0})


def test_a_shut_gate_voids_a_reached_goal() -> None:
    """The same figure is reached, missed, without a goal, or void."""
    assert judged(0.5, 0.5) == "reached"
    assert judged(0.51, 0.5) == "not reached"
    assert judged(0.51, None) == "no goal"
    assert judged(0.1, 0.5, valid=False) == "void"


def test_differences_count_copies() -> None:
    """Two of a kind are not one of it, and order does not matter."""
    assert differences(["b", "a"], ["a", "b"]) == []
    assert differences(["a", "a"], ["a", "c"]) == ["only ours: a", "only the peer's: c"]


def test_marginal_costs_are_those_between_a_size_and_the_next() -> None:
    """In any order of sizes; where a larger size was the cheaper one, there is none."""
    assert marginal({1000: 9.0, 20: 1.0, 200: 1.0 + 180 * 0.01}) == {
        (20, 200): pytest.approx(0.01),
        (200, 1000): pytest.approx((9.0 - 2.8) / 800),
    }
    assert marginal({1: 2.0, 2: 2.0, 3: 1.0}) == {(1, 2): None, (2, 3): None}
    assert marginal({1: 2.0}) == {}
