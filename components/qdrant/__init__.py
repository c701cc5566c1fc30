"""Qdrant in a cluster: a vector store that teams share without seeing each other."""

from components.qdrant.args import Collection, QdrantArgs
from components.qdrant.component import Qdrant

__all__ = ["Collection", "Qdrant", "QdrantArgs"]
