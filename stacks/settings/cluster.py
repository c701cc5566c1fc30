"""Settings of the cluster of a runtime: a new or an existing one."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stacks.settings.base import ClusterEndpoint, OneOfTwo, RoleArn, Settings
from stacks.settings.keys import KeyArn
from stacks.settings.network import Block, PublicBlock


class ClusterKeys(Settings):
    """Keys of the account and region that are brought along; nothing of them is changed."""

    cluster: KeyArn
    """For secrets of the cluster, and for disks of its nodes and pods."""
    logs: KeyArn
    """For the logs of the control plane; its policy lets CloudWatch Logs of the region use it."""


class NewCluster(Settings):
    """A cluster of EKS that the runtime makes, whose nodes AWS runs (Auto Mode)."""

    kubernetes_version: Annotated[str, Field(pattern=r"^1\.[0-9]{2}$")]
    """Such as 1.35, in quotes; one minor version at a time, and never back."""
    api_from: list[PublicBlock]
    """Addresses on the internet that may reach the cluster's API; nobody there can if empty."""
    keys: ClusterKeys | None = None
    """Keys that exist already; made here if left out. For good: EKS takes no other key later."""
    viewers: list[RoleArn] = Field(default=[])
    """Roles that see everything in the cluster but secrets, and change nothing."""


class OwnCluster(Settings):
    """A cluster of EKS that exists already, in the platform's account, region and network. Of the cluster itself nothing is
    changed: who may enter it, its version and its logs are its owner's.
    """

    name: Annotated[str, Field(pattern=r"^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$")]
    """The cluster."""
    endpoint: ClusterEndpoint
    """Address of its API."""
    certificate_authority: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/=]+$")]
    """What the certificate of its API is signed with, in base64."""
    disk_key: KeyArn
    """Key for disks of nodes and pods."""
    administrators: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]*$")]
    """Group of the access entries of those who make namespaces; the pipeline's is in it, and no team's."""
    node_role: Annotated[str, Field(pattern=r"^[\w+=,.@-]+$")]
    """Name of the role of its machines, which may join it already."""
    nodes: Literal["auto_mode", "karpenter", "node_groups"]
    """Who starts machines: AWS, a Karpenter that runs in the cluster, or groups that the runtime makes."""
    service_cidr: Block
    """Addresses of its Services."""
    node_image: Annotated[str, Field(pattern=r"^bottlerocket@v[0-9]+\.[0-9]+\.[0-9]+$")] | None = None
    """What Karpenter starts, such as ``bottlerocket@v1.53.0``; needed where Karpenter starts the nodes."""
    security_group_id: Annotated[str, Field(pattern=r"^sg-[0-9a-f]{8,17}$")]
    """The group in which nodes and control plane talk."""

    @model_validator(mode="after")
    def _karpenter_has_an_image(self) -> "OwnCluster":
        if (self.nodes == "karpenter") != (self.node_image is not None):
            raise ValueError("node_image where nodes is karpenter, and only there")
        return self


class ClusterSettings(OneOfTwo):
    """Exactly one of a new cluster and an existing one."""

    new: NewCluster | None = None
    """Make this cluster."""
    existing: OwnCluster | None = None
    """Use this cluster."""
