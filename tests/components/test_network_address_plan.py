"""What the address plan promises."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from components.network import KINDS, address_plan

ZONES = "abc"


def test_the_recommended_block_is_cut_as_documented() -> None:
    """These blocks are in live accounts: a change here replaces subnets and everything in them."""
    assert address_plan("10.20.0.0/16", ZONES) == {
        "public": {"a": "10.20.48.0/24", "b": "10.20.112.0/24", "c": "10.20.176.0/24"},
        "private": {"a": "10.20.0.0/19", "b": "10.20.64.0/19", "c": "10.20.128.0/19"},
        "data": {"a": "10.20.49.0/24", "b": "10.20.113.0/24", "c": "10.20.177.0/24"},
        "model": {"a": "10.20.32.0/20", "b": "10.20.96.0/20", "c": "10.20.160.0/20"},
    }


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "172.16.0.0/18", "192.168.16.0/20"])
def test_no_two_subnets_share_an_address(cidr: str) -> None:
    """Every subnet lies inside the network and apart from every other, for each size that is accepted."""
    blocks = [IPv4Network(block) for by_zone in address_plan(cidr, "abcd").values() for block in by_zone.values()]
    assert len(blocks) == 4 * len(KINDS)
    assert all(block.subnet_of(IPv4Network(cidr)) for block in blocks)
    assert not [pair for pair in combinations(blocks, 2) if pair[0].overlaps(pair[1])]


def test_a_further_zone_moves_no_subnet() -> None:
    """A zone's place hangs on its letter, not on the other zones."""
    three, four = address_plan("10.20.0.0/16", "abc"), address_plan("10.20.0.0/16", "dcba")
    assert {kind: {zone: four[kind][zone] for zone in "abc"} for kind in KINDS} == three


def test_room_stays_for_further_kinds() -> None:
    """Three sixteenths of a zone's place and more belong to nobody yet."""
    taken = [IPv4Network(by_zone["a"]) for by_zone in address_plan("10.20.0.0/16", ZONES).values()]
    for free in ("10.20.52.0/22", "10.20.56.0/21"):
        assert not [block for block in taken if block.overlaps(IPv4Network(free))]


def test_the_smallest_network_still_fits() -> None:
    """At /20 the small kinds are as small as AWS allows a subnet to be."""
    plan = address_plan("10.20.16.0/20", ZONES)
    assert (plan["public"]["a"], plan["private"]["a"]) == ("10.20.19.0/28", "10.20.16.0/23")


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("10.20.0.0/21", "holds 2048 addresses, the plan needs 4096"),
        ("10.0.0.0/15", "larger than /16"),
        ("10.20.0.1/16", "is not an IPv4 network"),
        ("fd00::/56", "is not an IPv4 network"),
        ("ten", "is not an IPv4 network"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_with_numbers(cidr: str, message: str) -> None:
    """The message says what was given and what is needed."""
    with pytest.raises(ValueError, match=message):
        address_plan(cidr, ZONES)


@pytest.mark.parametrize("zone", ["e", "ab", ""])
def test_a_zone_without_a_place_is_refused(zone: str) -> None:
    """There are four places, called by one letter each."""
    with pytest.raises(ValueError, match="has no place in the plan"):
        address_plan("10.20.0.0/16", ["a", "b", zone])
