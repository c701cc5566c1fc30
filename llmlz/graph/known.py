"""Stand-ins of a recorded graph, replaced by what is known of the live stack.

A program over a live stack works with real ARNs and ids; its recording works with stand-ins. Where the state knows the
output behind a stand-in, both read the same.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llmlz.graph.model import Graph


def with_outputs(graph: Graph, live: Mapping[str, Mapping[str, Any]]) -> Graph:
    """The graph with every stand-in replaced that ``live`` (URN to outputs) knows; the others stay."""
    found: dict[str, Any] = {}
    left = {}
    for core, standin in graph.standins.items():
        known = _at(live.get(standin.urn, {}), standin.path)
        if known is None or isinstance(known, Mapping | list):
            left[core] = standin
        else:
            found[str(standin.value)] = known
    resources = tuple(
        replace(resource, inputs=_filled(resource.inputs, found), outputs=_filled(resource.outputs, found))
        for resource in graph.resources
    )
    return replace(graph, resources=resources, outputs=_filled(graph.outputs, found), standins=left)


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


def _filled(value: Any, found: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(inner, found) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, found) for inner in value]
    if str(value) in found and not isinstance(value, bool):
        return found[str(value)]
    if isinstance(value, str):
        for text, known in found.items():
            if text in value:
                value = value.replace(text, str(known))
    return value
