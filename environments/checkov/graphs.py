"""checkov's graph of connected resources, and the checks over it.

Owns: what goes into the graph, and the verdicts of definitions over it.
Does not own: code over one resource (``plans``), and which checks exist (``known``).

Every leaf that goes in becomes an attribute, and every attribute is searched for references: policies, which few
definitions read, cost more than all the rest. So only arguments go in that an asked definition names or that hold a
reference; all of them, where code asks for a graph or a definition has a pattern for a name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import known
from checkov.common.graph.graph_builder import CustomAttributes

FILE = "/plan.json"
MEANT = frozenset({"count", "depends_on", "dynamic", "for_each", "lifecycle", "provider"})
"""Arguments with a meaning of their own."""

REFERENCE = re.compile(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_]")
"""What a reference to another resource starts with."""

Found = tuple[str, str, str, list[str]]
"""Check, address, verdict, evaluated keys."""


class Connected:
    """The resources of one plan that definitions, or code over others, look at."""

    def __init__(self, blocks: Mapping[str, dict[str, Any]], wanted: frozenset[str], errors: list[str]) -> None:
        self.errors = errors
        present = {type_ for block in blocks.values() for type_ in block}
        asked = [c for id_, c in known.graph_checks().items() if id_ in wanted - known.SKIPPED_ON_PLANS]
        self.definitions = [c for c in asked if not (seen := known.types(c)).isdisjoint(present) or "all" in seen]
        self.code = [check for type_ in present for check in known.over_others(type_, wanted)]
        self.graph: Any
        self.graph, self.addresses = self._made(blocks) if self.definitions or self.code else (None, [])

    def _made(self, blocks: Mapping[str, dict[str, Any]]) -> tuple[Any, list[str]]:
        """The graph, and the addresses that are in it; there is none when checkov cannot make it."""
        # Imported here, since most requests do not need them; the runner that has both takes longer to import.
        from checkov.common.graph.db_connectors.rustworkx.rustworkx_db_connector import (  # noqa: PLC0415
            RustworkxConnector,
        )
        from checkov.common.graph.graph_builder.consts import GraphSource  # noqa: PLC0415
        from checkov.terraform.graph_manager import TerraformGraphManager  # noqa: PLC0415

        seen = {"all"} if self.code else {type_ for check in self.definitions for type_ in known.types(check)}
        chosen = {address: b for address, b in blocks.items() if "all" in seen or not seen.isdisjoint(b)}
        kept = None if self.code else _named(self.definitions)
        manager = TerraformGraphManager(db_connector=RustworkxConnector(), source=GraphSource.TERRAFORM)
        resources = list(chosen.values()) if kept is None else [_lean(block, kept, chosen) for block in chosen.values()]
        try:
            graph = manager.build_graph_from_definitions(
                {FILE: {"provider": [], "resource": resources, "data": []}}, render_variables=False
            )
        except Exception as error:
            self.errors.append(f"no graph could be made: {type(error).__name__}: {error}")
            return None, []
        vertices = {vertex.attributes.get(CustomAttributes.TF_RESOURCE_ADDRESS) for vertex in graph.vertices}
        self.errors += [f"{address} did not get into the graph" for address in sorted(set(chosen) - vertices)]
        manager.save_graph(graph)
        return manager.get_reader_endpoint(), sorted(set(chosen) & vertices)

    def results(self) -> list[Found]:
        """Verdicts of definitions."""
        found: list[Found] = []
        for check in self.definitions if self.graph is not None else ():
            try:
                told = check.run(self.graph)
            except Exception as error:  # checkov's own runner loses it, and the check passes by silence
                self.errors.append(f"{check.id}: {type(error).__name__}: {error}")
                continue
            keys = sorted(check.get_evaluated_keys())
            verdicts: dict[str, str] = {}
            for verdict, vertices in zip(("PASSED", "FAILED", "UNKNOWN"), told, strict=True):
                for vertex in vertices:
                    verdicts[vertex[CustomAttributes.TF_RESOURCE_ADDRESS]] = verdict
            found += [(check.id, address, verdict, keys) for address, verdict in verdicts.items()]
        return found


def _named(checks: Sequence[Any]) -> frozenset[str] | None:
    """The arguments that definitions name; ``None`` where one has a pattern instead of a name."""
    steps = {re.split(r"[./\[]", text)[0] for check in checks for text in _attributes(check)}
    return (
        None if any(re.search(r"[^\w-]", step) or step.startswith("encryption") for step in steps) else frozenset(steps)
    )


def _attributes(check: Any) -> list[str]:
    if check.sub_checks:
        return [text for sub in check.sub_checks for text in _attributes(sub)]
    return [check.attribute] if check.attribute else []


def _lean(block: dict[str, Any], kept: frozenset[str], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """A block with the arguments that matter, and the references that lead to something.

    checkov looks through all names for a reference that it does not find at once, such as one to an output.
    """
    ((type_, named),) = block.items()
    ((name, arguments),) = named.items()
    few = {
        argument: _known(value, chosen) if argument == CustomAttributes.REFERENCES else value
        for argument, value in arguments.items()
        if argument in kept or argument in MEANT or argument.endswith("_") or REFERENCE.search(str(value))
    }
    return {type_: {name: few}}


def _known(references: Sequence[Sequence[str]], chosen: Mapping[str, Any]) -> list[list[str]]:
    """References to what is in the graph, without the output."""
    addresses = (".".join(re.sub(r"\[.*?\]", "", text).split(".")[:2]) for several in references for text in several)
    return [list(dict.fromkeys(address for address in addresses if address in chosen))]
