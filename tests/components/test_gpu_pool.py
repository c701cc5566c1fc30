"""One description of a pool gives the same pool whoever buys its machines, closed to everything that does not name it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components._kubernetes import POOL, TEAM
from components._pool_placement import PURPOSE, placement
from components.gpu_pool import AutoMode, Flavour, Karpenter, Pool, brings_device_plugin
from components.gpu_pool.groups import group, shares, template
from components.gpu_pool.objects import auto_class, ec2_class, kwok_class, node_pool
from tests.components.pools import AUTO, BLOCK, GROUPS, KARPENTER, KEY, KWOK, fits, general, pool, pools, trained


def requirement(spec: Mapping[str, Any], key: str) -> list[str]:
    """What a NodePool demands for a key."""
    (found,) = [one["values"] for one in spec["template"]["spec"]["requirements"] if one["key"] == key]
    return list(found)


@given(pools())
def test_every_flavour_makes_the_same_pool(one: Pool) -> None:
    """Types, limit, taints, labels and order of capacity, of any valid description."""
    specs = [node_pool(one, flavour) for flavour in (AUTO, KARPENTER, KWOK)]
    for spec in specs:
        del spec["template"]["spec"]["nodeClassRef"]
    assert specs[0] == specs[1] == specs[2]
    (spec, *_), found = specs, shares(one, GROUPS)
    made = [(share, group(one, GROUPS, share), template(one, GROUPS, share, KEY, {})) for share in found]
    types = {kind for _, nodes, machine in made for kind in nodes.get("instance_types", [machine.get("instance_type")])}
    open_kinds = [share for share in found if share.reservation is None]
    expected = set(one.instance_types) if open_kinds else {held.instance_type for held in one.reservations}
    assert types == expected <= set(requirement(spec, "node.kubernetes.io/instance-type"))
    assert list(dict.fromkeys(share.capacity for share in found)) == requirement(spec, "karpenter.sh/capacity-type")
    most = sum(nodes["scaling_config"]["max_size"] for _, nodes, _ in made) * one.gpus_per_node
    assert most == one.max_gpus if open_kinds else most <= one.max_gpus
    assert int(spec["limits"]["nvidia.com/gpu"]) == one.max_gpus
    for _, nodes, _ in made:
        assert nodes["labels"] == spec["template"]["metadata"]["labels"]
        taints = [{**taint, "effect": "NO_SCHEDULE"} for taint in spec["template"]["spec"]["taints"]]
        assert nodes["taints"] == taints


@given(pools(), pools())
def test_a_pod_that_names_a_pool_fits_it_and_no_other(one: Pool, other: Pool) -> None:
    """By selector and tolerations, as Kubernetes decides."""
    places = {p.name: node_pool(p, AUTO)["template"] for p in (one, other, general())}
    fitting = [
        name
        for name, nodes in places.items()
        if fits(placement(one.name), nodes["metadata"]["labels"], nodes["spec"].get("taints", []))
    ]
    assert fitting == [one.name]


def test_who_names_no_pool_fits_the_general_one_only() -> None:
    """Pods of the system land where no GPU is paid for, even if they tolerate GPUs."""
    tolerant = {"tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}]}
    for pod in ({}, tolerant):
        places = {
            p.name: node_pool(p, AUTO)["template"]
            for p in (pool(), trained(), general(), general(name="own", team="claims"))
        }
        fitting = [
            name
            for name, nodes in places.items()
            if fits(pod, nodes["metadata"]["labels"], nodes["spec"].get("taints", []))
        ]
        assert fitting == ["general"]


def test_a_pool_of_a_team_says_so() -> None:
    """The label by which admission tells whose it is."""
    assert node_pool(pool(team="claims"), AUTO)["template"]["metadata"]["labels"] == {
        POOL: "inference",
        PURPOSE: "serving",
        TEAM: "claims",
    }


def test_only_the_type_capacity_zone_and_processor_are_demanded() -> None:
    """What every flavour understands alike: labels of instances differ between Auto Mode and Karpenter."""
    keys = [one["key"] for one in node_pool(pool(zones=["eu-central-1a"]), AUTO)["template"]["spec"]["requirements"]]
    assert keys == [
        "node.kubernetes.io/instance-type",
        "karpenter.sh/capacity-type",
        "kubernetes.io/arch",
        "topology.kubernetes.io/zone",
    ]


@pytest.mark.parametrize("purpose", ["serving", "training", "batch", "general"])
def test_idle_nodes_go_within_the_hour(purpose: str) -> None:
    """Every purpose gives empty nodes back, and old ones within three weeks."""
    one = general() if purpose == "general" else pool(purpose=purpose)
    spec = node_pool(one, AUTO)
    assert 0 < int(spec["disruption"]["consolidateAfter"].removesuffix("m")) <= 60
    assert 0 < int(spec["template"]["spec"]["expireAfter"].removesuffix("h")) <= 504


def test_a_model_that_serves_is_not_moved_to_save_a_node() -> None:
    """Only empty nodes go, one at a time, after a wait that outlives a pause between requests."""
    assert node_pool(pool(), AUTO)["disruption"] == {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": "20m",
        "budgets": [{"nodes": "1"}],
    }


def test_a_run_is_not_interrupted_for_a_newer_image() -> None:
    """Nodes of training wait until they are empty or old; when they are old, the run has hours to write a checkpoint."""
    spec = node_pool(trained(), AUTO)
    assert {"nodes": "0", "reasons": ["Drifted", "Underutilized"]} in spec["disruption"]["budgets"]
    assert spec["template"]["spec"]["terminationGracePeriod"] == "240m"


def test_nodes_of_auto_mode_start_closed() -> None:
    """Disks under the key, pods that talk to nobody without a policy, reservations by their id."""
    spec = auto_class(trained(volume_gib=500), AUTO, KEY, {"owner": "ml@example.com"})
    assert spec["ephemeralStorage"] == {"size": "500Gi", "kmsKeyID": KEY}
    assert (spec["networkPolicy"], spec["networkPolicyEventLogs"]) == ("DefaultDeny", "Enabled")
    assert spec["capacityReservationSelectorTerms"] == [{"id": BLOCK.id}]
    assert spec["tags"] == {"owner": "ml@example.com"}
    assert "advancedNetworking" not in spec


def test_no_reservation_is_named_where_none_is_meant() -> None:
    """The selector in one class takes open reservations away from the whole cluster."""
    assert "capacityReservationSelectorTerms" not in auto_class(pool(), AUTO, None, {})
    assert "capacityReservationSelectorTerms" not in ec2_class(pool(), KARPENTER, None, {})


@pytest.mark.parametrize(
    ("alias", "devices"), [("bottlerocket@v1.53.0", ["/dev/xvda", "/dev/xvdb"]), ("al2023@v20261101", ["/dev/xvda"])]
)
def test_nodes_of_karpenter_keep_credentials_and_disks_to_themselves(alias: str, devices: list[str]) -> None:
    """Tokens that reach no pod, no public address, every disk of the image encrypted under the key."""
    flavour = Karpenter(ami_alias=alias, role_name="r", security_group_ids=["sg-1"], subnet_ids=["subnet-a"])
    spec = ec2_class(pool(), flavour, KEY, {})
    assert spec["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }
    assert spec["associatePublicIPAddress"] is False
    assert [mapping["deviceName"] for mapping in spec["blockDeviceMappings"]] == devices
    assert all(m["ebs"]["encrypted"] and m["ebs"]["kmsKeyID"] == KEY for m in spec["blockDeviceMappings"])
    assert spec["blockDeviceMappings"][-1]["ebs"]["volumeSize"] == "200Gi"
    assert spec["instanceStorePolicy"] == "RAID0"
    assert "instanceStorePolicy" not in ec2_class(general(), flavour, KEY, {})


@pytest.mark.parametrize("alias", ["bottlerocket@latest", "bottlerocket", "al2@v1", "@v1"])
def test_an_image_that_changes_by_itself_is_refused(alias: str) -> None:
    """What runs on nodes changes with a deployment, and only with one."""
    with pytest.raises(ValueError, match="expected al2023@ or bottlerocket@ with a version"):
        Karpenter(ami_alias=alias, role_name="r", security_group_ids=[], subnet_ids=[])


def test_machines_of_tests_take_their_time() -> None:
    """The class of machines that are not there knows nothing but a delay."""
    assert kwok_class(KWOK) == {"nodeRegistrationDelay": "0s"}


@pytest.mark.parametrize(
    ("flavour", "expected"),
    [
        (AUTO, True),
        (KWOK, True),
        (KARPENTER, True),
        (Karpenter(ami_alias="al2023@v20261101", role_name="r", security_group_ids=[], subnet_ids=[]), False),
        (GROUPS, True),
    ],
)
def test_who_brings_the_device_plugin(flavour: Flavour, expected: bool) -> None:
    """AWS builds it into Bottlerocket and runs it in Auto Mode; elsewhere somebody must bring it."""
    assert brings_device_plugin(flavour) is expected


@given(st.sampled_from([AUTO, KARPENTER]), st.dictionaries(st.sampled_from(["owner", "team"]), st.just("x")))
def test_tags_reach_the_machines(flavour: AutoMode | Karpenter, tags: dict[str, str]) -> None:
    """All of them, and an empty set is not written."""
    made = (
        auto_class(pool(), flavour, None, tags)
        if isinstance(flavour, AutoMode)
        else ec2_class(pool(), flavour, None, tags)
    )
    assert made.get("tags", {}) == tags
    assert ("tags" in made) == bool(tags)
