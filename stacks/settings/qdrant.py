"""Settings of Qdrant in a cluster, and of a team's collection in it."""

from typing import Annotated, Literal

from pydantic import Field

from stacks.settings.base import Image, Settings


class Qdrant(Settings):
    """A vector store in the cluster, which teams share without seeing each other."""

    image: Image
    """Qdrant, the build for users without rights."""
    program_image: Image
    """Python 3.11 or later with boto3, for the jobs that make keys, tokens, collections and backups."""
    replicas: Literal[1, 3] = 3
    """Nodes: three keep answering when one goes away. Chosen once; three if left out."""
    disk_gib: Annotated[int, Field(ge=1, le=16384)] = 50
    """Disk of a node, in GiB. Chosen once: Kubernetes takes no other size afterwards. 50 if left out."""
    cpus: Annotated[int, Field(ge=1, le=64)] = 2
    """Processors of a node; two if left out."""
    memory_gib: Annotated[int, Field(ge=1, le=512)] = 8
    """Memory of a node, in GiB; eight if left out."""
    backup_days: Annotated[int, Field(ge=1, le=3650)] = 35
    """How long backups are kept; five weeks if left out."""


class QdrantCollection(Settings):
    """A team's collection, which carries the team's name."""

    dimensions: Annotated[int, Field(ge=1, le=65536)]
    """Numbers per vector: what the embedding model gives. A collection keeps it for good."""
