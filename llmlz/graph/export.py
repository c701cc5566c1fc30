"""The graph in a state: what ``pulumi stack export`` writes.

Secrets stay encrypted: they read ``"[secret]"`` here; see ``states``. A state does not keep aliases or
delete-before-replace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.model import Graph
from llmlz.graph.monitor import STACK
from llmlz.graph.record import ROOT
from llmlz.graph.states import is_default_provider, plain, resource

VERSIONS = (3, 4)
"""Versions of the format that are read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """An operation that was begun and never ended: the resource may exist and the state does not know."""

    urn: str
    operation: str
    """``creating``, ``updating``, ``deleting`` or ``reading``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Everything that an export tells."""

    graph: Graph
    pending: tuple[Pending, ...]
    """Interrupted operations, by URN; a deployment must not be promoted while there are any."""

    condemned: tuple[str, ...]
    """URNs of old resources that were replaced and are still to be deleted, with repetitions."""


def load_export(
    exported: Mapping[str, Any],
    *,
    account: str = "",
    region: str = "",
    partition: str = "aws",
    root: Path = ROOT,
    project_folder: Path = ROOT,
) -> State:
    """The state of one stack.

    Source paths are written from ``root``; ``project_folder`` is where ``Pulumi.yaml`` lay. Raises ``BadInputError``
    for another format and for a stack that was never deployed.
    """
    version, deployment = exported.get("version"), exported.get("deployment") or {}
    if version not in VERSIONS:
        raise BadInputError(f"this is no stack export of version {VERSIONS[0]} or {VERSIONS[-1]}: it says {version}")
    states = deployment.get("resources") or ()
    stack = next((state for state in states if state["type"] == STACK), None)
    if stack is None:
        raise BadInputError("the stack export holds no resources: the stack was never deployed, or was destroyed")
    live = [s for s in states if s is not stack and not s.get("delete") and not is_default_provider(s["urn"])]
    made = [resource(state, root=root, project_folder=project_folder) for state in live]
    head, project = stack["urn"].split("::")[:2]
    graph = Graph(
        project=project,
        stack=head.rpartition(":")[2],
        resources=tuple(sorted(made, key=lambda r: r.urn)),
        outputs=plain(stack.get("outputs") or {}).value,
        account=account,
        region=region,
        partition=partition,
    )
    return State(
        graph=graph,
        pending=tuple(sorted(map(_pending, deployment.get("pending_operations") or ()), key=lambda p: p.urn)),
        condemned=tuple(sorted(state["urn"] for state in states if state.get("delete"))),
    )


def _pending(operation: Mapping[str, Any]) -> Pending:
    return Pending(urn=operation["resource"]["urn"], operation=operation["type"])
