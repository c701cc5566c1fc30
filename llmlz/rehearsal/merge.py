"""Several stacks as one document with one provider, so that their waits overlap and one provider process is enough.

Owns: one graph out of many, and one provider block out of those that differ only by default tags.
Does not own: what is in a document (``llmlz.rehearsal.render``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from llmlz.graph.model import Graph, Resource, Standin, texts
from llmlz.graph.standins import cores
from llmlz.rehearsal.expression import ECHO_INSIDE
from llmlz.rehearsal.schema import Schema


def merged(graphs: Sequence[Graph]) -> Graph:
    """One graph with the resources of all, in which a stand-in of another stack is a reference like any other.

    The stack becomes part of each resource's URN, and so of its Terraform address: two stacks may use one name twice.
    Account and region are those of the first graph; explicit providers keep their own region.
    """
    resources: list[Resource] = []
    standins: dict[str, Standin] = {}
    by_stack = {graph.stack: graph for graph in graphs}
    for graph in graphs:
        waiting = _after_echoes(graph, by_stack)
        found = Graph.from_json(waiting.to_json().replace(_plain(graph), _marked(graph)))
        resources += found.resources
        standins |= found.standins
    first = graphs[0]
    return Graph(
        project=first.project,
        stack="local",
        resources=tuple(sorted(resources, key=lambda r: r.urn)),
        standins=standins,
        account=first.account,
        region=first.region,
        partition=first.partition,
    )


def marked(urn: str, graph: Graph) -> str:
    """The URN in the merged graph of a resource of ``graph``."""
    return urn.replace(_plain(graph), _marked(graph), 1)


def one_provider(document: dict[str, Any], schema: Schema) -> None:
    """Write default tags into the resources, and keep one provider block for each way to sign in.

    Every block is a provider process of some 700 MB, and stacks differ in their tags.
    """
    blocks = document["provider"]["aws"]
    tags_of: dict[str | None, Mapping[str, str]] = {}
    kept: dict[str, dict[str, Any]] = {}
    use: dict[str | None, str | None] = {}
    for block in blocks:
        alias = block.get("alias")
        tags_of[alias] = {k: v for part in block.pop("default_tags", []) for k, v in part.get("tags", {}).items()}
        same = json.dumps({k: v for k, v in block.items() if k != "alias"}, sort_keys=True)
        use[alias] = kept.setdefault(same, block).get("alias")
    document["provider"]["aws"] = list(kept.values())
    for type_, labels in document.get("resource", {}).items():
        taggable = "tags" in schema.block(type_).arguments
        for body in labels.values():
            alias = body.pop("provider", "").partition(".")[2] or None
            if use[alias] is not None:
                body["provider"] = f"aws.{use[alias]}"
            if taggable and isinstance(body.get("tags") or {}, dict) and tags_of[alias]:
                body["tags"] = {**tags_of[alias], **(body.get("tags") or {})}


def _after_echoes(graph: Graph, by_stack: Mapping[str, Graph]) -> Graph:
    """Let resources wait for what they name by a literal text that another stack exports, such as a function's name.

    Between stacks the order is kept by deploying one after the other; in one document only references keep it.
    """
    owners: dict[str, tuple[str, ...]] = {}
    for read in (r for r in graph.resources if r.kind == "read"):
        other = by_stack.get(str(read.inputs["name"]).rpartition("/")[2])
        for _, leaf in texts(other.outputs) if other else ():
            if other and isinstance(leaf, str) and len(leaf) >= ECHO_INSIDE and not any(True for _ in cores(leaf)):
                owners[leaf] = tuple(marked(r.urn, other) for r in other.custom() if leaf in r.inputs.values())

    def waits(resource: Resource) -> Resource:
        shown = {leaf for _, leaf in texts(resource.inputs) if isinstance(leaf, str)}
        urns = {u for literal, urns in owners.items() if any(literal in text for text in shown) for u in urns}
        options = replace(resource.options, depends_on=tuple(sorted({*resource.options.depends_on, *urns})))
        return replace(resource, options=options) if urns else resource

    return replace(graph, resources=tuple(waits(r) if r.kind == "custom" else r for r in graph.resources))


def _plain(graph: Graph) -> str:
    return f"urn:pulumi:{graph.stack}::{graph.project}::"


def _marked(graph: Graph) -> str:
    return f"{_plain(graph)}{graph.stack}$"
