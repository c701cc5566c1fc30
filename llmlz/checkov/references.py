"""A graph's references in the form of a plan's configuration, where checks over connected resources look for them.

Owns: that form.
Does not own: which references there are (``llmlz.graph``), and their names (``paths``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from llmlz.checkov.paths import Steps, place
from llmlz.graph.model import Resource, Standin
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Block

WAITS = "depends_on"
"""Where a reference goes that is known to be somewhere in a nested block, and not where."""

Output = Callable[[Standin], str | None]
"""The expression for an output of another resource."""


def expressions(resource: Resource, block: Block, addresses: Mapping[str, str], output: Output) -> dict[str, Any]:
    """Argument to the references in it; nested blocks are lists of the same."""
    written: dict[str, Any] = {}
    renamed = names.properties(resource.type)
    for reference in resource.references:
        address = addresses.get(reference.to)
        found = place(reference.at, block, renamed) if address else None
        if address is None or found is None:
            continue  # nothing that a plan has; an argument that is missing there is a doubt of its own
        named = output(Standin(urn=reference.to, path=reference.output, value="")) if reference.output else None
        told = [named] if named and "(" not in named else []
        _put(written, found.expression if found.ends_in_argument else (WAITS,), [*told, address])
    return written


def _put(written: dict[str, Any], steps: Steps, told: list[str]) -> None:
    """Add references at a place; what is there already stays."""
    here: Any = written
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int):
            here += [{} for _ in range(step + 1 - len(here))]
            here = here[step]
        elif isinstance(following, int):
            here = here.setdefault(step, [])
        elif following is not None:
            here = here.setdefault(step, {})
        else:
            known = here.setdefault(step, {"references": []})["references"]
            known += [text for text in told if text not in known]
