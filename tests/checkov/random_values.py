"""Random values that a resource type's schema allows."""

import random
import string
from typing import Any

from llmlz.rehearsal.schema import Argument, Block

DEPTH = 4


class RandomValues:
    """Values from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # a test repeats itself
        self.made = 0

    def block(self, block: Block, depth: int = DEPTH) -> dict[str, Any]:
        """Every required argument, and some of the others."""
        chosen = [
            argument
            for argument in block.arguments.values()
            if argument.settable and (argument.required or self.random.random() < 0.5) and (depth or argument.required)
        ]
        return {argument.name: self._argument(argument, depth) for argument in chosen}

    def _argument(self, argument: Argument, depth: int) -> Any:
        if argument.block is None:
            return self.value(argument.type)
        if argument.nesting in ("single", "group"):
            return self.block(argument.block, depth - 1)
        if argument.nesting == "map":
            return {self._text(): self.block(argument.block, depth - 1)}
        return [self.block(argument.block, max(depth - 1, 0)) for _ in range(self.random.choice((1, 1, 2)))]

    def value(self, type_: Any) -> Any:
        """A value of a Terraform type."""
        kind, inner = type_ if isinstance(type_, list) else (type_, {})
        if kind in ("list", "set"):
            return [self.value(inner) for _ in range(self.random.choice((1, 1, 2, 3)))]
        if kind == "map":
            return {self._text(): self.value(inner) for _ in range(self.random.choice((1, 2)))}
        if kind == "object":
            return {name: self.value(member) for name, member in inner.items() if self.random.random() < 0.7}
        if kind == "bool":
            return self.random.random() < 0.5
        return self.random.randrange(10**9) if kind == "number" else self._text()

    def _text(self) -> str:
        """A text that occurs nowhere else, sometimes with what other parts could trip over."""
        self.made += 1
        word = "".join(self.random.choices(string.ascii_letters, k=6))
        return f"{word}{self.random.choice(('', '-ü', ' ${x}', '.aws_x.y', '[0]', '%{if}'))}{self.made}"
