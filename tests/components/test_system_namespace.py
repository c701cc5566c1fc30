"""What the platform's own namespace promises."""

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.system_namespace import SystemNamespace, SystemNamespaceArgs
from llmlz.checks.evaluate import evaluate
from llmlz.graph.model import Graph
from llmlz.graph.record import record


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One namespace."""

    def program() -> None:
        cluster = kubernetes.Provider("cluster", kubeconfig="{}")
        SystemNamespace(
            "system", SystemNamespaceArgs(namespace="llmlz-system"), pulumi.ResourceOptions(provider=cluster)
        )

    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


def test_only_restricted_pods_run_there_and_none_with_a_gpu(graph: Graph) -> None:
    """Whoever gets into it gets no more than a job of the platform has."""
    labels = graph.named("system-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert graph.named("system-quota").inputs["spec"]["hard"]["requests.nvidia.com/gpu"] == "0"
    assert graph.named("system-namespace").options.protect


def test_it_is_closed_both_ways(graph: Graph) -> None:
    """Every component that runs there brings the way out that it needs."""
    assert graph.named("system-denied").inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_controls_of_namespaces_hold(graph: Graph) -> None:
    """Pod security and quota; that the cluster enforces policies is for the stack that has the cluster."""
    found = evaluate(graph, 4)
    assert [f for f in found.findings if f.control in ("EKS-06", "EKS-09")] == []
    assert {"EKS-06", "EKS-09"} <= {c.control for c in found.coverage if c.looked_at}
    assert not [f for f in found.findings if f.control == "EKS-07" and "no policy denies" in f.message]
