"""Who buys the machines of a pool, and what it must know of the cluster for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

Image = Literal["al2023", "bottlerocket"]
"""Operating system of the nodes. AWS builds the device plugin for GPUs into Bottlerocket and not into AL2023:
https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-k8s-device-plugin.html (2026-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoMode:
    """EKS Auto Mode: AWS runs Karpenter, the nodes' system, the driver and the device plugin."""

    role_name: pulumi.Input[str]
    """Role of the nodes; the cluster must admit it as EC2."""

    security_group_ids: Sequence[pulumi.Input[str]]
    """Groups of the nodes."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets that nodes are started in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Karpenter:
    """Karpenter that the platform runs itself."""

    ami_alias: str
    """System of the nodes at one version, such as ``bottlerocket@v1.53.0``; only an alias finds images for GPUs by itself
    (https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms, 2026-11). ``@latest`` is refused: what runs
    on the nodes would change without a deployment."""

    role_name: pulumi.Input[str]
    """Role of the nodes; the cluster must admit it."""

    security_group_ids: Sequence[pulumi.Input[str]]
    """Groups of the nodes."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets that nodes are started in."""

    def __post_init__(self) -> None:
        """Refuse an image that nobody chose; raises ``ValueError``."""
        family, _, version = self.ami_alias.partition("@")
        if family not in ("al2023", "bottlerocket") or version in ("", "latest"):
            raise ValueError(f"image {self.ami_alias!r}, expected al2023@ or bottlerocket@ with a version")


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeGroup:
    """Managed node groups: for capacity blocks with dates, and for drivers and settings of one's own.

    Nobody scales them by itself: they start with no node, and an autoscaler or a person sets how many run.
    """

    cluster_name: pulumi.Input[str]
    """The cluster that nodes join."""

    name_prefix: str
    """Start of the groups' names."""

    role_arn: pulumi.Input[str]
    """Role of the nodes."""

    security_group_ids: Sequence[pulumi.Input[str]]
    """Groups of the nodes, that of the cluster among them: EKS adds none to a launch template that names any."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Availability zone to the private subnet that nodes are started in."""

    image: Image = field(default="bottlerocket")
    """Operating system of the nodes; Bottlerocket if left out."""

    most_nodes: int | None = field(default=None)
    """Most machines of a pool without GPUs, and required there; one with GPUs has as many as its limit allows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kwok:
    """Machines that only a test has: Karpenter's provider for kwok."""

    registration_delay: str = field(default="0s")
    """How long a machine seems to boot, such as ``30s``; not at all if left out."""


Flavour = AutoMode | Karpenter | NodeGroup | Kwok


def brings_device_plugin(flavour: Flavour) -> bool:
    """Whether nodes offer their GPUs by themselves; otherwise the cluster needs a ``DevicePlugin``.

    Without it a node never counts as initialised and is never taken away:
    https://github.com/aws/karpenter-provider-aws/issues/1914 (2026-11).
    """
    if isinstance(flavour, Karpenter):
        return flavour.ami_alias.startswith("bottlerocket@")
    return not (isinstance(flavour, NodeGroup) and flavour.image == "al2023")
