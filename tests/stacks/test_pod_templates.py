"""Every pod that the stacks make fits a pool of its runtime, in every estate that has one."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from llmlz.graph.model import Graph, Resource
from stacks.estate import load_estate
from tests import in_qdrant, ladder
from tests.components.pools import fits
from tests.estates import EXAMPLE

POOL = "kubernetes:karpenter.sh/v1:NodePool"
WORKLOADS = {
    "kubernetes:apps/v1:DaemonSet": ("template",),
    "kubernetes:apps/v1:Deployment": ("template",),
    "kubernetes:apps/v1:StatefulSet": ("template",),
    "kubernetes:batch/v1:CronJob": ("jobTemplate", "spec", "template"),
    "kubernetes:batch/v1:Job": ("template",),
}
"""Type to where, below its spec, it says what its pods are like."""


@cache
def runtimes() -> Mapping[str, Graph]:
    """The runtimes of the example, of an estate with Qdrant, and of the ladder."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # slow to import

    return {
        "example": record_estate(load_estate(EXAMPLE.with_name("runtime")))["runtime-models"],
        "qdrant": in_qdrant.recorded("reliable")[ladder.RUNTIME],
        "ladder": ladder.recorded("scaled")[ladder.RUNTIME],
    }


def pods(graph: Graph) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Each workload with the spec of its pods."""
    for resource in graph.custom():
        if resource.type in WORKLOADS:
            here: Any = resource.inputs["spec"]
            for step in WORKLOADS[resource.type]:
                here = here[step]
            yield resource, here["spec"]


def homes(pod: Mapping[str, Any], graph: Graph) -> list[str]:
    """Pools on whose nodes a pod may run, by its selector and what it tolerates."""
    templates = {pool.inputs["metadata"]["name"]: pool.inputs["spec"]["template"] for pool in graph.of_type(POOL)}
    return [
        name
        for name, nodes in templates.items()
        if fits(pod, nodes["metadata"]["labels"], nodes["spec"].get("taints", []))
    ]


@pytest.mark.parametrize("name", ["example", "qdrant", "ladder"])
def test_every_pod_fits_a_pool(name: str) -> None:
    """Or it would wait for ever, and nobody would hear why."""
    graph = runtimes()[name]
    assert {resource.name: [] for resource, pod in pods(graph) if not homes(pod, graph)} == {}


def test_there_are_pods_to_ask_about() -> None:
    """Jobs of the loader and nodes of Qdrant are among them."""
    kinds = {resource.type.rpartition(":")[2] for graph in runtimes().values() for resource, _ in pods(graph)}
    assert kinds >= {"CronJob", "Job", "StatefulSet"}


def test_a_pod_for_a_pool_that_is_not_there_fits_none() -> None:
    """The question above can be answered with no."""
    graph = runtimes()["example"]
    (_, pod) = next(pods(graph))
    assert homes({**pod, "nodeSelector": {"llmlz.io/pool": "nowhere"}}, graph) == []
