"""What Qdrant in a cluster is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """The collection of one team."""

    reader_role_arn: str
    """The role that reads the team's token; it need not exist yet."""

    size: int
    """Numbers in a vector; a collection keeps it for good."""

    distance: Literal["Cosine", "Dot", "Euclid", "Manhattan"] = field(default="Cosine")
    """How near two vectors are; a collection keeps it for good. The cosine if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QdrantArgs:
    """What a Qdrant of the platform is made of."""

    account_id: str
    """Twelve digits; part of the name of the bucket with the backups."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the roles."""

    cluster_arn: pulumi.Input[str]
    """The cluster whose pods take the roles."""

    cluster_name: pulumi.Input[str]
    """The same cluster, as EKS names it."""

    collections: Mapping[str, Collection]
    """Team to its collection, which carries the team's name."""

    image: str
    """Qdrant's image for users without rights, by its digest."""

    kms_key_arn: pulumi.Input[str]
    """Key of the secrets and the backups; the storage class brings the key of the disks."""

    name_prefix: str
    """Start of every name in AWS."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    program_image: str
    """Python 3.11 or later with boto3, by its digest."""

    region: str
    """Where all of this is."""

    storage_class: pulumi.Input[str]
    """Storage class of the disks, encrypted with a customer's key."""

    backup_days: int = field(default=35)
    """How long backups are kept; five weeks if left out."""

    backup_schedule: str = field(default="30 2 * * *")
    """When backups are made, as cron writes it, in UTC; at night if left out."""

    cpus: int = field(default=2)
    """Processors of a node; two if left out."""

    disk_gib: int = field(default=50)
    """Disk of a node. Chosen once: Kubernetes takes no other size in a set of nodes, and another set would have empty
    disks. 50 if left out."""

    memory_gib: int = field(default=8)
    """Memory of a node; eight if left out."""

    namespace: str = field(default="llmlz-qdrant")
    """The namespace, which is Qdrant's alone."""

    replicas: Literal[1, 3] = field(default=3)
    """Nodes: three keep answering when one goes away, and each collection has two copies. Three if left out."""

    token_days: int = field(default=90)
    """Life of a team's token, which is renewed at half of it; 90 if left out."""
