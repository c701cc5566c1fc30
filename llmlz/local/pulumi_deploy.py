"""Deploy a merged graph onto the emulator with the Pulumi engine and its installed AWS plugin.

Owns: one ``up`` of everything, and what came of each resource.
Does not own: engine and plugin (``pulumi_engine``), the program (``replay``), what is different from AWS
(``emulated``), or judging the result (``deploy``).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from llmlz.errors import LocalCloudError
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph, Resource, Standin
from llmlz.graph.states import SECRET, UNKNOWN
from llmlz.local.emulated import emulated, home
from llmlz.local.excluded import made_by_aws
from llmlz.local.live import at_path
from llmlz.local.made import Made
from llmlz.local.pulumi_engine import Pulumi, up
from llmlz.local.replay import replayed
from llmlz.rehearsal import names


def deploy_with_pulumi(
    graph: Graph, endpoint: str, pulumi: Pulumi, folder: Path, progress: Callable[[str], None]
) -> Made:
    """Make every resource of the merged ``graph`` that can be made; a failure does not stop the others.

    Raises ``LocalCloudError`` with the engine's words when nothing could be made.
    """
    fit = emulated(graph, endpoint)
    total = len(made_by_aws(fit))
    count = 0

    def said(resource: Resource) -> None:
        nonlocal count
        count += 1
        progress(f"{resource.name}: made ({count} of {total})")

    program = replayed(fit, provider_version=pulumi.plugin_version, made=said)
    outcome, exported = up(pulumi, program, graph.project, graph.stack, folder)
    state = load_export(exported).graph.by_urn if exported["deployment"].get("resources") else {}
    reasons: dict[str, str] = {}
    attributes: dict[str, Mapping[str, Any]] = {}
    for resource in made_by_aws(graph):
        urn = home(resource.urn, graph)
        errors = [" ".join(d.message.split()) for d in outcome.diagnostics if d.urn == urn and d.severity == "error"]
        if errors:
            reasons[resource.urn] = "; ".join(errors)
        elif urn in state:
            attributes[resource.urn] = _named(state[urn])
    if reasons and not attributes:  # such as a provider that cannot be configured: the engine blames its first user
        raise LocalCloudError(f"pulumi could not deploy anything: {'; '.join(sorted(set(reasons.values())))}")
    known = {
        core: (standin, value)
        for core, standin in graph.standins.items()
        if standin.urn in attributes and (value := _real(standin, state[home(standin.urn, graph)])) is not None
    }
    return Made(attributes=attributes, reasons=reasons, known=known)


def _named(resource: Resource) -> dict[str, Any]:
    """Outputs by their Terraform names, as the rest of the local cloud reads them; what is inside keeps its names."""
    renamed = {**names.properties(resource.type), **names.outputs(resource.type)}
    by_rule = {names.snake(name): value for name, value in resource.outputs.items()}
    return {other: value for name, value in resource.outputs.items() if (other := renamed.get(name))} | by_rule


def _real(standin: Standin, resource: Resource) -> Any:
    """What took the place of a stand-in; ``None`` for nothing, and for a secret, which nobody here has to see."""
    try:
        value = at_path(resource.outputs, standin.path)
    except (LookupError, TypeError):
        return None
    return None if value in (SECRET, {UNKNOWN: True}) else value
