"""Where teams keep their vectors: one store, one space per team.

Owns: the store of the chosen engine.
Does not own: the spaces in it (``VectorSpace``).
"""

from dataclasses import dataclass

import pulumi

from components.vector_store import opensearch as search
from components.vector_store import pgvector as postgres
from components.vector_store import s3_vectors as s3
from components.vector_store.opensearch import OpenSearch
from components.vector_store.pgvector import PgVector
from components.vector_store.s3_vectors import S3Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorStoreArgs:
    """What a vector store is made of."""

    account_id: str
    """Twelve digits; nobody from another account gets in."""

    engine: OpenSearch | PgVector | S3Vectors
    """The engine and what it needs. Another engine is another store: vectors do not move by themselves."""

    kms_key_arn: pulumi.Input[str]
    """Key of everything stored, and of the logs; its policy must let the engine's services use it."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the store is."""


class VectorStore(pulumi.ComponentResource):
    """One vector store."""

    attributes: dict[str, pulumi.Output[str]]
    """What ``VectorSpace`` needs to know of the store, by engine; ready when the store takes calls."""

    kind: str
    """``opensearch``, ``pgvector`` or ``s3_vectors``."""

    def __init__(self, name: str, args: VectorStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the store of ``args.engine``."""
        super().__init__("llmlz:index:VectorStore", name, {}, opts)

        match args.engine:
            case PgVector() as engine:
                self.kind = postgres.KIND
                self.attributes = postgres.pgvector(
                    name,
                    engine,
                    account_id=args.account_id,
                    kms_key_arn=args.kms_key_arn,
                    name_prefix=args.name_prefix,
                    partition=args.partition,
                    region=args.region,
                    parent=self,
                )
            case OpenSearch() as engine:
                self.kind = search.KIND
                self.attributes = search.opensearch(
                    name,
                    engine,
                    account_id=args.account_id,
                    kms_key_arn=args.kms_key_arn,
                    name_prefix=args.name_prefix,
                    partition=args.partition,
                    region=args.region,
                    parent=self,
                )
            case S3Vectors():
                self.kind = s3.KIND
                self.attributes = s3.s3_vectors(
                    name,
                    account_id=args.account_id,
                    kms_key_arn=args.kms_key_arn,
                    name_prefix=args.name_prefix,
                    parent=self,
                )
        self.register_outputs({"attributes": self.attributes, "kind": self.kind})
