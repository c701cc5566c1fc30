"""What the $names about knowledge bases stand for: those of a team, and the one that a role belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.access.data_access import index_arn
from llmlz.access.layers import output_of
from llmlz.access.proof.names import Names
from llmlz.graph.model import Graph, Resource

INDEX = "aws:s3/vectorsIndex:VectorsIndex"
BASE = "aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105  # a type of resource
KNOWLEDGE = "llmlz:index:KnowledgeBase$"
"""In the URN of whatever belongs to a knowledge base."""


def belongs_to_one(urn: str) -> bool:
    """Whether a resource is part of a knowledge base."""
    return KNOWLEDGE in urn


def of_team(graph: Graph, store: Mapping[str, Any]) -> Names:
    """Every knowledge base of a team together; ``store`` is what the platform says of its store of vectors."""
    parts = [resource for resource in graph.custom() if belongs_to_one(resource.urn)]
    return {
        "knowledge_collection_indexes": _in_collection(graph, parts, store),
        "own_knowledge": tuple(output_of(graph, one) for one in parts if one.type == BASE),
        "knowledge_indexes": _indexes(graph, parts),
        "knowledge_secrets": _secrets(parts),
    }


def of_role(role_urn: str, graph: Graph, store: Mapping[str, Any], names: Names) -> Names:
    """``names``, and what the knowledge base of one role has."""
    parent = graph.by_urn[role_urn].parent
    parts = [resource for resource in graph.custom() if resource.parent == parent]
    return {
        **names,
        "this_index": _indexes(graph, parts),
        "this_collection": (store["collection_arn"],) if "collection_arn" in store else (),
        "this_collection_index": _in_collection(graph, parts, store),
        "these_secrets": _secrets(parts),
    }


def _indexes(graph: Graph, parts: Sequence[Resource]) -> tuple[str, ...]:
    return tuple(output_of(graph, one, "indexArn") for one in parts if one.type == INDEX)


def _in_collection(graph: Graph, parts: Sequence[Resource], store: Mapping[str, Any]) -> tuple[str, ...]:
    """Indexes of a collection that a knowledge base names."""
    found = [
        one.inputs["storageConfiguration"].get("opensearchServerlessConfiguration") for one in parts if one.type == BASE
    ]
    return tuple(index_arn(graph, store["collection_name"], str(where["vectorIndexName"])) for where in found if where)


def _secrets(parts: Sequence[Resource]) -> tuple[str, ...]:
    """Secrets of sources: each is closed by a policy, and made by nobody here."""
    return tuple(str(one.inputs["secretArn"]) for one in parts if one.type == SECRET_POLICY)
