"""Kubernetes resources of a graph as manifests: their inputs are manifests already.

Owns: which resources are manifests, and the names that a cluster would give.
Does not own: verdicts (``scan``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.checkov.answers import Catalogue
from llmlz.checkov.doubt import Doubt
from llmlz.checkov.values import readable
from llmlz.graph.model import Graph, Resource

PACKAGE = "kubernetes"
OPAQUE = ("kubernetes:helm.sh/v3:Release", "kubernetes:kustomize:Directory", "kubernetes:yaml:ConfigFile")
"""Types that make resources which the graph does not show."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """What checkov can look at."""

    manifests: Mapping[str, dict[str, Any]]
    """URN to manifest."""

    doubts: tuple[Doubt, ...]


def manifests(graph: Graph, catalogue: Catalogue) -> Manifests:
    """The manifests of a graph, if some asked check looks at any; checks over several need all of them."""
    kinds = {kind for check in catalogue.checks.values() for kind in check.kinds}
    found: dict[str, dict[str, Any]] = {}
    doubts: list[Doubt] = []
    for resource in graph.custom() if kinds else ():
        if resource.type.partition(":")[0] != PACKAGE:
            continue
        manifest, problems = _manifest(resource)
        if manifest is not None:
            found[resource.urn] = manifest
        doubts += [Doubt(resource.urn, problem) for problem in problems]
    return Manifests(found, tuple(doubts))


def _manifest(resource: Resource) -> tuple[dict[str, Any] | None, list[str]]:
    """A resource as its manifest, and what is doubtful about it."""
    given = readable(resource)
    manifest = given.inputs
    if resource.type.startswith(OPAQUE) or not isinstance(manifest.get("kind"), str) or "apiVersion" not in manifest:
        return None, [f"{resource.type} is no manifest: what it makes cannot be seen"]
    if manifest["kind"].endswith("List") and "items" in manifest:
        return None, [f"{manifest['kind']} holds several resources, which are not looked at"]
    problems = [f"{path} is not known before deployment" for path in given.unknown]
    problems += [f"{path} is secret and cannot be read" for path in given.secret]
    metadata = manifest.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        return None, ["metadata is no object"]
    return {**manifest, "metadata": {"name": resource.name, **metadata}}, problems
