"""An estate in order has no finding; each thing that is planted in it is found, and nothing else is."""

from datetime import timedelta

import pytest

from llmlz.inventory.model import Finding
from tests.inventory.estate import (
    BOUNDS,
    CLUSTER,
    NODES,
    PODS,
    QUOTAS,
    REGION,
    SPACES,
    A,
    B,
    Planted,
    node,
    quota,
    space,
)  # fmt: skip
from tests.inventory.fake import ClusterError, Objects, denied
from tests.inventory.plants import NEIGHBOURS, PLANTS, Expected

READ = (
    ("ec2", "DescribeInstances"), ("ec2", "DescribeCapacityReservations"), ("ec2", "DescribeInstanceTypes"),
    ("eks", "ListClusters"), ("eks", "DescribeCluster"), ("eks", "ListNodegroups"),
    ("service-quotas", "ListServiceQuotas"), ("bedrock", "ListFoundationModels"),
    ("bedrock", "ListInferenceProfiles"), ("bedrock", "ListProvisionedModelThroughputs"),
    ("bedrock", "ListCustomModels"), ("bedrock", "ListImportedModels"), ("bedrock", "ListCustomModelDeployments"),
    ("bedrock", "ListTagsForResource"), ("bedrock", "GetFoundationModelAvailability"), ("sts", "GetCallerIdentity"),
)  # fmt: skip


def missed(found: tuple[Finding, ...], expected: tuple[Expected, ...]) -> list[Expected]:
    """What should have been found, and was not."""
    return [
        (kind, outcome, text)
        for kind, outcome, text in expected
        if not any((one.kind, one.outcome) == (kind, outcome) and text in one.what for one in found)
    ]


def test_an_estate_in_order_has_no_finding() -> None:
    """And everything in it is counted: no finding because nothing was looked at would be no proof."""
    found = Planted().take()
    assert found.findings == ()
    assert [(one.node or one.instance, one.gpus, one.free) for one in found.holdings] == [
        ("i-3", 1, 0),
        ("node-1", 1, 0),
        ("node-2", 4, 1),
    ]
    assert [(one.id, one.used) for one in found.reservations] == [("cr-block", 0), ("cr-own", 1)]
    assert [(one.kind, one.team) for one in found.models] == [("foundation-model", "platform"), ("profile", "claims")]


def test_every_question_that_may_be_refused_is_asked() -> None:
    """The list below is whole: an API that is asked and not listed here would not be tested for its refusal."""
    log: list[tuple[str, str]] = []
    Planted().take(log=log)
    assert set(log) == set(READ)


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_is_found_and_nothing_else(plant: str) -> None:
    """Each finding says where it is and what to do."""
    change, expected = PLANTS[plant]
    estate = Planted()
    change(estate)
    found = estate.take().findings
    assert missed(found, expected) == []
    assert len(found) == len(expected), found
    assert all(one.where and one.fix for one in found)


def test_all_that_can_stand_together_is_found_at_once() -> None:
    """One estate with a problem of each kind; none hides another."""
    chosen = (
        "idle node", "unused reservation", "reservation ends", "commitment ends", "quotas above a pool",
        "device lost under pods", "reservation of a stranger", "instance in a stranger's reservation",
        "node without device plugin", "instance that never joined", "tags that are not told",
    )  # fmt: skip
    estate = Planted()
    expected: tuple[Expected, ...] = ()
    for plant in chosen:
        change, told = PLANTS[plant]
        change(estate)
        expected += told
    found = estate.take().findings
    assert missed(found, expected) == []
    kinds = {"idle", "expiring", "over-committed", "foreign", "no-gpu", "unreadable"}
    assert {one.kind for one in found} == kinds


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_what_is_almost_wrong_is_no_finding(neighbour: str) -> None:
    """The other side of each bound."""
    estate = Planted()
    NEIGHBOURS[neighbour](estate)
    assert estate.take().findings == ()


@pytest.mark.parametrize("call", READ, ids=":".join)
def test_a_refused_question_is_never_an_empty_list(call: tuple[str, str]) -> None:
    """Whatever is refused, the inventory is taken, and says that it could not be decided."""
    estate = Planted()
    estate.more[call] = denied(call[1])
    found = estate.take().findings
    action = f"{call[0].replace('service-quotas', 'servicequotas')}:{call[1]}"
    refused = [one for one in found if one.kind == "unreadable" and action in one.what]
    assert refused, found
    assert {one.outcome for one in refused} == {"indeterminate"}
    assert "not allowed" in refused[0].what
    assert f"have {action}" in refused[0].fix


