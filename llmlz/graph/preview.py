"""The graph in what ``pulumi preview --json --show-sames --show-reads`` prints.

With the file of ``--save-plan`` it also holds what the preview does not print: aliases, delete-before-replace, and
the outputs of components and of the stack. A value that nobody knows before deployment reads ``{"$unknown": True}``
and a secret ``"[secret]"``; see ``states``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource
from llmlz.graph.monitor import STACK
from llmlz.graph.record import ROOT
from llmlz.graph.states import is_default_provider, plain, resource


def load_preview(
    digest: Mapping[str, Any],
    *,
    plan: Mapping[str, Any] | None = None,
    account: str = "",
    region: str = "",
    partition: str = "aws",
    root: Path = ROOT,
    project_folder: Path = ROOT,
) -> Graph:
    """The graph that a deployment would leave behind.

    Source paths are written from ``root``; ``project_folder`` is where ``Pulumi.yaml`` lies. Raises ``BadInputError``
    when the preview is not whole: made without ``--show-sames`` or ``--show-reads``, or failed.
    """
    states = {state["urn"]: state for state in _after(digest)}
    stack = next((urn for urn, state in states.items() if state["type"] == STACK), None)
    if stack is None:
        raise BadInputError("the preview names no stack: add --show-sames, and see whether the preview failed")
    goals = (plan or {}).get("resourcePlans", {})
    made = [_with_plan(resource(state, root=root, project_folder=project_folder), goals) for state in states.values()]
    resources = tuple(sorted((r for r in made if r.urn != stack), key=lambda r: r.urn))
    _whole(digest, resources)
    head, project = stack.split("::")[:2]
    return Graph(
        project=project,
        stack=head.rpartition(":")[2],
        resources=resources,
        outputs=plain(goals.get(stack, {}).get("state") or {}).value,
        account=account,
        region=region,
        partition=partition,
    )


def _after(digest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """State after each step that leaves something: a deletion has none."""
    for step in digest.get("steps", ()):
        if step.get("newState") and not is_default_provider(step["urn"]):
            yield step["newState"]


def _with_plan(found: Resource, goals: Mapping[str, Any]) -> Resource:
    if found.urn not in goals:
        return found
    goal = goals[found.urn].get("goal") or {}
    aliases = [alias["URN"] or alias["Name"] for alias in goal.get("structuredAliases") or ()]
    aliases += goal.get("aliases") or ()
    options = replace(
        found.options,
        aliases=tuple(sorted(alias for alias in aliases if alias)),  # both empty: the SDK's own renamed tokens
        delete_before_replace=bool(goal.get("deleteBeforeReplace")),
    )
    outputs = plain(goals[found.urn].get("state") or {}).value
    return replace(found, options=options, outputs={**found.outputs, **outputs})


def _whole(digest: Mapping[str, Any], resources: tuple[Resource, ...]) -> None:
    """Nothing that a resource points at is missing; half a graph would let a check pass that must fail."""
    shown = sum(step["op"] == "same" for step in digest.get("steps", ()))
    said = digest.get("changeSummary", {}).get("same", 0)
    if shown < said:
        raise BadInputError(f"the preview shows {shown} of {said} unchanged resources: add --show-sames")
    known = {r.urn for r in resources}
    for found in resources:
        targets = {found.parent, found.provider, *found.options.depends_on, *(r.to for r in found.references)}
        missing = sorted(urn for urn in targets - known if urn)
        if missing:
            raise BadInputError(f"{found.urn} needs {missing[0]}, which the preview does not show: add --show-reads")
