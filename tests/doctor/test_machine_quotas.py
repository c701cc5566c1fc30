"""Room in the account for what pools may buy, and for collections."""

from pathlib import Path
from typing import Any

import pytest

from llmlz.cli.recording import record_with_platform
from llmlz.doctor.quota_measures import UnknownNeedError, indexing_units
from llmlz.doctor.quota_table import need, quotas
from llmlz.doctor.quotas import examine_quotas
from llmlz.graph.model import Graph, Reference, Resource
from stacks.estate import load_estate
from tests.doctor.stubs import Cloud
from tests.doctor.test_quotas import graph, only, quota, resource, says

POOL, GROUP, RESERVATION, COLLECTION = (
    "kubernetes:karpenter.sh/v1:NodePool",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:ec2/capacityReservation:CapacityReservation",
    "aws:opensearch/serverlessCollection:ServerlessCollection",
)
G, G_NAME = "on-demand-gpus", "Running On-Demand G and VT instances"


def pool(*types: str, name: str = "serving", buys: tuple[str, ...] = ("on-demand",), **limits: str) -> Resource:
    """A pool of Karpenter that may buy these types; ``gpu`` is its limit in GPUs."""
    told = {"nvidia.com/gpu" if key == "gpu" else key: value for key, value in limits.items()}
    wanted = [
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(types)},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(buys)},
    ]
    kept = [one for one in wanted if one["values"]]
    spec = {"limits": told, "template": {"spec": {"requirements": kept}}}
    return resource(POOL, name, metadata={"name": name}, spec=spec)


def needs(*resources: Resource) -> dict[str, int]:
    """What is needed in processors, by quota, without those of which nothing is."""
    rows = [row for row in map(quota, ROWS) if row.measure == "vcpus"]
    return {row.id: asked for row in rows if (asked := need(row, graph(*resources)))}


ROWS = (
    "on-demand-gpus",
    "on-demand-large-gpus",
    "on-demand-standard",
    "spot-gpus",
    "spot-large-gpus",
    "spot-newest-gpus",
    "spot-standard",
)


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (pool("g6.xlarge", gpu="16", cpu="500"), {"on-demand-gpus": 64}),
        (pool("g6.xlarge", "g6.2xlarge", gpu="16", cpu="500"), {"on-demand-gpus": 128}),
        (pool("g6.xlarge", gpu="16", cpu="40"), {"on-demand-gpus": 40}),
        (pool("g6.xlarge", gpu="16", buys=("spot", "on-demand")), {"on-demand-gpus": 64, "spot-gpus": 64}),
        (pool("g6.xlarge", gpu="16", buys=()), {"on-demand-gpus": 64, "spot-gpus": 64}),
        (pool("g6.xlarge", gpu="16", buys=("reserved",)), {}),
        (pool("p5.48xlarge", gpu="16", buys=("spot",)), {"spot-newest-gpus": 384}),
        (pool("p4d.24xlarge", gpu="8", buys=("spot",)), {"spot-large-gpus": 96}),
        (pool("p6-b200.48xlarge", gpu="8"), {"on-demand-large-gpus": 192}),
        (pool("g99.xlarge", gpu="16", cpu="40"), {"on-demand-gpus": 40}),
        (pool("m7i.large", gpu="0", cpu="64"), {"on-demand-standard": 64}),
        (pool("g6.xlarge", gpu="0", cpu="64"), {}),
        (pool("g6.xlarge", nodes="3"), {"on-demand-gpus": 12}),
        (
            resource(GROUP, "g", instanceTypes=["g6.xlarge"], scalingConfig={"maxSize": 3}, capacityType="SPOT"),
            {"spot-gpus": 12},
        ),
        (resource(RESERVATION, "r", instanceType="p5.48xlarge", instanceCount=2), {"on-demand-large-gpus": 384}),
    ],
)
def test_a_full_pool_needs_its_processors(described: Resource, expected: dict[str, int]) -> None:
    """By the machines with the most for a GPU, within all limits, for each way of buying, and for the family alone."""
    assert needs(described) == expected


def test_pools_of_one_family_share_a_quota() -> None:
    """Two pools are two needs."""
    assert needs(pool("g6.xlarge", gpu="4"), pool("g5.xlarge", name="b", gpu="4")) == {G: 32}


@pytest.mark.parametrize(
    "described",
    [
        pool("g6.xlarge"),
        pool("g99.xlarge", gpu="16"),
        pool("g6.xlarge", "g99.xlarge", gpu="16"),
        pool(gpu="16"),
        resource(GROUP, "g", instanceTypes=["g99.xlarge"], scalingConfig={"maxSize": 3}),
        resource(RESERVATION, "r", instanceType="g99.xlarge", instanceCount=2),
        resource(RESERVATION, "r", instanceType="g6.xlarge"),
    ],
)
def test_a_need_that_is_not_known_is_undecided(cloud: Cloud, described: Resource) -> None:
    """No limit, or none from which processors are known: AWS is not asked, and the finding says it."""
    with pytest.raises(UnknownNeedError):
        need(quota(G), graph(described))
    found = {one.id: one for one in examine_quotas(cloud, graph(described), None)}
    assert found[f"quota:{G}"].outcome == "indeterminate"
    assert "compare it by hand" in found[f"quota:{G}"].fix


def runs(cloud: Cloud, *machines: tuple[int, int, str | None]) -> None:
    """EC2 answers with machines: cores, threads of each, and how they were bought."""
    told = [
        {"CpuOptions": {"CoreCount": cores, "ThreadsPerCore": threads}, **({"InstanceLifecycle": way} if way else {})}
        for cores, threads, way in machines
    ]
    # two of one reservation, as EC2 groups machines that were started together
    answer = {"Reservations": [{"Instances": told[:2]}, {"Instances": told[2:]}]}
    cloud.answers("ec2", "describe_instances", answer, **quota(G).used.arguments)


