"""Which resources stand behind a value although its text does not show them.

The SDK reports for every input which resources it depends on. Most such links show in the text, as stand-ins; some are
there for the order alone; the rest was cut, hashed or branched on, and is then not what a deployment would write.
"""

import functools
from collections.abc import Mapping
from typing import Any

from llmlz.graph.model import Graph, Reference, Resource
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema

SHORTEST_ECHO = 2


class Links:
    """The links of one graph."""

    def __init__(self, graph: Graph, schema: Schema, addresses: Mapping[str, str]) -> None:
        """``addresses`` is URN to Terraform address, for the resources that are rendered."""
        self.graph, self.schema, self.addresses = graph, schema, addresses
        self._behind = functools.cache(self._walk)

    def echoes(self, resource: Resource) -> dict[str, dict[str, str]]:
        """Top property to literal texts there that are inputs of a resource behind it, and their expressions."""
        found: dict[str, dict[str, str]] = {}
        for reference in self._hidden(resource):
            target = self.graph.by_urn[reference.to]
            address = self.addresses[reference.to]
            block = self.schema.block(address.partition(".")[0])
            for property_, value in target.inputs.items():
                name = names.properties(target.type).get(property_) or ""
                argument = block.arguments.get(name) or block.properties.get(property_)
                if argument and argument.block is None and _echoable(value):
                    found.setdefault(reference.at, {})[str(value)] = f"{address}.{argument.name}"
        return found

    def lost(self, resource: Resource, written: Mapping[str, str]) -> list[Reference]:
        """Hidden links that the written arguments do not explain; ``written`` is top property to the JSON
        text of its argument.

        A link is explained when the argument refers to the resource itself, or to one that needs it or that it needs:
        waiting for a key's alias while passing the key's ARN loses nothing.
        """
        lost = []
        for reference in self._hidden(resource):
            if reference.at not in written:
                continue  # listed as dropped
            text = written[reference.at]
            shown = [urn for urn in self._near(resource, reference) if self.addresses[urn] + "." in text]
            if not any(self._related(urn, reference.to) for urn in shown):
                lost.append(reference)
        return lost

    def _near(self, resource: Resource, reference: Reference) -> list[str]:
        return sorted({r.to for r in resource.references if r.to in self.addresses and _top(r.at) == reference.at})

    def _related(self, shown: str, hidden: str) -> bool:
        return shown == hidden or shown in self._behind(hidden) or hidden in self._behind(shown)

    def _hidden(self, resource: Resource) -> list[Reference]:
        return [r for r in resource.references if r.output is None and r.to in self.addresses]

    def _walk(self, urn: str) -> frozenset[str]:
        """Every resource that one needs, directly or not."""
        seen: set[str] = set()
        waiting = [urn]
        while waiting:
            direct = {r.to for r in self.graph.by_urn[waiting.pop()].references} & set(self.addresses) - seen
            seen |= direct
            waiting += direct
        return frozenset(seen)


def _echoable(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) >= SHORTEST_ECHO


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
