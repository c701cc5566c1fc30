"""The loader of weights and Qdrant on a real API server: taken as they are recorded, and their pods let in."""

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.manifests import manifests
from llmlz.graph.model import Graph
from tests.cluster.asking import eventually, merged
from tests.components import test_qdrant, test_weights_loader_job

pytestmark = pytest.mark.ring(4)
SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:"
KNOWN: Mapping[str, str] = {
    "qdrant-admin-secret.arn": f"{SECRET}admin-AbCdEf",
    "qdrant-backups.id": "llmlz-test-qdrant-111122223333-eu-central-1",
    "qdrant-claims-secret.arn": f"{SECRET}claims-AbCdEf",
    "qdrant-search-secret.arn": f"{SECRET}search-AbCdEf",
}
SYSTEM = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
        "name": "llmlz-system",
        "labels": {"llmlz.io/team": "platform", "pod-security.kubernetes.io/enforce": "restricted"},
    },
}
STATUS = {"CronJob", "Job", "PodDisruptionBudget", "ResourceQuota", "StatefulSet"}
"""Kinds whose status a controller writes at any moment."""

GRAPHS = {"loader": test_weights_loader_job.recorded, "qdrant": test_qdrant.recorded}


def objects(graph: Graph) -> tuple[dict[str, Any], ...]:
    """What a cluster is sent."""
    return manifests(graph, KNOWN)


@pytest.fixture(params=GRAPHS)
def taken(request: pytest.FixtureRequest, client: Client) -> tuple[dict[str, Any], ...]:
    """The objects of one of the two, applied."""
    found = objects(GRAPHS[request.param]())
    apply_all(client, [SYSTEM, *found])
    return found


def of_jobs(found: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
    """A pod for each job, as its controller would make it."""
    for number, each in enumerate(found):
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec and each["kind"] != "StatefulSet":
            pod: dict[str, Any] = {"apiVersion": "v1", "kind": "Pod", **copy.deepcopy(spec["template"])}
            pod["metadata"] |= {"name": f"pod-{number}", "namespace": each["metadata"]["namespace"]}
            yield pod


def test_every_object_is_taken_and_a_second_time_changes_nothing(
    client: Client, taken: tuple[dict[str, Any], ...]
) -> None:
    """No field that the API server does not know, and none that it fills in otherwise than it was written."""
    steady = [each for each in taken if each["kind"] not in STATUS]
    versions = [[o["metadata"]["resourceVersion"] for o in apply_all(client, steady)] for _ in range(2)]
    assert versions[0] == versions[1]
    assert len(steady) >= 3


def test_pods_of_jobs_are_let_in_by_restricted_pod_security_and_by_the_guards(
    client: Client, taken: tuple[dict[str, Any], ...]
) -> None:
    """And no token of the cluster is mounted into one."""
    made = list(of_jobs(taken))
    assert made
    for pod in made:
        kept = client.create(pod, dry_run=True)
        assert not [v for v in kept["spec"]["volumes"] if "projected" in v]


@pytest.mark.parametrize(
    ("name", "namespace", "owners"),
    [("loader", "llmlz-system", {"Job": 1}), ("qdrant", "llmlz-qdrant", {"Job": 1, "StatefulSet": 3})],
)
def test_controllers_make_the_pods_within_the_quota(
    name: str, namespace: str, owners: Mapping[str, int], client: Client
) -> None:
    """All that run at once: a quota that is too small, or a pod that is not let in, would leave one out."""
    apply_all(client, [SYSTEM, *objects(GRAPHS[name]())])

    def made() -> bool:
        found = client.list("v1", "Pod", namespace)
        return Counter(p["metadata"]["ownerReferences"][0]["kind"] for p in found) == owners

    eventually(f"{dict(owners)} run in {namespace}", made)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spec": {"securityContext": {"runAsNonRoot": False}}}, "runAsNonRoot"),
        ({"spec": {"hostNetwork": True}}, "host namespaces"),
        (
            {"spec": {"containers": [{"securityContext": {"allowPrivilegeEscalation": True}}]}},
            "allowPrivilegeEscalation",
        ),
    ],
)
def test_a_looser_pod_is_refused(
    change: dict[str, Any], says: str, client: Client, taken: tuple[dict[str, Any], ...]
) -> None:
    """The namespace holds whoever comes after us to the same."""
    for pod in of_jobs(taken):
        containers = [{"securityContext": {"runAsNonRoot": None}}] if "runAsNonRoot" in says else []
        loose = merged(merged(pod, {"spec": {"containers": containers}} if containers else {}), change)
        with pytest.raises(RefusedError, match=says):
            client.create(loose, dry_run=True)