@pytest.mark.parametrize(("limit", "outcome"), [(76, "ok"), (75, "indeterminate"), (63, "problem")])
def test_a_pool_must_fit_beside_what_runs(cloud: Cloud, limit: float, outcome: str) -> None:
    """64 processors are needed and 12 run on demand; spot machines and blocks are another quota's."""
    runs(cloud, (2, 2, None), (4, 2, None), (48, 2, "spot"), (96, 2, "capacity-block"))
    says(cloud, G, limit, G_NAME)
    found = only(examine_quotas(cloud, graph(pool("g6.xlarge", gpu="16")), None))
    assert (found.id, found.outcome) == (f"quota:{G}", outcome)
    assert "64 needed" in found.what
    assert ("at most 12 of others" in found.what) == (outcome != "problem")
    assert "counted twice" not in found.fix


def test_what_an_own_pool_runs_is_nobody_elses_gift(cloud: Cloud) -> None:
    """A state knows pools and no machines, so what runs is not taken away from what others have."""
    runs(cloud, (32, 2, None))
    says(cloud, G, 100, G_NAME)
    planned = graph(pool("g6.xlarge", gpu="16"))
    assert only(examine_quotas(cloud, planned, planned)).outcome == "indeterminate"


def test_machines_without_numbers_are_undecided(cloud: Cloud) -> None:
    """An answer that leaves them out counts nothing."""
    answer: dict[str, Any] = {"Reservations": [{"Instances": [{"InstanceId": "i-1"}]}]}
    cloud.answers("ec2", "describe_instances", answer, **quota(G).used.arguments)
    found = only(examine_quotas(cloud, graph(pool("g6.xlarge", gpu="16")), None))
    assert found.outcome == "indeterminate"


@pytest.mark.parametrize(
    ("id_", "name"), [("clusters", "Clusters"), ("knowledge-bases", "Knowledge bases per account")]
)
def test_one_more_must_fit(cloud: Cloud, id_: str, name: str) -> None:
    """A cluster, and a knowledge base, beside those that are there."""
    asked = quota(id_).used
    for limit, outcome in ((1, "ok"), (0, "problem")):
        cloud.answers(asked.service, asked.operation, {asked.field: []})
        says(cloud, id_, limit, name)
        assert only(examine_quotas(cloud, graph(resource(quota(id_).type, "it")), None)).outcome == outcome


def collections(cloud: Cloud, there: int, most: int, **more: str) -> None:
    """OpenSearch Serverless answers with so many collections, and the account's limit."""
    told = [{"id": f"collection{number}"} for number in range(there)]
    cloud.answers("opensearchserverless", "list_collections", {"collectionSummaries": told, **more})
    limits = {"maxIndexingCapacityInOCU": most, "maxSearchCapacityInOCU": most}
    if not more:
        settings = {"accountSettingsDetail": {"capacityLimits": limits}}
        cloud.answers("opensearchserverless", "get_account_settings", settings)


def vectors(*names: str, **inputs: str) -> Graph:
    """Collections, one if none is named."""
    return graph(*(resource(COLLECTION, name, **inputs) for name in names or ("vectors",)))


@pytest.mark.parametrize(
    ("there", "most", "outcome"), [(0, 4, "ok"), (0, 3, "problem"), (1, 10, "indeterminate"), (1, 2, "problem")]
)
def test_the_first_collection_fits_or_not(cloud: Cloud, there: int, most: int, outcome: str) -> None:
    """Two units each with standby replicas; beside others nobody knows, but for the need alone."""
    collections(cloud, there, most)
    assert only(examine_quotas(cloud, vectors("a", "b"), None)).outcome == outcome


def test_a_collection_that_is_there_needs_nothing_more(cloud: Cloud) -> None:
    """Nor does one without standby replicas need two."""
    collections(cloud, 3, 10)
    assert only(examine_quotas(cloud, vectors(), vectors())).outcome == "ok"
    assert indexing_units(vectors(standbyReplicas="DISABLED"), (), "") == 1


def test_a_list_that_goes_on_is_undecided(cloud: Cloud) -> None:
    """Part of an answer counts nothing, where boto3 has no pages for it."""
    collections(cloud, 1, 10, nextToken="more")
    assert only(examine_quotas(cloud, vectors(), None)).outcome == "indeterminate"


def test_a_template_says_the_machine_of_a_group() -> None:
    """The type in the launch template counts."""
    machine = resource("aws:ec2/launchTemplate:LaunchTemplate", "m", instanceType="p5.48xlarge")
    made = (Reference(at="launchTemplate.id", to=machine.urn, output="id"),)
    group = resource(GROUP, "g", ("launchTemplate.id", machine.urn), scalingConfig={"maxSize": 2})
    assert group.references == made
    assert needs(machine, group) == {"on-demand-large-gpus": 384}


def test_a_real_runtime_needs_a_cluster_and_what_its_pools_may_buy() -> None:
    """The example's pools have limits and list their machines, so that nothing is undecided before AWS is asked."""
    estate = load_estate(Path("docs/examples/runtime"))
    planned = record_with_platform(estate, "runtime-models")[-1]
    needed = {row.id: asked for row in quotas() if (asked := need(row, planned))}
    assert needed["clusters"] == 1
    assert needed["on-demand-gpus"] >= needed["spot-gpus"] > 0
    assert needed["on-demand-standard"] > 0
    assert "on-demand-large-gpus" not in needed
