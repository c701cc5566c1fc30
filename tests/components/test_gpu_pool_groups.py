"""A pool as managed node groups: one for each thing that is bought, and no more machines than the limit allows."""

import pytest

from components.gpu_pool import NodeGroup, Pool, Reservation
from components.gpu_pool.groups import group, image, shares, template
from tests.components.pools import BLOCK, GROUPS, KEY, general, pool, program, trained
from tests.graph.recording import recorded


def test_a_block_is_bought_from_by_its_template() -> None:
    """As EKS wants it: market and type in the launch template, no type in the group, in the zone of the block alone."""
    (share,) = shares(trained(), GROUPS)
    machine, nodes = template(trained(), GROUPS, share, KEY, {}), group(trained(), GROUPS, share)
    assert machine["instance_market_options"] == {"market_type": "capacity-block"}
    assert machine["instance_type"] == "p5.48xlarge"
    target = {"capacity_reservation_target": {"capacity_reservation_id": BLOCK.id}}
    assert machine["capacity_reservation_specification"] == target
    assert (nodes["capacity_type"], nodes["subnet_ids"]) == ("CAPACITY_BLOCK", ["subnet-b"])
    assert "instance_types" not in nodes


def test_a_reservation_on_demand_is_bought_from_by_its_id() -> None:
    """It is on-demand that is paid for; who has none keeps off those of others."""
    held = Reservation(id="cr-1", instance_type="g6.xlarge", count=1, name="own", zone="eu-central-1a")
    one = pool(capacity=["reserved", "on-demand"], reservations=[held])
    first, second = shares(one, GROUPS)
    assert [(share.name, share.nodes) for share in (first, second)] == [("reserved-own", 1), ("on-demand", 3)]
    assert group(one, GROUPS, first)["capacity_type"] == group(one, GROUPS, second)["capacity_type"] == "ON_DEMAND"
    assert group(one, GROUPS, first)["instance_types"] == ["g6.xlarge"]
    assert "instance_market_options" not in template(one, GROUPS, first, None, {})
    closed = {"capacity_reservation_preference": "none"}
    assert template(one, GROUPS, second, None, {})["capacity_reservation_specification"] == closed


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (pool(max_gpus=1), "a node for each of spot, on-demand, got 1 in all"),
        (general(), "expected most_nodes"),
        (pool(zones=["eu-central-1x"]), "expected subnets in eu-central-1x"),
        (pool(architecture="arm64"), "AWS has no image with drivers for arm64"),
    ],
)
def test_what_no_node_group_can_hold_is_refused(one: Pool, expected: str) -> None:
    """Before anything is registered, with the pool's name."""
    with pytest.raises(ValueError, match=f"pool '{one.name}': .*{expected}"):
        recorded(program(one, flavour=GROUPS))


def test_a_group_without_gpus_has_the_image_without_drivers() -> None:
    """And as many nodes as it is told."""
    flavour = NodeGroup(
        cluster_name="c", name_prefix="llmlz", role_arn="r", security_group_ids=[], subnet_ids={"a": "s"}, most_nodes=5
    )
    one = general(capacity=["on-demand"])
    (share,) = shares(one, flavour)
    assert (image(one, flavour), share.nodes, group(one, flavour, share)["taints"]) == ("BOTTLEROCKET_x86_64", 5, [])
    assert sum(share.nodes for share in shares(pool(), flavour)) == 4, "with GPUs their limit counts, and nothing else"
