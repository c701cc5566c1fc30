"""Pools of nodes: Karpenter's, those of EKS Auto Mode, and managed node groups."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._kubernetes import quantity
from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mappings, part, shown, text, texts

POOL, NODE_GROUP = "kubernetes:karpenter.sh/v1:NodePool", "aws:eks/nodeGroup:NodeGroup"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GPU = "nvidia.com/gpu"

TYPE = "node.kubernetes.io/instance-type"
FAMILIES = ("karpenter.k8s.aws/instance-family", "eks.amazonaws.com/instance-family")
SIZES = ("karpenter.k8s.aws/instance-size", "eks.amazonaws.com/instance-size")
CATEGORIES = ("karpenter.k8s.aws/instance-category", "eks.amazonaws.com/instance-category")
ACCELERATORS = ("instance-gpu-count", "instance-gpu-name")
CAPACITY = "karpenter.sh/capacity-type"

PLAIN = re.compile(r"(a|c|d|h|hpc|i|im|is|m|r|t|x|z)(\d[a-z0-9-]*)?")
"""Families and categories without an accelerator; what is not listed counts as one that has it
(docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html, 2026-11)."""

Requirement = tuple[str, str, tuple[str, ...]]
"""Key, operator and values."""


def node_spec(pool: Resource) -> Mapping[str, Any]:
    """What a NodePool says about its nodes."""
    return part(pool.inputs, "spec", "template", "spec")


def requirements(pool: Resource) -> tuple[Requirement, ...]:
    """What a NodePool demands of instances."""
    found = mappings(node_spec(pool), "requirements")
    return tuple((text(r, "key") or "", text(r, "operator") or "", texts(r, "values")) for r in found)


def listed(pool: Resource, *keys: str) -> Iterator[tuple[str, ...]]:
    """The values of every demand that names what it wants for one of these keys."""
    yield from (values for key, operator, values in requirements(pool) if key in keys and operator == "In" and values)


def family(instance_type: str) -> str:
    """``g6`` of ``g6.xlarge``."""
    return instance_type.partition(".")[0]


def size(instance_type: str) -> str:
    """``xlarge`` of ``g6.xlarge``."""
    return instance_type.partition(".")[2]


def may_have_gpus(pool: Resource) -> bool:
    """Neither the limit nor a demand keeps accelerated instances out of a NodePool."""
    if quantity(part(pool.inputs, "spec", "limits"), GPU) == 0:
        return False
    for key, operator, values in requirements(pool):
        if key.rpartition("/")[2] in ACCELERATORS and operator == "DoesNotExist":
            return False
        kinds = key in (TYPE, *FAMILIES, *CATEGORIES) and operator == "In" and values
        if kinds and all(PLAIN.fullmatch(family(value)) for value in values):
            return False
    return True


def launch_template(resource: Resource, context: Context) -> Resource | None:
    """The launch template of a group or an instance, if this stack makes it."""
    made = targets(resource, "launchTemplate", context, LAUNCH_TEMPLATE)
    return next(iter(made or pointing_at(context, resource, LAUNCH_TEMPLATE, "name", "launchTemplate.name")), None)


def instance_types(group: Resource, context: Context) -> tuple[str, ...]:
    """Instance types of a managed node group, its launch template's included."""
    found = texts(group.inputs, "instanceTypes")
    template = launch_template(group, context)
    own = text(template.inputs, "instanceType") if template is not None else None
    return (*found, own) if own else found


def group_has_gpus(group: Resource, context: Context) -> bool:
    """The group's image is one for accelerators, or one of its instance types has any."""
    image = (text(group.inputs, "amiType") or "").upper()
    types = instance_types(group, context)
    if not types and part(group.inputs, "launchTemplate") and image in ("", "CUSTOM"):
        raise UnreadableError("the instance types are in a launch template that this stack does not show")
    accelerated = any(mark in image for mark in ("NVIDIA", "GPU", "NEURON"))
    return accelerated or any(not PLAIN.fullmatch(family(t)) for t in types)


def minutes(value: Any) -> float:
    """A duration such as ``336h`` or ``1h30m``; endless for ``Never``. Raises ``UnreadableError`` for anything else."""
    if value == "Never":
        return float("inf")
    if not isinstance(value, str) or not re.fullmatch(r"(\d{1,9}[hms])+", value):
        raise UnreadableError(f"{shown(value)} is not a duration such as 336h")
    units = {"h": 60.0, "m": 1.0, "s": 1 / 60}
    return sum(float(n) * units[unit] for n, unit in re.findall(r"(\d+)([hms])", value))
