"""Kubernetes objects as resources: names, namespaces, pods and quantities."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import names
from policies.pack._rule import Resource
from policies.pack._values import UnreadableError, mappings, part, shown, text

NAMESPACES = ("kubernetes:core/v1:Namespace", "kubernetes:v1:Namespace")
"""The second is what an untyped ``CustomResource`` makes of the core group."""

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")

POD_SPECS: Mapping[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Kind to the place of its pod; every other workload has it in ``spec.template.spec``."""

QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE]))?", re.ASCII)
UNITS: Mapping[str | None, float] = {
    None: 1.0,
    **{unit: 1000.0**power for unit, power in zip("numkMGTPE", (-3, -2, -1, 1, 2, 3, 4, 5, 6), strict=True)},
    **{f"{unit}i": 1024.0**power for unit, power in zip("KMGTPE", range(1, 7), strict=True)},
}
"""Suffixes of quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (2026-11)"""


def kind_of(resource: Resource) -> tuple[str, str] | None:
    """API group and kind, such as ``("apps", "Deployment")``; ``None`` for what is no Kubernetes object."""
    package, _, rest = resource.type.partition(":")
    api, _, kind = rest.rpartition(":")
    return (api.rpartition("/")[0] or "core", kind) if package == "kubernetes" else None


def name_of(resource: Resource) -> str | None:
    """The object's name; ``None`` where the engine makes one up."""
    return text(part(resource.inputs, "metadata"), "name")


def belongs(resource: Resource, namespace: Resource) -> bool:
    """The object is in this namespace of the same cluster, by reference or by name."""
    same_cluster = resource.provider == namespace.provider
    return same_cluster and names(resource, "metadata.namespace", namespace, "metadata.name")


def pod_of(resource: Resource) -> Mapping[str, Any]:
    """What a workload, or a patch of one, says about its pods."""
    kind = resource.type.rpartition(":")[2].removesuffix("Patch")
    return part(resource.inputs, *POD_SPECS.get(kind, ("spec", "template", "spec")))


def containers(pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every container of a pod with its place."""
    for key in CONTAINERS:
        for index, container in enumerate(mappings(pod, key)):
            yield f"{key}[{index}]", container


def quantity(inputs: Mapping[str, Any], key: str) -> float | None:
    """The quantity at ``key`` as a number, bytes for memory; ``None`` where it is absent."""
    value = inputs.get(key)
    if value is None:
        return None
    found = (
        QUANTITY.fullmatch(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    )
    if found is None:
        raise UnreadableError(f"{key} is {shown(value)}, a quantity such as 8 or 16Gi is expected")
    digits, exponent, unit = found.groups()
    return float(digits + (exponent or "")) * UNITS[unit]
