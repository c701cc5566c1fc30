"""The vector store of a platform."""

from components.vector_store.component import VectorStore, VectorStoreArgs
from components.vector_store.opensearch import OpenSearch
from components.vector_store.pgvector import PgVector
from components.vector_store.s3_vectors import S3Vectors

__all__ = ["OpenSearch", "PgVector", "S3Vectors", "VectorStore", "VectorStoreArgs"]
