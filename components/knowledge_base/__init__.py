"""A team's documents from several sources, made searchable by Bedrock."""

from components.knowledge_base.args import Chunking, Embedding, KnowledgeBaseArgs, OpenSearchPlace, S3VectorsPlace
from components.knowledge_base.component import KnowledgeBase
from components.knowledge_base.connectors import S3, Confluence, Connector, Filter, Salesforce, SharePoint, Web

__all__ = [
    "S3",
    "Chunking",
    "Confluence",
    "Connector",
    "Embedding",
    "Filter",
    "KnowledgeBase",
    "KnowledgeBaseArgs",
    "OpenSearchPlace",
    "S3VectorsPlace",
    "Salesforce",
    "SharePoint",
    "Web",
]
