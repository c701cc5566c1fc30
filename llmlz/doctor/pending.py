"""Operations that were begun and never ended, and what to do about each."""

from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.doctor.finding import Finding, ok, problem
from llmlz.doctor.importing import import_line
from llmlz.graph.model import token_of
from llmlz.graph.monitor import STACK

NAMES = ("bucket", "name", "roleName", "repositoryName", "clusterName", "clusterIdentifier", "identifier", "indexName")
"""Inputs that give a thing its name in the cloud; with one of them a lost creation can be looked for."""


def examine_pending(deployment: Mapping[str, Any], where: str, stack: str) -> tuple[Finding, ...]:
    """A finding for each, or one that says that there is none."""
    operations = deployment.get("pending_operations") or ()
    if not operations:
        return (ok("pending", "no operation was interrupted", where),)
    return tuple(_findings(operations, where, stack))


def _findings(operations: Any, where: str, stack: str) -> Iterator[Finding]:
    for operation in operations:
        resource, kind = operation["resource"], operation["type"]
        urn = resource["urn"]
        yield problem("pending", f"{kind} {urn} was interrupted", where, _fix(kind, urn, resource, stack))


def _fix(kind: str, urn: str, resource: Mapping[str, Any], stack: str) -> str:
    """What mends it.

    `pulumi refresh --import-pending-creates` is no way: pulumi 3.256.0 forgets the operation and imports nothing, which
    a test of ring 3 shows.
    """
    if kind != "creating":
        return f"pulumi refresh --stack {stack}: it reads what is there and clears this"
    name = next(
        (resource["inputs"][key] for key in NAMES if isinstance(resource.get("inputs", {}).get(key), str)), None
    )
    look = f"look for {name!r}" if name else "look for it by its tags, as it has no name of ours,"
    clear = f"pulumi refresh --stack {stack} --clear-pending-creates"
    return f"{look} in the account; if it is there, first {_import(urn, resource, stack)}; then, or if not, {clear}"


def _import(urn: str, resource: Mapping[str, Any], stack: str) -> str:
    parent = str(resource.get("parent", ""))
    return import_line(
        str(resource.get("type", token_of(urn))),
        urn.rpartition("::")[2],
        "<its id>",
        parent=parent if f"::{STACK}::" not in parent else None,
        provider=str(resource.get("provider", "")).rpartition("::")[0] or None,
        protect=bool(resource.get("protect")),
        stack=stack,
    )
