"""What a team's namespace promises; that it holds is shown on a real cluster (ring 4)."""

import dataclasses
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.cluster_defaults import ClusterDefaults, ClusterDefaultsArgs
from components.team_namespace import Egress, PerContainer, PodIdentity, Quota, TeamNamespace, TeamNamespaceArgs
from llmlz.checks.evaluate import evaluate
from llmlz.checks.records import controls
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ARGS = TeamNamespaceArgs(
    team="claims",
    pod_security_version="v1.36",
    quota=Quota(cpu="32", gpus=2, memory="128Gi", pods=20, storage="100Gi"),
    pools=["tuning", "serving"],
    people_group="llmlz-team-claims",
    egress={"endpoints": Egress(cidrs=["10.0.16.0/20"]), "gateway": Egress(namespace="llmlz-gateway", ports=[8443])},
    pod_identity=PodIdentity(cluster_name="llmlz", role_arn="arn:aws:iam::111122223333:role/llmlz-team-claims"),
    resolver="172.20.0.10",
)
BARE = TeamNamespaceArgs(
    team="search", pod_security_version="v1.36", quota=Quota(cpu="8", gpus=0, memory="32Gi", pods=5)
)


def recorded(args: TeamNamespaceArgs) -> Graph:
    """A cluster with its defaults, and the namespace in it."""

    def program() -> None:
        providers = [kubernetes.Provider("cluster", kubeconfig="{}"), aws.Provider("main", region="eu-central-1")]
        opts = pulumi.ResourceOptions(providers=providers)
        key = "arn:aws:kms:eu-central-1:111122223333:key/disks"
        ClusterDefaults("defaults", ClusterDefaultsArgs(auto_mode=True, cluster_name="llmlz", kms_key_arn=key), opts)
        TeamNamespace("space", args, opts)

    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A namespace with everything it can have."""
    return recorded(ARGS)


def one(graph: Graph, name: str) -> dict[str, Any]:
    """Inputs of one resource."""
    return dict(graph.named(name).inputs)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("args", "control"),
    [
        *((ARGS, c) for c in ("EKS-06", "EKS-07", "EKS-09", "EKS-10")),
        *((BARE, c) for c in ("EKS-06", "EKS-07", "EKS-09")),
    ],
    ids=lambda value: value if isinstance(value, str) else value.team,
)
def test_it_satisfies_the_controls_of_namespaces(args: TeamNamespaceArgs, control: str, level: int) -> None:
    """Pod security, closed both ways, a quota that counts GPUs, and roles without wildcards."""
    judged = evaluate(recorded(args), level, only=[c for c in controls() if c.id == control])
    assert judged.findings == ()
    assert [bool(coverage.looked_at) for coverage in judged.coverage] == [True]


def test_the_namespace_says_whose_it_is_and_which_pools_it_may_use(graph: Graph) -> None:
    """And enforces the restricted standard in a pinned version."""
    metadata = one(graph, "space-namespace")["metadata"]
    assert metadata["name"] == "team-claims"
    assert metadata["labels"] == {
        "llmlz.io/team": "claims",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "v1.36",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.36",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "v1.36",
        "pool.llmlz.io/serving": "allowed",
        "pool.llmlz.io/tuning": "allowed",
    }


def test_the_quota_is_the_sum_that_was_asked_for(graph: Graph) -> None:
    """GPUs, processors, memory, pods and disks; load balancers and ports of nodes never."""
    assert one(graph, "space-quota")["spec"]["hard"] == {
        "count/services": "50",
        "limits.cpu": "32",
        "limits.memory": "128Gi",
        "pods": "20",
        "requests.cpu": "32",
        "requests.memory": "128Gi",
        "requests.nvidia.com/gpu": "2",
        "requests.storage": "100Gi",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def test_only_what_is_listed_can_be_called(graph: Graph) -> None:
    """Denied both ways, open to itself and to DNS, then one policy for each place."""
    policies = {
        r.inputs["metadata"]["name"]: r.inputs["spec"]
        for r in graph.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    }
    assert policies.keys() == {"among-themselves", "deny", "names", "to-endpoints", "to-gateway"}
    assert policies["deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (dns,) = policies["names"]["egress"]
    assert {port["port"] for port in dns["ports"]} == {53}
    assert dns["to"][1] == {"ipBlock": {"cidr": "172.20.0.10/32"}}
    assert policies["to-endpoints"]["egress"] == [
        {"to": [{"ipBlock": {"cidr": "10.0.16.0/20"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    ]
    (gateway,) = policies["to-gateway"]["egress"]
    assert gateway["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "llmlz-gateway"}}}]


@pytest.mark.parametrize("egress", [Egress(), Egress(cidrs=["10.0.0.0/16"], ports=[])], ids=["nowhere", "no port"])
def test_a_place_that_is_nowhere_is_not_everywhere(egress: Egress) -> None:
    """In Kubernetes a rule without peers or ports opens all of them."""
    with pytest.raises(ValueError, match="opens everything: name cidrs or a namespace, and ports"):
        recorded(dataclasses.replace(ARGS, egress={"lost": egress}))


def test_pods_run_as_the_team_without_a_token_of_the_cluster(graph: Graph) -> None:
    """Neither account mounts one, and the workload's account has the team's role in AWS."""
    assert one(graph, "space-workload")["automountServiceAccountToken"] is False
    default = one(graph, "space-default")
    assert (default["metadata"]["name"], default["automountServiceAccountToken"]) == ("default", False)
    identity = one(graph, "space-identity")
    assert identity["roleArn"] == "arn:aws:iam::111122223333:role/llmlz-team-claims"
    assert (identity["namespace"], identity["serviceAccount"]) == ("team-claims", "workload")


def test_what_is_left_out_is_not_there() -> None:
    """No identity in AWS, nobody who rolls out, no pool, nothing that can be called."""
    graph = recorded(BARE)
    names = {r.name for r in graph.resources}
    assert not names & {"space-identity", "space-people", "space-people-binding"}
    assert not any(label.startswith("pool.") for label in one(graph, "space-namespace")["metadata"]["labels"])
    assert one(graph, "space-quota")["spec"]["hard"]["requests.nvidia.com/gpu"] == "0"
    (component,) = [r for r in graph.resources if r.name == "space"]
    assert component.outputs == {"namespace": "team-search", "service_account": "workload"}


def test_a_container_that_says_nothing_is_bounded() -> None:
    """And one that says too much is refused, where a most is given."""
    bounds = recorded(dataclasses.replace(BARE, each=PerContainer(cpu="1", memory="2Gi", most_memory="8Gi")))
    assert one(bounds, "space-limits")["spec"]["limits"] == [
        {
            "type": "Container",
            "default": {"cpu": "1", "memory": "2Gi"},
            "defaultRequest": {"cpu": "1", "memory": "2Gi"},
            "max": {"memory": "8Gi"},
        }
    ]


def test_the_people_of_the_team_get_one_role_in_one_namespace(graph: Graph) -> None:
    """Bound to the group of their access entries; no secrets, no shell, no rights over rights."""
    (subject,) = one(graph, "space-people-binding")["subjects"]
    assert (subject["kind"], subject["name"]) == ("Group", "llmlz-team-claims")
    given = {
        (what, verb) for r in one(graph, "space-people")["rules"] for what in r["resources"] for verb in r["verbs"]
    }
    assert ("deployments", "create") in given
    kinds = {what for what, _ in given}
    assert not kinds & {"secrets", "pods/exec", "pods/binding", "rolebindings", "serviceaccounts/token", "namespaces"}
    assert not {("resourcequotas", "update"), ("networkpolicies", "delete"), ("pods", "create")} & given
