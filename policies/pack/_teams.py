"""Which team a resource belongs to, by its tag ``team``, in this stack and the other known ones of its account."""

from collections.abc import Mapping
from typing import Any

from policies.pack._grants import ROLE
from policies.pack._places import in_account
from policies.pack._rule import Context, Resource
from policies.pack._tags import tags_of
from policies.pack._values import text

INDEX = "aws:s3/vectorsIndex:VectorsIndex"


def team_of(resource: Resource, context: Context) -> str | None:
    """The team of a resource of this context's stack."""
    return text(tags_of(resource, context), "team")


def teams(context: Context) -> frozenset[str]:
    """Every team that is known by a role or an index of its own."""
    found = {team_of(r, there) for r, there in in_account(context, ROLE, INDEX)}
    return frozenset(team for team in found if team is not None)


def role_named(principal: str, context: Context) -> Mapping[str, Any] | None:
    """Tags of the role that an ARN names; ``None`` where no known stack makes it."""
    if ":role/" not in principal:
        return None
    for role, there in in_account(context, ROLE):
        name = text(role.inputs, "name")
        path = (text(role.inputs, "path") or "/").strip("/")
        whole = f"{path}/{name}" if path else name
        if name is not None and principal.endswith(f":{there.stack.account}:role/{whole}"):
            return tags_of(role, there)
    return None