@pytest.mark.parametrize("call", READ, ids=":".join)
def test_no_refusal_accuses_anybody(call: tuple[str, str]) -> None:
    """What was not read is undecided: nothing is called idle, foreign or untagged because an answer is missing."""
    estate = Planted()
    estate.more[call] = denied(call[1])
    assert {one.outcome for one in estate.take().findings} == {"indeterminate"}


@pytest.mark.parametrize("path", ["/api/v1/nodes", PODS, "/api/v1/namespaces", "/api/v1/resourcequotas"])
def test_a_cluster_that_hides_a_part_is_not_counted_at_all(path: str) -> None:
    """Without its pods all would be free, without its quotas nothing promised: it is unread as a whole."""
    estate = Planted()
    estate.objects[path] = ClusterError("the server answered 403: forbidden")
    found = estate.take()
    assert {(one.kind, one.outcome) for one in found.findings} == {("unreadable", "indeterminate")}
    assert [one.free for one in found.holdings if one.cluster == CLUSTER] == [None, None]


def test_an_object_of_another_shape_is_no_traceback() -> None:
    """A quantity that is none makes the cluster unreadable, with the text."""
    estate = Planted()
    estate.node("node-1")["status"]["allocatable"]["nvidia.com/gpu"] = "many"
    (first, *_) = [one for one in estate.take().findings if "many" in one.what]
    assert (first.kind, first.outcome) == ("unreadable", "indeterminate")


def test_what_was_not_asked_is_not_called_foreign() -> None:
    """With a part of the estate left out, instances of the other part may be those in our reservation."""
    estate = Planted()
    PLANTS["strangers in our reservation"][0](estate)
    bounds = type(BOUNDS)(
        now=BOUNDS.now, idle=BOUNDS.idle, expiring=BOUNDS.expiring, accounts=BOUNDS.accounts, complete=False
    )
    (found,) = estate.take(bounds).findings
    assert (found.kind, found.outcome) == ("foreign", "indeterminate")


def test_bounds_are_those_that_were_asked_for() -> None:
    """A pause of three hours is no finding where four are allowed."""
    estate = Planted()
    PLANTS["idle node"][0](estate)
    bounds = type(BOUNDS)(now=BOUNDS.now, idle=timedelta(hours=4), expiring=BOUNDS.expiring, accounts=BOUNDS.accounts)
    assert estate.take(bounds).findings == ()


def test_a_shared_reservation_counts_once_as_its_owner_sees_it() -> None:
    """Both accounts list it; only the owner's answer has its tags."""
    estate = Planted()
    shared = {name: value for name, value in estate.reserved("cr-own").items() if name != "Tags"}
    estate.other["ec2", "DescribeCapacityReservations"] = {"CapacityReservations": [shared]}
    found = estate.take()
    assert found.findings == ()
    assert [(one.id, one.account, one.team) for one in found.reservations if one.id == "cr-own"] == [
        ("cr-own", A, "platform")
    ]


def elsewhere() -> Objects:
    """The same cluster, on instances of somebody else."""
    objects = Planted().objects
    objects[NODES] = [
        node("node-1", "g6.xlarge", "inference", "i-91", 1),
        node("node-2", "g6e.12xlarge", "training", "i-92", 4),
    ]
    return objects


def test_a_cluster_of_a_kubeconfig_is_counted_too() -> None:
    """Beside the accounts, and judged alike."""
    estate = Planted()
    estate.brought.append(elsewhere())
    estate.brought[0][SPACES] = [
        space("team-claims", "claims", ("inference",)),
        space("team-search", "", ("training",)),
    ]
    estate.brought[0][QUOTAS] = [quota("team-claims", 3)]
    found = estate.take()
    assert [one.cluster for one in found.holdings].count("brought") == 2
    assert {one.kind for one in found.findings} == {"untagged", "over-committed"}
    assert all(one.where.startswith("brought") for one in found.findings)
    assert found.places == (f"{A} {REGION}", f"{A} {REGION} {CLUSTER}", f"{B} {REGION}", "brought")


def test_a_cluster_that_is_known_already_is_not_counted_twice() -> None:
    """Its nodes are instances of nodes that EKS led to."""
    estate = Planted()
    estate.brought.append(Planted().objects)
    assert estate.take() == Planted().take()


def test_a_kubeconfig_opens_a_cluster_that_the_account_could_not() -> None:
    """Its nodes stand in the account that has their instances, which are counted as nodes and no more as unread."""
    estate = Planted()
    estate.brought.append(estate.objects)
    estate.objects = {}
    found = estate.take()
    assert [(one.account, one.cluster, one.node) for one in found.holdings if one.cluster] == [
        (A, "brought", "node-1"),
        (A, "brought", "node-2"),
    ]
    assert [one.what for one in found.findings] == ["/api/v1/nodes: the cluster does not know it"]  # as EKS led to it
