"""What a cluster is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeAccess:
    """What nodes are started with, whoever describes them."""

    role_name: pulumi.Output[str]
    """The nodes' role; ready when its policies are attached and the cluster admits machines that have it."""

    security_group_id: pulumi.Output[str]
    """The group that EKS makes for the cluster; nodes and control plane talk within it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterPlace:
    """A cluster, as whatever goes into it needs to know it; whoever made it."""

    arn: pulumi.Output[str]
    """The cluster, as policies name it."""

    certificate_authority: pulumi.Output[str]
    """The certificate that the API's own is signed with, in base64."""

    disk_key_arn: pulumi.Output[str]
    """Key of the disks of nodes and pods."""

    endpoint: pulumi.Output[str]
    """Address of the API; ready when administrators can enter."""

    name: pulumi.Output[str]
    """The cluster, as callers name it."""

    nodes: NodeAccess
    """What nodes are started with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterArgs:
    """What a cluster is made of."""

    account_id: str
    """Twelve digits; only EKS in this account takes the cluster's role."""

    administrator_arns: Sequence[str]
    """Roles that administer the cluster: the pipeline, and the one for emergencies."""

    administrators_group: str
    """Group inside the cluster that the administrators are in, so that guards tell them from others."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the nodes' role."""

    control_plane_boundary_arn: pulumi.Input[str]
    """Permission boundary of the cluster's role, which starts machines, disks and load balancers."""

    kms_key_arn: pulumi.Input[str]
    """Key of the cluster's secrets and of its nodes' disks. Chosen once: EKS takes no other key later."""

    log_key_arn: pulumi.Input[str]
    """Key of the log group of the control plane."""

    log_retention_days: int
    """How long the logs of the control plane are kept."""

    name_prefix: str
    """Start of every physical name; the cluster itself is called so."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    service_cidr: str
    """Addresses of Services, apart from those of the network. Never changed: EKS refuses another block."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Where the control plane reaches into the network: in two zones at least. Never changed: another list of zones is
    refused by EKS."""

    version: str
    """Kubernetes, such as ``1.35``. AWS upgrades one minor version at a time, and never back."""

    public_cidrs: Sequence[str] = field(default=())
    """Addresses on the internet that may reach the API; nobody there can if left out."""

    viewer_arns: Sequence[str] = field(default=())
    """Roles that see everything but secrets, and change nothing; none if left out."""
