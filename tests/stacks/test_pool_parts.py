"""From what people write about pools to components: nothing is lost, and the plugin is there exactly once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.gpu_pool import PROFILES, AutoMode, Flavour, Karpenter
from llmlz.checks.evaluate import check
from llmlz.graph.model import Graph
from stacks.catalogue_file import load_accelerators
from stacks.parts.pools import described, gpu_pools
from tests.graph.recording import recorded
from tests.stacks.bad_pools import BLOCK, GENERAL, HELD, SERVING, TRAINING, Values
from tests.stacks.test_pools import wishes

ACCELERATORS = load_accelerators(Path("/nonexistent"))
ZONES = {letter: f"us-east-1{letter}" for letter in "abc"}
AUTO = AutoMode(role_name="llmlz-nodes", security_group_ids=["sg-1"], subnet_ids=["subnet-1"])
OWN_IMAGE = Karpenter(
    ami_alias="al2023@v20261101", role_name="llmlz-nodes", security_group_ids=["sg-1"], subnet_ids=["subnet-1"]
)
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/nvidia/k8s-device-plugin@sha256:" + "0" * 64
ALL: Values = {"inference": SERVING, "general": GENERAL, "training": TRAINING}


def program(
    pools: Values, reservations: Values, flavour: Flavour = AUTO, image: str | None = None
) -> Callable[[], None]:
    """The pools of a runtime on explicit providers."""

    def run() -> None:
        providers = [aws.Provider("aws", region="us-east-1"), kubernetes.Provider("cluster", kubeconfig="{}")]
        wish = wishes(pools, reservations)
        gpu_pools(
            wish.pools,
            wish.reservations,
            flavour,
            accelerators=ACCELERATORS,
            zones=ZONES,
            tags={"owner": "platform@example.com"},
            disk_key_arn="arn:aws:kms:us-east-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef",
            opts=pulumi.ResourceOptions(providers=providers),
            plugin_image=image,
        )

    return run


def types(graph: Graph) -> list[str]:
    """What was made, without the providers."""
    return sorted(one.type.rpartition(":")[2] for one in graph.custom() if "providers" not in one.type)


def test_every_pool_is_made_under_its_name() -> None:
    """Two objects each, and no plugin where AWS runs it; a block that exists is not made."""
    graph = recorded(program(ALL, {"december": BLOCK}))
    assert types(graph) == ["NodeClass"] * 3 + ["NodePool"] * 3
    assert {one.name for one in graph.resources if one.kind == "component"} == {f"pool-{name}" for name in ALL}


def test_a_reservation_is_made_before_the_pool_that_names_it() -> None:
    """The class of the nodes has its id; one that exists is named as it is."""
    graph = recorded(program({"training": TRAINING}, {"december": HELD}))
    (held,) = graph.of_type("aws:ec2/capacityReservation:CapacityReservation")
    assert (held.inputs["availabilityZone"], held.inputs["endDate"]) == ("us-east-1a", "2026-12-08T11:30:00Z")
    (nodes,) = graph.of_type("kubernetes:eks.amazonaws.com/v1:NodeClass")
    (reference,) = [one for one in nodes.references if "capacityReservationSelectorTerms" in one.at]
    assert (reference.to, reference.output) == (held.urn, "id")
    graph = recorded(program({"training": TRAINING}, {"december": BLOCK}))
    (nodes,) = graph.of_type("kubernetes:eks.amazonaws.com/v1:NodeClass")
    assert nodes.inputs["spec"]["capacityReservationSelectorTerms"] == [{"id": BLOCK["id"]}]


def test_the_plugin_is_there_exactly_once() -> None:
    """Where images lack it, for all pools with GPUs together; twice would offer every GPU twice."""
    graph = recorded(program(ALL, {"december": BLOCK}, OWN_IMAGE, IMAGE))
    (daemons,) = graph.of_type("kubernetes:apps/v1:DaemonSet")
    assert "general" not in str(daemons.inputs["spec"])
    assert "inference" in str(daemons.inputs["spec"])


def test_no_plugin_without_gpus_and_no_gpus_without_a_plugin() -> None:
    """Nodes whose GPUs nobody offers would be paid and never used."""
    assert types(recorded(program({"general": GENERAL}, {}, OWN_IMAGE))) == ["EC2NodeClass", "NodePool"]
    with pytest.raises(ValueError, match="need plugin_image"):
        recorded(program(ALL, {"december": BLOCK}, OWN_IMAGE))


CHANGES: Mapping[str, tuple[dict[str, Any], str, Any]] = {
    "age": ({"replace_after_days": 7}, "expire_after_hours", 168),
    "zones": ({"zones": ["a", "c"]}, "zones", ["us-east-1a", "us-east-1c"]),
    "team": ({"team": "claims"}, "team", "claims"),
    "disk": ({"volume_gib": 500}, "volume_gib", 500),
    "GPUs of the largest machine": ({"instance_types": ["g6.xlarge", "g6.12xlarge"]}, "gpus_per_node", 4),
    "processors": ({"max_cpus": 64}, "max_cpus", 64),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_written_is_what_is_described(what: str) -> None:
    """In the words of the component."""
    change, key, value = CHANGES[what]
    wish = wishes({"inference": {**SERVING, **change}}, {})
    found = described("inference", wish.pools["inference"], {}, {}, accelerators=ACCELERATORS, zones=ZONES)
    assert getattr(found, key) == value


def test_one_part_of_the_disruption_leaves_the_others_as_usual() -> None:
    """Whoever wants to wait longer need not know how nodes drain."""
    wish = wishes({"inference": {**SERVING, "disruption": {"idle_minutes": 45}}}, {})
    found = described("inference", wish.pools["inference"], {}, {}, accelerators=ACCELERATORS, zones=ZONES)
    usual = PROFILES["serving"]
    assert (found.profile.idle_minutes, found.profile.drain_minutes) == (45, usual.drain_minutes)
    assert (found.profile.policy, found.profile.undisturbed) == (usual.policy, usual.undisturbed)


def test_the_controls_of_pools_hold_for_what_people_write() -> None:
    """With every kind of pool beside each other, at the level that allows them."""
    graph = recorded(program(ALL, {"december": BLOCK}))
    assert [f for f in check(graph, 4) if f.control.startswith("GPU-")] == []
