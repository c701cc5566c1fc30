"""Resources that are connected by a literal text: a graph has no reference there, and checkov does not join them.

A check that wants a connection then fails, which is seen. One that wants none, such as a user without a console password,
passes, which is not: so both are doubts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.checkov.answers import Catalogue
from llmlz.checkov.doubt import Doubt
from llmlz.graph.model import Graph

NAMING = ("bucket", "cluster_identifier", "function_name", "identifier", "name", "repository_name", "stage_name")
"""Arguments by which others name a resource."""


def namesakes(
    resources: list[dict[str, Any]], urns: Mapping[str, str], graph: Graph, catalogue: Catalogue
) -> Iterator[Doubt]:
    """Doubts about checks that look at both ends; ``resources`` are those of a plan, and ``urns`` their URNs."""
    over_both = [check for check in catalogue.checks.values() if len(check.sees) > 1]
    if not over_both:
        return
    named: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for resource in resources:
        for text in {t for n in NAMING if isinstance(t := resource["values"].get(n), str) and t}:
            named[text].append(resource)
    for resource in resources:
        for argument, text in resource["values"].items():
            for other in named.get(text, ()) if isinstance(text, str) else ():
                if _says_so(resource, argument, other) and not _refers(resource, other, urns, graph):
                    for check in over_both:
                        if {resource["type"], other["type"]} <= check.sees:
                            judged = other if check.judges(other["type"]) else resource
                            words = f"{urns[resource['address']]} names {other['address']} by the text {text!r}"
                            yield Doubt(urns[judged["address"]], f"{words}, which checkov does not join", check.id)


def _says_so(resource: Mapping[str, Any], argument: str, other: Mapping[str, Any]) -> bool:
    """Whether an argument names another resource, and not the resource itself."""
    if resource["type"] == other["type"]:
        return False
    return argument not in NAMING or resource["type"].startswith(other["type"] + "_")


def _refers(resource: Mapping[str, Any], other: Mapping[str, Any], urns: Mapping[str, str], graph: Graph) -> bool:
    ours, theirs = urns[resource["address"]], urns[other["address"]]
    return any(reference.to == theirs for reference in graph.by_urn[ours].references)
