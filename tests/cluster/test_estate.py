"""The example with a runtime and two teams, in a real API server: accepted, unchanged the second time, teams apart."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.definitions import definitions
from llmlz.cluster.manifests import manifests
from llmlz.graph.model import Graph, texts
from llmlz.graph.standins import cores
from stacks.estate import load_estate
from tests.cluster.asking import content, eventually, merged, pod
from tests.estates import EXAMPLE

pytestmark = pytest.mark.ring(4)

STACKS = ("runtime-models", "team-claims-models", "team-search-models")
ACCOUNT, REGION = "222233330001", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-00000000000000000000000000000000"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/server@sha256:{'0' * 64}"


@cache
def graphs() -> Mapping[str, Graph]:
    """Every stack of the example."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # slow to import

    return record_estate(load_estate(EXAMPLE.with_name("runtime")))


def real(graph: Graph) -> dict[str, str | int]:
    """Plausible values for what only the cloud decides: ids of subnets and groups, and one key."""
    found: dict[str, str | int] = {}
    for resource in graph.custom():
        for path, leaf in texts(resource.inputs):
            for core in cores(str(leaf)):
                standin = graph.standins.get(core)
                key = f"{graph.by_urn[standin.urn].name}.{standin.path}" if standin else core
                found[key] = _plausible(path)
    return found


def _plausible(path: str) -> str:
    if "kms" in path.lower():
        return KEY
    if "securityGroup" in path:
        return "sg-0123456789abcdef0"
    return "subnet-0123456789abcdef0" if "subnet" in path else "llmlz-models-nodes"


def objects(stack: str) -> list[Mapping[str, Any]]:
    """What a stack puts into its cluster."""
    graph = graphs()[stack]
    return list(manifests(graph, real(graph)))


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[Client]:
    """The administrator of a control plane that holds the runtime and both teams."""
    with ControlPlane() as made:
        apply_all(made.client, definitions())
        for stack in STACKS:
            apply_all(made.client, objects(stack))
        eventually(
            "the guards are at work", lambda: refusal(made.client, merged(claim(), {"metadata": {"labels": None}}))
        )
        yield made.client


def claim(*, gpus: int = 0, pool: str = "") -> dict[str, Any]:
    """A pod of the team with an image of the account's registry, and limits that its quota wants to hear."""
    asked = {"cpu": "1", "memory": "2Gi"}
    limits = {**asked, "nvidia.com/gpu": str(gpus)} if gpus else asked
    own = {"spec": {"containers": [{"image": IMAGE, "resources": {"limits": limits, "requests": asked}}]}}
    found: dict[str, Any] = merged(pod("claim", gpus=gpus, pool=pool), own)
    return found


def refusal(client: Client, wanted: Mapping[str, Any]) -> str:
    """What the API server says to a pod; nothing where it takes it."""
    try:
        client.create(wanted, dry_run=True)
    except RefusedError as refused:
        return refused.message
    return ""


@pytest.mark.parametrize("stack", STACKS)
def test_a_second_deployment_changes_nothing(client: Client, stack: str) -> None:
    """Each object keeps its generation and content: nothing is defaulted in a way that a second apply fights with."""
    first = [content(one) for one in apply_all(client, objects(stack))]
    assert first == [content(one) for one in apply_all(client, objects(stack))]


def test_a_pod_of_the_team_is_admitted(client: Client) -> None:
    """With and without a GPU; or every refusal below would say nothing."""
    assert refusal(client, claim()) == ""
    assert refusal(client, claim(gpus=1, pool="serving")) == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"metadata": {"labels": None}}, "llmlz.io/team"),
        ({"spec": {"containers": [{"image": "docker.io/library/server:latest"}]}}, "sha256"),
        ({"spec": {"securityContext": None}}, "PodSecurity"),
        ({"spec": {"tolerations": [{"operator": "Exists"}]}}, "llmlz.io/pool"),
    ],
    ids=["no team", "image by tag", "pod security", "every pool"],
)
def test_a_bad_pod_is_refused_with_what_to_do(client: Client, change: Mapping[str, Any], says: str) -> None:
    """By the guards and labels that the stacks themselves make."""
    assert says in refusal(client, merged(claim(), change))


def test_more_gpus_than_the_team_file_says_are_refused(client: Client) -> None:
    """The quota is the team's own, from its file."""
    said = refusal(client, claim(gpus=3, pool="serving"))
    assert "exceeded quota: set-in-team-file" in said
    assert "requests.nvidia.com/gpu=2" in said


def test_a_pool_of_one_team_is_closed_to_the_other(client: Client) -> None:
    """The same pod, in the other team's namespace: the message names the pools that it may use."""
    assert refusal(client, claim(gpus=1, pool="claims")) == ""
    place = {"metadata": {"namespace": "team-search", "labels": {"llmlz.io/team": "search"}}}
    said = refusal(client, merged(claim(pool="claims"), place))
    assert "which this namespace may not use: take one of: general, serving" in said


def test_a_pod_cannot_say_that_it_is_another_teams(client: Client) -> None:
    """The label is that of the namespace, or money and rights would be somebody else's."""
    assert "llmlz.io/team" in refusal(client, merged(claim(), {"metadata": {"labels": {"llmlz.io/team": "search"}}}))
