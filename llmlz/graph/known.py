"""From stand-ins to what was deployed: outputs of a recorded graph with real ids and ARNs in them.

Owns: putting known values in the place of stand-ins.
Does not own: where the values come from (an engine's outputs, or the state of a live stack).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llmlz.graph.model import Graph, Standin, texts
from llmlz.graph.standins import cores

Known = Mapping[str, tuple[Standin, Any]]
"""Core of a stand-in to the stand-in and the value that took its place."""


def filled(value: Any, known: Known) -> Any:
    """``value`` with every known stand-in replaced; one that is not known stays as it is."""
    if isinstance(value, Mapping):
        return {_text(key, known): filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inner, known) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and str(value) in known:
        return known[str(value)][1]
    if not isinstance(value, str):
        return value
    for core in cores(value):
        if core in known and known[core][0].value == value:
            return known[core][1]
    return _text(value, known)


def with_outputs(graph: Graph, live: Mapping[str, Mapping[str, Any]]) -> Graph:
    """The graph as its program would be over a live stack: ``live`` is URN to outputs.

    Stand-ins whose outputs are known are replaced, and are stand-ins no longer; the others stay.
    """
    found = {core: (standin, _at(live.get(standin.urn, {}), standin.path)) for core, standin in graph.standins.items()}
    known: Known = {
        core: one for core, one in found.items() if one[1] is not None and not isinstance(one[1], Mapping | list)
    }
    resources = tuple(
        replace(resource, inputs=filled(resource.inputs, known), outputs=filled(resource.outputs, known))
        for resource in graph.resources
    )
    left = {core: standin for core, standin in graph.standins.items() if core not in known}
    return replace(graph, resources=resources, outputs=filled(graph.outputs, known), standins=left)


def _at(outputs: Mapping[str, Any], path: str) -> Any:
    here: Any = outputs
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return None
    return here


def used(value: Any, graph: Graph) -> dict[str, Standin]:
    """The stand-ins of ``graph`` that turn up in ``value``, by their cores."""
    found = {core for _, leaf in texts(value) for core in cores(str(leaf))}
    return {core: graph.standins[core] for core in sorted(found) if core in graph.standins}


def unfilled(value: Any) -> tuple[str, ...]:
    """Paths of ``value`` where a stand-in is left."""
    return tuple(path for path, leaf in texts(value) if any(True for _ in cores(str(leaf))))


def _text(text: str, known: Known) -> str:
    for core in cores(text):
        if core not in known:
            continue
        standin, value = known[core]
        text = text.replace(str(standin.value), str(value))
        # What is left of this core was cut out of the stand-in: the last part of an ARN, or of a path.
        text = text.replace(core, str(value).rpartition("/")[2].rpartition(":")[2])
    return text
