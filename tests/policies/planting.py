"""Where a control's mistake can be planted: the stacks of the examples, before and after."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from llmlz.checks.records import Control, controls
from llmlz.graph.model import Graph
from stacks.estate import load_estate

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
STORES = Path(__file__).parents[1] / "goldens" / "estates"
ESTATES: Mapping[str, Path] = {
    **{name: EXAMPLES / name for name in ("estate", "climb", "organization", "runtime")},
    **{name: STORES / name for name in ("opensearch", "pgvector")},
}
"""Examples of the documentation, and of the engines that those do not have."""


@cache
def recorded(estate: str) -> Mapping[str, tuple[int, Graph]]:
    """Stack name to its level and graph."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # slow to import

    found = load_estate(ESTATES[estate])
    return {name: (found.stack(name).level, graph) for name, graph in record_estate(found).items()}


def stacks() -> list[tuple[str, str]]:
    """Every stack of every example."""
    return [
        (estate, path.name.split(".")[1])
        for estate, folder in ESTATES.items()
        for path in sorted(folder.glob("Pulumi.*.yaml"))
    ]


def touched(control: Control, before: Graph, after: Graph) -> set[str]:
    """URNs of the resources that the mutation changed, of types that the control looks at; a provider is no such."""
    types = control.types()
    old, new = before.by_urn, after.by_urn
    changed = {urn for urn, resource in new.items() if resource.kind == "custom" and old.get(urn) != resource}
    return {urn for urn in changed if types is None or new[urn].type in types}


@cache
def planted(control_id: str) -> list[tuple[str, str, Graph]]:
    """Stacks in which the control's mistake can be made, after it was made."""
    control = next(control for control in controls() if control.id == control_id)
    assert control.mutation is not None
    found = []
    for estate, stack in stacks():
        _, graph = recorded(estate)[stack]
        after = control.mutation.apply(graph)
        types = control.types()
        if after != graph and any(types is None or r.type in types for r in graph.custom()):
            found.append((estate, stack, after))
    return found
