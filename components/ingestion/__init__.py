"""The ingestion pipeline of a team."""

from components.ingestion.args import IngestionArgs, MaskedCopies, QualityLines
from components.ingestion.component import Ingestion

__all__ = ["Ingestion", "IngestionArgs", "MaskedCopies", "QualityLines"]
