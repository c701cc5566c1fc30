"""From stand-ins back to references: what a program built from an output reads as a Terraform expression.

Owns: the way from a text with stand-ins to a template, and the parts of a stand-in that can be told apart.
Does not own: where in a resource the text stands (``body``).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from llmlz.graph.model import Graph, Standin
from llmlz.graph.standins import cores
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Argument, Schema

HTTPS = "https://"
STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


@dataclass(frozen=True, slots=True)
class Text:
    """A Terraform template and whether every stand-in of the original found its way into it."""

    template: str
    complete: bool


class Expressions:
    """The references behind the stand-ins of one graph."""

    def __init__(self, graph: Graph, schema: Schema, addresses: Mapping[str, str]) -> None:
        """``addresses`` is URN to Terraform address, for the resources that are rendered."""
        self.graph, self.schema, self.addresses = graph, schema, addresses
        self.replaced: dict[str, str | int | float] = {}

    def text(self, value: str, echoes: Mapping[str, str]) -> Text:
        """The template for a text; ``echoes`` are literal texts that stand for an expression here."""
        known = {part: expression for core in cores(value) for part, expression in self._parts(core)}
        known |= {literal: e for literal, e in echoes.items() if literal == value or len(literal) >= ECHO_INSIDE}
        if not known:
            return Text(escape(value), not any(self._owned(core) for core in cores(value)))
        longest_first = sorted(known, key=len, reverse=True)
        pieces = re.split("(" + "|".join(re.escape(part) for part in longest_first) + ")", value)
        literals = pieces[::2]
        template = "".join("${" + known[p] + "}" if i % 2 else escape(p) for i, p in enumerate(pieces))
        return Text(template, not any(self._owned(core) for piece in literals for core in cores(piece)))

    def number(self, value: int) -> str | None:
        """The expression behind a number; ``None`` for a number of the program's own."""
        standin = self.graph.standins.get(str(value))
        return self.output(standin) if standin and standin.value == value else None

    def whole(self, value: object) -> str | None:
        """The list behind its only known element: stand-ins for lists of unknown length have one."""
        standin = next((self.graph.standins[c] for c in cores(str(value)) if c in self.graph.standins), None)
        if standin is None or standin.value != value or not standin.path.endswith("[0]"):
            return None
        self.output(standin)  # its value is that of the list's first element
        return self.output(standin, -1)

    def output(self, standin: Standin, steps: int | None = None) -> str | None:
        """The expression for an output, or for its first steps; ``None`` where the provider has nothing of that name."""
        address = self.addresses.get(standin.urn)
        if address is None:
            return None
        block = self.schema.block(address.partition(".")[0])
        token = self.graph.by_urn[standin.urn].type
        path = STEP.findall(standin.path)[:steps]
        renamed = names.outputs(token).get(path[0]) or names.properties(token).get(path[0]) or ""
        argument = block.arguments.get(renamed) or block.properties.get(path[0])
        expression = None if argument is None else _walk(f"{address}.{argument.name}", argument, path[1:])
        if expression and steps is None:
            self.replaced[expression] = standin.value
        return expression

    def _parts(self, core: str) -> Iterator[tuple[str, str]]:
        """Every part of a stand-in that ordinary code cuts out of it, with the expression that cuts the same."""
        standin = self.graph.standins.get(core)
        expression = self.output(standin) if standin else None
        if standin is None or expression is None:
            return
        value = str(standin.value)
        yield value, expression
        if value.startswith(HTTPS):
            yield value.removeprefix(HTTPS), f'trimprefix({expression}, "{HTTPS}")'
        elif value.startswith("arn:"):
            for mark in ":", "/":
                if mark in value:
                    yield value.rpartition(mark)[2], f'reverse(split("{mark}", {expression}))[0]'
        elif ":" in value:
            yield value.partition(":")[0], f'split(":", {expression})[0]'

    def _owned(self, core: str) -> bool:
        """Whether a stand-in belongs to a resource that is rendered; others stay literal on purpose."""
        return core in self.graph.standins and self.graph.standins[core].urn in self.addresses


ECHO_INSIDE = 6
"""Shortest literal that counts as an echo inside a longer text; shorter ones turn up by chance."""


def escape(text: str) -> str:
    """A literal text as a Terraform template."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _walk(expression: str, argument: Argument, path: list[str]) -> str | None:
    """Follow an output path; Pulumi shows a list of at most one as the element itself."""
    type_ = argument.type
    for step in path:
        kind, inner = type_ if isinstance(type_, list) else ("", {})
        if step.startswith("["):
            if kind not in ("list", "set"):
                continue
            expression, type_ = _element(expression, kind, step), inner
            continue
        if kind in ("list", "set"):
            expression, (kind, inner) = _element(expression, kind, "[0]"), inner
        found = names.spelt(inner).get(step) if kind == "object" else None
        if found is None:
            return None
        expression, type_ = f"{expression}.{found}", inner[found]
    return expression


def _element(expression: str, kind: str, index: str) -> str:
    return f"tolist({expression}){index}" if kind == "set" else f"{expression}{index}"
