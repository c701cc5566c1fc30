"""Operations that were begun and never ended, and what to do about each."""

from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.doctor.finding import Finding, ok, problem

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
    """What `pulumi refresh` can do: https://www.pulumi.com/docs/iac/cli/commands/pulumi_refresh/ (2026-11)."""
    if kind != "creating":
        return f"pulumi refresh --stack {stack}: it reads what is there and clears this"
    name = next(
        (resource["inputs"][key] for key in NAMES if isinstance(resource.get("inputs", {}).get(key), str)), None
    )
    look = f"look for {name!r}" if name else "look for it by its tags, as it has no name of ours"
    adopt = f"--import-pending-creates '{urn}' --import-pending-creates <its id>"
    return (
        f"{look} in the account; if it is there: pulumi refresh --stack {stack} {adopt};"
        f" if not: pulumi refresh --stack {stack} --clear-pending-creates"
    )
