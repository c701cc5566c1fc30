"""Everything but pods on a real API server: what a recorded graph becomes there, and what the guards refuse."""

from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.manifests import manifests
from tests.cluster.asking import content, eventually, merged, node_pool
from tests.cluster.conftest import GUARD
from tests.cluster.programs import ADMINS, PEOPLE, recorded

pytestmark = pytest.mark.ring(4)


def settled(client: Client) -> bool:
    """Controllers have written what they write once: checked types, and use of the quotas."""
    policies = client.list("admissionregistration.k8s.io/v1", GUARD)
    quotas = client.list("v1", "ResourceQuota")
    return all("typeChecking" in p.get("status", {}) for p in policies) and all("used" in q["status"] for q in quotas)


def test_everything_is_taken_and_a_second_time_changes_nothing(client: Client) -> None:
    """Server-side apply of the same graph again leaves the content of every object as it was, and its generation."""
    objects = manifests(recorded())
    first, second = ([content(one) for one in apply_all(client, objects)] for _ in range(2))
    assert first == second
    assert len(first) == len(objects) > 30


def test_guards_speak_only_of_fields_that_there_are(client: Client) -> None:
    """The API server checks the types of every expression against every kind that it matches."""
    eventually("types are checked", lambda: settled(client))
    found = client.list("admissionregistration.k8s.io/v1", GUARD)
    warnings = {p["metadata"]["name"]: p["status"]["typeChecking"].get("expressionWarnings") for p in found}
    assert len(warnings) == 7
    assert not any(warnings.values()), warnings


@pytest.mark.parametrize(
    ("spec", "annotations", "says"),
    [
        (
            {"type": "LoadBalancer"},
            {},
            "set the annotation service.beta.kubernetes.io/aws-load-balancer-scheme: internal",
        ),
        (
            {"type": "LoadBalancer"},
            {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"},
            "asks for a load balancer that is not said to be internal",
        ),
        ({"externalIPs": ["10.0.0.1"]}, {}, "takes over addresses by externalIPs: remove externalIPs"),
    ],
)
@pytest.mark.parametrize("namespace", ["default", "kube-system", "team-claims"])
def test_no_service_opens_a_door(
    client: Client, namespace: str, spec: dict[str, Any], annotations: dict[str, str], says: str
) -> None:
    """Anywhere in the cluster."""
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "door", "namespace": namespace, "annotations": annotations},
        "spec": {"ports": [{"port": 443}], **spec},
    }
    with pytest.raises(RefusedError) as refused:
        client.create(service, dry_run=True)
    assert says in refused.value.message


def test_an_internal_load_balancer_is_for_the_platform_alone(client: Client) -> None:
    """The guard lets it through, and a team's quota has none of them."""
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "gateway",
            "namespace": "default",
            "annotations": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"},
        },
        "spec": {"type": "LoadBalancer", "ports": [{"port": 443}]},
    }
    client.create(service, dry_run=True)
    with pytest.raises(RefusedError, match=r"exceeded quota.*services\.loadbalancers"):
        client.create(merged(service, {"metadata": {"namespace": "team-claims"}}), dry_run=True)


def test_only_the_platform_makes_labels_and_removes_namespaces(client: Client) -> None:
    """Somebody with every right over namespaces is refused by the guard, and a harmless label is not."""
    give = {"verbs": ["*"], "apiGroups": [""], "resources": ["namespaces"]}
    metadata = {"name": "namespace-editors"}
    group = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group"}
    api = "rbac.authorization.k8s.io/v1"
    client.apply({"apiVersion": api, "kind": "ClusterRole", "metadata": metadata, "rules": [give]})
    client.apply(
        {
            "apiVersion": api,
            "kind": "ClusterRoleBinding",
            "metadata": metadata,
            "roleRef": {**group, "kind": "ClusterRole", "name": "namespace-editors"},
            "subjects": [{**group, "name": "editors"}, {**group, "name": ADMINS}],
        }
    )
    somebody, platform = (client.acting_as("somebody", [name]) for name in ("editors", ADMINS))
    new = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "team-new", "labels": {"llmlz.io/team": "new"}},
    }
    address = client.path("v1", "Namespace", "team-search")

    def label(who: Client, key: str, value: str | None) -> None:
        change = {"metadata": {"labels": {key: value}}}
        who.request("PATCH", address, change, query={"dryRun": "All"}, media="application/merge-patch+json")

    with pytest.raises(RefusedError, match="add or remove the team in its team file"):
        somebody.create(new)
    with pytest.raises(RefusedError, match="add or remove the team in its team file"):
        somebody.delete("v1", "Namespace", "team-search")
    for key, value in (
        ("pool.llmlz.io/serving", "allowed"),
        ("llmlz.io/team", "claims"),
        ("llmlz.io/team", None),
        ("pod-security.kubernetes.io/enforce", "privileged"),
        ("pod-security.kubernetes.io/enforce", None),
    ):
        with pytest.raises(RefusedError, match=f"label {key} decides what may run in this namespace"):
            label(somebody, key, value)
        label(platform, key, value)
    label(somebody, "cost-centre", "4711")
    platform.create(new)
    platform.delete("v1", "Namespace", "team-new")
    eventually("the namespace is gone", lambda: client.find("v1", "Namespace", "team-new") is None)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"limits": None}, "has no limit for GPUs, so it may buy without end: set spec.limits nvidia.com/gpu"),
        ({"template": {"spec": {"taints": None}}}, "takes pods that do not name it: set taints nvidia.com/gpu"),
        (
            {"template": {"spec": {"taints": [{"key": "nvidia.com/gpu", "effect": "PreferNoSchedule"}]}}},
            "takes pods that do not name it",
        ),
    ],
    ids=["no limit", "no taint", "a taint that only asks"],
)
def test_a_pool_has_a_limit_and_takes_only_who_names_it(client: Client, spec: dict[str, Any], says: str) -> None:
    """The bill's hard stop; a pool that may have no GPU needs no taint."""
    with pytest.raises(RefusedError) as refused:
        client.create(merged(node_pool("loose"), {"spec": spec}), dry_run=True)
    assert says in refused.value.message
    client.create(node_pool("tight"), dry_run=True)
    plain = {"spec": {"limits": {"nvidia.com/gpu": "0"}, "template": {"spec": {"taints": None}}}}
    client.create(merged(node_pool("plain"), plain), dry_run=True)


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("create apps/deployments in team-claims", True),
        ("get /pods/log in team-claims", True),
        ("delete /pods in team-claims", True),
        ("create apps/deployments in team-search", False),
        ("list /pods in team-search", False),
        ("get /secrets in team-claims", False),
        ("create /pods in team-claims", False),
        ("create /pods/binding in team-claims", False),
        ("create /pods/exec in team-claims", False),
        ("create /serviceaccounts/token in team-claims", False),
        ("patch /resourcequotas in team-claims", False),
        ("patch networking.k8s.io/networkpolicies in team-claims", False),
        ("create rbac.authorization.k8s.io/rolebindings in team-claims", False),
        ("patch /namespaces in team-claims", False),
    ],
)
def test_the_people_of_a_team_roll_out_and_nothing_more(client: Client, asked: str, allowed: bool) -> None:
    """The server's own authorizer decides."""
    verb, what, _, namespace = asked.split(" ")
    group, resource, *part = what.split("/")
    attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
    attributes |= {"subresource": part[0]} if part else {}
    review = {"spec": {"user": "somebody", "groups": [PEOPLE], "resourceAttributes": attributes}}
    answer = client.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
    assert answer["status"]["allowed"] is allowed
