"""Property paths of Pulumi and what stands there in Terraform.

Owns: following a path of either side through a type.
Does not own: the names (``llmlz.rehearsal.names``), and which arguments exist (``llmlz.rehearsal.schema``).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmlz.rehearsal import names
from llmlz.rehearsal.option import argument_of
from llmlz.rehearsal.schema import Argument, Block

STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a property path leads."""

    steps: Steps
    """Arguments and places in lists; a nested block always has its place."""

    type: Any
    """Terraform's type of what stands there."""

    top: Argument
    """The argument of the resource itself."""

    expression: Steps
    """The part of ``steps`` that a plan's configuration has: it does not look inside arguments."""

    ends_in_argument: bool
    """Whether it leads further than a nested block."""


def place(path: str, block: Block, renamed: Mapping[str, str | None]) -> Place | None:
    """Where a property path leads; ``None`` where the provider has nothing of that name."""
    steps: list[str | int] = []
    expression = 0
    top: Argument | None = None
    within: Block | None = block
    type_: Any = None
    waiting = STEP.findall(path)
    while waiting:
        step = waiting.pop(0)
        if within is not None:
            argument = _argument(step, within, renamed if top is None else {})
            if argument is None:
                return None
            top = top or argument
            steps.append(argument.name)
            expression = len(steps)
            within, type_ = argument.block, argument.type
            if argument.nesting in ("list", "set"):
                steps.append(_index(waiting))
                type_ = type_[1]
            elif argument.nesting == "map" and waiting:
                steps.append(waiting.pop(0))
                type_ = type_[1]
            continue
        kind, inner = type_ if isinstance(type_, list) else ("", {})
        if kind in ("list", "set"):
            indexed = step.startswith("[")
            steps.append(int(step[1:-1]) if indexed else 0)
            type_ = inner
            waiting = waiting if indexed else [step, *waiting]
        elif kind == "map":
            steps.append(step)
            type_ = inner
        elif kind == "object" and (name := names.spelt(inner).get(step)):
            steps.append(name)
            type_ = inner[name]
        else:
            return None
    return None if top is None else Place(tuple(steps), type_, top, tuple(steps[:expression]), within is None)


def _argument(property_: str, block: Block, renamed: Mapping[str, str | None]) -> Argument | None:
    name = argument_of(property_, block, renamed)
    return block.arguments.get(name) if name else None


def _index(waiting: list[str]) -> int:
    """The place in a list; Pulumi leaves it out where there is at most one."""
    return int(waiting.pop(0)[1:-1]) if waiting and waiting[0].startswith("[") else 0


def property_path(key: str, block: Block, renamed: Mapping[str, str | None], inputs: Any) -> str:
    """What a check calls ``ingress/[0]/cidr_blocks``, in Pulumi's names as far as they are known."""
    written = ""
    within: Block | Mapping[str, Any] | None = block
    for number, step in enumerate(step for step in re.split(r"[/.]", key) if step):
        if re.fullmatch(r"\[?\d+\]?", step):
            index = int(step.strip("[]"))
            if not isinstance(inputs, Mapping):  # an object that Pulumi shows without its place
                written += f"[{index}]"
                inputs = inputs[index] if isinstance(inputs, list) and index < len(inputs) else None
            continue
        name, within = _step(step, within, renamed if number == 0 else {}, inputs)
        written += f".{name}" if written else name
        inputs = inputs.get(name) if isinstance(inputs, Mapping) else None
    return written


def _step(
    step: str, within: Block | Mapping[str, Any] | None, renamed: Mapping[str, str | None], inputs: Any
) -> tuple[str, Block | Mapping[str, Any] | None]:
    """Pulumi's name of an argument or a member, and what is inside."""
    given = inputs if isinstance(inputs, Mapping) else {}
    if isinstance(within, Block) and step in within.arguments:
        argument = within.arguments[step]
        return _property(argument, within, renamed, given), argument.block or _members(argument.type)
    if isinstance(within, Mapping) and step in within:
        spelt = [property_ for property_, name in names.spelt(within).items() if name == step]
        return next((p for p in spelt if p in given), spelt[0]), _members(within[step])
    return step, None


def _members(type_: Any) -> Mapping[str, Any] | None:
    """The members of an object, or of the objects in a list."""
    while isinstance(type_, list) and type_[0] in ("list", "set"):
        type_ = type_[1]
    return type_[1] if isinstance(type_, list) and type_[0] == "object" else None


def _property(argument: Argument, block: Block, renamed: Mapping[str, str | None], given: Mapping[str, Any]) -> str:
    """Pulumi's name of an argument: the one in use, or the most likely one."""
    reverse = [property_ for property_, name in renamed.items() if name == argument.name]
    spelt = [p for p, a in block.properties.items() if a.name == argument.name]
    used = [p for p in (*reverse, *spelt) if p in given]
    return (used or reverse or _likely(argument, spelt))[0]


def _likely(argument: Argument, spelt: Sequence[str]) -> Sequence[str]:
    """A list of values has a plural, which the rule tries after the name itself."""
    several = (
        isinstance(argument.type, list) and argument.type[0] in ("list", "set") and not argument.name.endswith("s")
    )
    return spelt[1:2] if several and argument.block is None and spelt[1:2] else spelt
