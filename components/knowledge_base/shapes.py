"""A knowledge base as Bedrock writes it down: pure functions over its arguments.

They return dictionaries, whose types the SDK spells in names of a hundred characters.
"""

from typing import Any

import pulumi

from components.knowledge_base.args import Chunking, Embedding, KnowledgeBaseArgs, OpenSearchPlace


def sources(args: KnowledgeBaseArgs) -> str:
    """Where the documents come from, for a tag: the kinds of source, in the order of the alphabet."""
    return " ".join(sorted({type(connector).__name__.lower() for connector in args.connectors.values()}))


def chunked(chunking: Chunking) -> Any:
    """How documents are cut, as Bedrock writes it down.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ChunkingConfiguration.html (2026-11)
    """
    if chunking.tokens == 0:
        return {"chunking_strategy": "NONE"}
    size = {"max_tokens": chunking.tokens, "overlap_percentage": chunking.overlap_percent}
    return {"chunking_strategy": "FIXED_SIZE", "fixed_size_chunking_configuration": size}


def embedded(embedding: Embedding) -> Any:
    """Which model embeds, and how long its vectors are where that is a choice."""
    vectors: dict[str, Any] = {"embedding_model_arn": embedding.profile_arn}
    if embedding.asks_dimensions:
        asked = {"dimensions": embedding.dimensions, "embedding_data_type": "FLOAT32"}
        vectors["embedding_model_configuration"] = {"bedrock_embedding_model_configuration": asked}
    return {"type": "VECTOR", "vector_knowledge_base_configuration": vectors}


def stored(place: OpenSearchPlace, index: str) -> Any:
    """An index of OpenSearch Serverless, with the fields that the step gave it and that Bedrock fills."""
    fields = {"metadata_field": "metadata", "text_field": "text", "vector_field": "vector"}
    where = {"collection_arn": place.collection_arn, "field_mapping": fields, "vector_index_name": index}
    return {"type": "OPENSEARCH_SERVERLESS", "opensearch_serverless_configuration": where}


def stored_in_index(index_arn: pulumi.Input[str]) -> Any:
    """An index of S3 Vectors."""
    return {"type": "S3_VECTORS", "s3_vectors_configuration": {"index_arn": index_arn}}
