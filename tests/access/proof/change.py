"""Planted mistakes: a recorded graph, intent or bundle with one thing changed. Nothing that is given is changed itself.

A change that changes nothing is an error: a mistake that was never planted would be found by every test.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from llmlz.access.bundle import Bundle
from llmlz.access.intent import Intent
from llmlz.graph.model import Graph, Resource

Change = Callable[[Any], Any]
"""From a value to the one in its place. It may change what it is given, and must return it."""


def changed(graph: Graph, resource_name: str, property: str, function: Change, token: str | None = None) -> Graph:
    """The graph with one input of one resource changed.

    ``property`` is its Pulumi name, such as ``policy``, ``content`` or ``permissionsBoundary``. JSON in a text is given
    as a value and written as a text again; an input that is not there is given as ``None``, and ``None`` takes it away.
    ``token`` tells resources of one name apart. Raises ``KeyError`` for a resource that is not exactly one,
    ``ValueError`` when nothing changes.
    """
    resource = graph.named(resource_name, token)
    inputs = dict(resource.inputs)
    before = inputs.pop(property, None)
    after = _written(before, function)
    if after == before:
        raise ValueError(f"{resource_name}: {property} has not changed")
    if after is not None:
        inputs[property] = after
    return _replaced(graph, resource, replace(resource, inputs=inputs))


def without(graph: Graph, resource_name: str, token: str | None = None) -> Graph:
    """The graph as if this resource had never been made; what refers to it stays. Raises ``KeyError`` as above."""
    return _replaced(graph, graph.named(resource_name, token), None)


def beside(
    graph: Graph, resource_name: str, new_name: str, inputs: Mapping[str, Any], token: str | None = None
) -> Graph:
    """The graph with a copy of this resource, its own inputs over those that it copies. Raises ``KeyError`` as above."""
    resource = graph.named(resource_name, token)
    urn = resource.urn.removesuffix(resource.name) + new_name
    copy = replace(resource, urn=urn, name=new_name, inputs={**resource.inputs, **inputs})
    return replace(graph, resources=tuple(sorted((*graph.resources, copy), key=lambda each: each.urn)))


def statement(sid: str, function: Change) -> Change:
    """A change of the one statement with this Sid; one that becomes ``None`` is dropped. Raises ``KeyError``."""

    def change(document: Any) -> Any:
        listed = document["Statement"]
        listed = [listed] if isinstance(listed, Mapping) else listed
        if [each.get("Sid") for each in listed].count(sid) != 1:
            raise KeyError(f"no statement {sid}; there are {', '.join(str(each.get('Sid')) for each in listed)}")
        made = [function(each) if each.get("Sid") == sid else each for each in listed]
        return {**document, "Statement": [each for each in made if each is not None]}

    return change


def dropped(sid: str) -> Change:
    """The document without this statement."""
    return statement(sid, lambda _: None)


def added(**elements: Any) -> Change:
    """The document with one more statement."""

    def change(document: Any) -> Any:
        listed = document["Statement"]
        return {**document, "Statement": [*([listed] if isinstance(listed, Mapping) else listed), elements]}

    return change


def changed_boundary(intent: Intent, name: str, function: Change) -> Intent:
    """The intent with the boundary of this name changed in every account; raises ``KeyError`` when there is none."""
    chosen = {arn: text for arn, text in intent.boundaries.items() if arn.endswith(f":policy/{name}")}
    if not chosen:
        raise KeyError(f"no boundary {name}; there are {', '.join(intent.boundaries)}")
    made = {arn: _written(text, function) for arn, text in chosen.items()}
    if made == chosen:
        raise ValueError(f"boundary {name} has not changed")
    return replace(intent, boundaries={**intent.boundaries, **made})


def planted(bundle: Bundle, *graphs: Graph, intent: Intent | None = None) -> Bundle:
    """The bundle with these graphs in the place of those of the same stacks; raises ``KeyError`` for another stack."""
    if unknown := [graph.stack for graph in graphs if graph.stack not in bundle.graphs]:
        raise KeyError(f"no stack {unknown[0]}; there are {', '.join(bundle.graphs)}")
    return Bundle(graphs={**bundle.graphs, **{g.stack: g for g in graphs}}, intent=intent or bundle.intent)


def _written(before: Any, function: Change) -> Any:
    """What comes of a value, in the form that it had: a text for JSON in a text."""
    as_text = isinstance(before, str) and before.lstrip().startswith(("{", "["))
    value = json.loads(before) if as_text else deepcopy(before)
    after = function(deepcopy(value))
    if after == value:
        return before
    return json.dumps(after) if as_text and after is not None else after


def _replaced(graph: Graph, old: Resource, new: Resource | None) -> Graph:
    kept = (new if resource is old else resource for resource in graph.resources)
    return replace(graph, resources=tuple(resource for resource in kept if resource is not None))
