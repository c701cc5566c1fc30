"""How a graph becomes the objects that a cluster is given."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from llmlz.cluster.karpenter import InstanceType, adapted, described
from llmlz.cluster.manifests import manifests, unknown
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph
from tests.cluster.asking import node_pool
from tests.cluster.programs import recorded as two_teams
from tests.graph.recording import recorded


def mixed() -> None:
    """Objects that wait for one another, named so that the alphabet has them the wrong way round."""
    role = aws.iam.Role("team-role", assume_role_policy="{}")
    space = kubernetes.core.v1.Namespace("z-space", metadata={"name": "team-claims"})
    data = {"role": role.arn, "both": pulumi.Output.concat(role.arn, "/", role.name)}
    first = kubernetes.core.v1.ConfigMap(
        "b-names", metadata={"name": "names", "namespace": space.metadata.name}, data=data
    )
    kubernetes.core.v1.ConfigMap(
        "a-later",
        metadata={"name": "later", "namespace": "team-claims"},
        data={},
        opts=pulumi.ResourceOptions(depends_on=[first]),
    )
    definition = {"group": "example.com", "names": {}, "scope": "Cluster", "versions": []}
    kubernetes.apiextensions.v1.CustomResourceDefinition("y-kind", metadata={"name": "kinds"}, spec=definition)


KNOWN = {"team-role.arn": "arn:aws:iam::1:role/claims", "team-role.name": "claims"}


def test_definitions_and_namespaces_come_first_and_nothing_before_what_it_waits_for() -> None:
    """Whatever the names are."""
    found = manifests(recorded(mixed), KNOWN)
    assert [(m["kind"], m["metadata"]["name"]) for m in found] == [
        ("CustomResourceDefinition", "kinds"),
        ("Namespace", "team-claims"),
        ("ConfigMap", "names"),
        ("ConfigMap", "later"),
    ]


def test_a_value_of_the_cloud_is_the_one_that_the_caller_gives() -> None:
    """Alone, and as a part of a text; nothing of AWS becomes an object."""
    (names,) = [m for m in manifests(recorded(mixed), KNOWN) if m["metadata"]["name"] == "names"]
    assert names["data"] == {"role": "arn:aws:iam::1:role/claims", "both": "arn:aws:iam::1:role/claims/claims"}


def test_what_is_needed_can_be_asked() -> None:
    """Every output of the cloud by its key; one of another stack by that stack's name."""
    assert unknown(recorded(mixed)).keys() == {"team-role.arn", "team-role.name"}

    def platform() -> None:
        pulumi.export("subnet", aws.ec2.Subnet("private-a", vpc_id="vpc-1").id)

    def runtime() -> None:
        subnet = pulumi.StackReference("platform").get_output("subnet")
        kubernetes.core.v1.ConfigMap("place", metadata={"name": "place", "namespace": "a"}, data={"subnet": subnet})

    first = recorded(platform)
    second = recorded(runtime, others={"platform": first})
    assert unknown(second, [first]).keys() == {"test/private-a.id"}
    assert manifests(second, {"test/private-a.id": "subnet-1"}, [first])[0]["data"] == {"subnet": "subnet-1"}
    with pytest.raises(BadInputError, match="which only the cloud decides"):
        manifests(second, {"test/private-a.id": "subnet-1"})


def test_a_value_that_nobody_gives_is_one_clear_error() -> None:
    """Each place and each output by name, and nothing comes out."""
    with pytest.raises(BadInputError) as wrong:
        manifests(recorded(mixed), {"team-role.arn": "arn:aws:iam::1:role/claims"})
    lines = str(wrong.value).splitlines()
    assert lines[0] == "stack test: 1 problems, nothing was applied"
    assert lines[2].startswith("  b-names: data.both is 'arn:aws:iam::111122223333:role/ref")
    assert lines[2].endswith("', which only the cloud decides")
    assert lines[3] == "    fix: give a value for team-role.name, or use a name that is known before deployment"


def test_numbers_of_the_cloud_keep_their_type() -> None:
    """A port stays a number."""

    def program() -> None:
        port = aws.rds.Cluster("store", engine="aurora-postgresql").port
        rule = {"ports": [{"port": port}]}
        spec = {"podSelector": {}, "egress": [rule]}
        kubernetes.networking.v1.NetworkPolicy("out", metadata={"name": "out", "namespace": "a"}, spec=spec)

    (policy,) = manifests(recorded(program), {"store.port": 5432})
    assert policy["spec"]["egress"] == [{"ports": [{"port": 5432}]}]


def nameless() -> None:
    """A name that Pulumi would make up."""
    kubernetes.core.v1.ConfigMap("loose", data={})


def chart() -> None:
    """A resource that stands for many objects."""
    kubernetes.helm.v3.Release("chart", chart="keda")


def folder() -> None:
    """A component of the provider, whose objects the engine alone would see."""
    kubernetes.kustomize.v2.Directory("many", directory="somewhere")


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (nameless, "loose: metadata.name is missing"),
        (chart, "chart: kubernetes:helm.sh/v3:Release is no single object"),
        (folder, "many: kubernetes:kustomize/v2:Directory is no single object"),
    ],
)
def test_what_cannot_be_applied_twice_is_refused(program: Any, says: str) -> None:
    """One message with the fix."""
    with pytest.raises(BadInputError, match=says):
        manifests(recorded(program))


def test_a_written_graph_gives_the_same_objects() -> None:
    """What the tests apply is what ``llmlz record`` writes."""
    graph = two_teams()
    assert manifests(Graph.from_json(graph.to_json())) == manifests(graph)


def test_only_the_class_of_a_pool_is_swapped() -> None:
    """What Karpenter's kwok provider is shown is the pool of EKS in everything else."""
    pool = node_pool("serving", gpus=2)
    shown = adapted(pool, "default")
    inner = shown["spec"]["template"]["spec"]
    assert inner.pop("nodeClassRef") == {"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": "default"}
    pool["spec"]["template"]["spec"].pop("nodeClassRef")
    assert shown == pool


def test_an_instance_type_offers_each_kind_of_capacity_in_each_zone() -> None:
    """With the labels that a pool may ask for, and its GPUs where it has any."""
    labels = {"eks.amazonaws.com/instance-gpu-name": "l4"}
    one = InstanceType(name="g6.xlarge", cpu=4, gpus=1, memory_gib=16, price=1, zones=("a", "b"), labels=labels)
    shape = described(one)
    assert shape["resources"]["nvidia.com/gpu"] == "1"
    asked = [{r["key"]: r["values"][0] for r in offer["Requirements"]} for offer in shape["offerings"]]
    assert {(a["karpenter.sh/capacity-type"], a["topology.kubernetes.io/zone"]) for a in asked} == {
        ("on-demand", "a"),
        ("on-demand", "b"),
        ("spot", "a"),
        ("spot", "b"),
    }
    assert all(a["eks.amazonaws.com/instance-gpu-name"] == "l4" for a in asked)
    assert (
        "nvidia.com/gpu" not in described(InstanceType(name="m7i", cpu=4, gpus=0, memory_gib=16, price=1))["resources"]
    )
