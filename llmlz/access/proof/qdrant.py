"""What the $names about Qdrant in the cluster stand for: its secrets, and who is meant to read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.access.intent import PlatformIntent
from llmlz.access.layers import ROLE, output_of
from llmlz.graph.model import Graph, Resource

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105  # a type of resource
QDRANT = "llmlz:index:Qdrant$"
"""In the URN of whatever belongs to it."""

KEY, KEYS = "aws:kms/key:Key", "::qdrant-keys-"
"""Type of the key of its secrets, and a part of the URN."""

KEEPER, KEY_READERS = "-qdrant-keys", ("-qdrant-backup", "-qdrant-server")
"""Ends of the names of the roles of its pods: one sets all secrets, two read the administrator's key."""

ADMIN = "/qdrant/admin"
"""End of the name of the secret with the administrator's key."""


def of_platform(platform: PlatformIntent, graphs: Mapping[str, Graph]) -> Mapping[str, tuple[str, ...]]:
    """Secrets of the Qdrant in a platform's runtime, and the principals that they are for; nothing without one."""
    graph = graphs[platform.runtime] if platform.runtime else None
    parts = [one for one in graph.custom() if QDRANT in one.urn] if graph else []
    secrets = [one for one in parts if one.type == SECRET]
    roles = [one for one in parts if one.type == ROLE]

    def arns(found: Sequence[Resource]) -> tuple[str, ...]:
        return tuple(output_of(graph, one) for one in found) if graph else ()

    return {
        "qdrant_key": arns([one for one in secrets if _name(one).endswith(ADMIN)]),
        "token_key": arns([one for one in graph.of_type(KEY) if KEYS in one.urn] if graph else []),
        "qdrant_tokens": arns([one for one in secrets if not _name(one).endswith(ADMIN)]),
        "token_keeper": arns([one for one in roles if _name(one).endswith(KEEPER)]),
        "key_readers": arns([one for one in roles if _name(one).endswith(KEY_READERS)]),
        "token_readers": tuple(
            graphs[team.stack].outputs["role_arn"] for team in platform.teams if collection(graphs[team.stack])
        ),
    }


def of_team(graph: Graph, token_key: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """A team's token, and the key that it is encrypted with; nothing without a token."""
    found = collection(graph)
    return {"own_token": (found["token_arn"],) if found else (), "token_key": tuple(token_key) if found else ()}


def collection(graph: Graph) -> Mapping[str, Any] | None:
    """What the stack of a team publishes of its collection; ``None`` without one."""
    found = graph.outputs.get("qdrant")
    return found if isinstance(found, Mapping) else None


def _name(resource: Resource) -> str:
    return str(resource.inputs.get("name"))
