"""Which pods a real API server lets in, with the guards and two teams as a program of ours records them."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.cluster_guards import guard_specs
from llmlz.cluster.client import Client, RefusedError
from tests.cluster.asking import IMAGE, eventually, merged, pod, workload
from tests.cluster.conftest import GUARD
from tests.cluster.programs import GUARDS, REGISTRY

pytestmark = pytest.mark.ring(4)

BAD = YAML(typ="safe").load(
    (Path(__file__).parent / "data" / "pods.yaml")
    .read_text(encoding="utf-8")
    .replace("REGISTRY", REGISTRY)
    .replace("image: IMAGE", f"image: {IMAGE}")
)
API = "admissionregistration.k8s.io/v1"
WORKLOADS = ["CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"]


@pytest.mark.parametrize("case", BAD, ids=lambda case: str(case["name"]))
def test_a_bad_pod_is_refused_and_told_what_to_do(client: Client, case: dict[str, Any]) -> None:
    """One change of a good pod, one sentence."""
    with pytest.raises(RefusedError) as refused:
        client.create(merged(pod("bad"), case["change"]), dry_run=True)
    assert case["says"] in refused.value.message


@pytest.mark.parametrize(
    "good",
    [
        pod("plain"),
        pod("gpu", gpus=2, pool="serving"),
        pod("other", "search"),
        merged(
            pod("hurry"), {"spec": {"tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}]}}
        ),
    ],
    ids=lambda p: str(p["metadata"]["name"]),
)
def test_a_good_pod_gets_in(client: Client, good: dict[str, Any]) -> None:
    """With bounds for its container, and without a token."""
    kept = client.create(good, dry_run=True)
    assert kept["spec"]["containers"][0]["resources"]["limits"].keys() >= {"cpu", "memory"}
    assert kept["spec"].get("volumes", []) == []


def test_a_pod_that_names_no_account_gets_no_token_either(client: Client) -> None:
    """The account that Kubernetes makes in every namespace is patched."""
    kept = client.create(merged(pod("plain"), {"spec": {"serviceAccountName": None}}), dry_run=True)
    assert kept["spec"]["serviceAccountName"] == "default"
    assert kept["spec"].get("volumes", []) == []


@pytest.mark.parametrize("kind", WORKLOADS)
def test_whoever_applies_a_workload_reads_the_sentence_at_once(client: Client, kind: str) -> None:
    """Not in an event of a ReplicaSet some minutes later; a good template gets in."""
    bad = merged(pod("bad"), {"spec": {"containers": [{"image": f"{REGISTRY}/server:1"}]}})
    with pytest.raises(RefusedError, match="is not named by digest"):
        client.create(workload(kind, bad), dry_run=True)
    client.create(workload(kind, pod("good")), dry_run=True)


def test_a_running_pod_cannot_be_changed_into_a_bad_one(client: Client) -> None:
    """Neither its label, nor its image, nor by one more toleration, nor by a container that is added to look inside."""
    kept = client.create(pod("running"))
    address = client.path("v1", "Pod", "running", "team-claims")
    label = {"metadata": {"labels": {"llmlz.io/team": "search"}}}
    image = {"spec": {"containers": [{"name": "server", "image": f"{REGISTRY}/server:1"}]}}
    everything = {"spec": {"tolerations": [*kept["spec"]["tolerations"], {"operator": "Exists"}]}}
    looks = {**kept["spec"]["containers"][0], "name": "look", "image": f"{REGISTRY}/look:latest", "resources": {}}
    debug = {"spec": {"ephemeralContainers": [looks]}}
    asked: list[tuple[str, dict[str, Any], str]]
    asked = [(address, label, "set metadata.labels"), (address, image, "not named by digest")]
    asked += [(address, everything, "without a key"), (f"{address}/ephemeralcontainers", debug, "by digest")]
    for path, change, says in asked:
        with pytest.raises(RefusedError, match=says):
            client.request("PATCH", path, change, media="application/strategic-merge-patch+json")
    note = {"metadata": {"annotations": {"seen": "yes"}}}
    client.request("PATCH", address, note, media="application/strategic-merge-patch+json")
    client.delete("v1", "Pod", "running", "team-claims")


def test_the_second_pod_over_the_quota_is_refused(client: Client) -> None:
    """The sum counts: two GPUs are in use, and the server says so, and where the number is set."""
    client.create(pod("all", gpus=2, pool="serving"))
    with pytest.raises(RefusedError) as refused:
        client.create(pod("more", gpus=1, pool="serving"))
    words = "exceeded quota: set-in-team-file, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=2"
    assert words in refused.value.message
    client.delete("v1", "Pod", "all", "team-claims")


WORDS = {("pools", 1)}
"""Rules whose pods two other rules refuse too, and say less clearly why."""


def rules() -> list[tuple[str, int]]:
    """Each rule of each guard of pods: role of the guard, and the rule's place."""
    found = guard_specs(GUARDS)
    pods = [role for role, spec in found.items() if "namespaceSelector" in spec["matchConstraints"]]
    return [(role, place) for role in pods for place in range(len(found[role]["validations"]))]


@pytest.mark.parametrize(("role", "place"), rules())
def test_every_rule_is_needed(client: Client, role: str, place: int) -> None:
    """Without it a pod of the table gets in that nothing else refuses; with it again, it gets its sentence."""
    mine = [case for case in BAD if f"'llmlz-{role}'" in said(client, case)]
    spec = guard_specs(GUARDS)[role]
    whole = {"apiVersion": API, "kind": GUARD, "metadata": {"name": f"llmlz-{role}"}, "spec": spec}
    less = [rule for i, rule in enumerate(spec["validations"]) if i != place]
    client.apply({**whole, "spec": {**spec, "validations": less}})

    def let_in() -> list[dict[str, Any]]:
        answers = [(case, said(client, case)) for case in mine]
        return [case for case, words in answers if (case["says"] not in words if (role, place) in WORDS else not words)]

    admitted = eventually("a pod gets in", let_in)
    client.apply(whole)
    eventually("it is refused again", lambda: all(case["says"] in said(client, case) for case in admitted))


def said(client: Client, case: dict[str, Any]) -> str:
    """Why a pod of the table is refused; empty if it is not."""
    try:
        client.create(merged(pod("bad"), case["change"]), dry_run=True)
    except RefusedError as refused:
        return refused.message
    return ""
