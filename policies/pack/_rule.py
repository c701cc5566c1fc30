"""What a rule gets and what it answers.

Owns: the shape of resources and stacks as rules see them, and the three verdicts.
Does not own: where resources come from. Anything with these attributes will do: a recorded graph, a preview, a state.

A rule file holds ``decide(resource, context)`` for controls of one resource, or ``decide_stack(context)`` for controls
of a whole stack. A rule reads inputs with the helpers of ``_values`` and ``_documents``; what these cannot read becomes
``indeterminate`` and never ``holds``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Verdict = Literal["holds", "violated", "indeterminate"]


class Options(Protocol):
    """What a program asks of the engine for one resource."""

    @property
    def protect(self) -> bool:
        """The engine refuses to delete the resource."""


class Reference(Protocol):
    """One input that is built from an output of another resource."""

    @property
    def at(self) -> str:
        """Path of the input."""

    @property
    def to(self) -> str:
        """URN of the other resource."""

    @property
    def output(self) -> str | None:
        """Path of the output there, where it is known."""


class Resource(Protocol):
    """One resource as a rule sees it."""

    @property
    def urn(self) -> str:
        """Identity in the stack."""

    @property
    def type(self) -> str:
        """Pulumi token."""

    @property
    def name(self) -> str:
        """Logical name."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Plain values by their Pulumi names."""

    @property
    def options(self) -> Options:
        """Engine options."""

    @property
    def provider(self) -> str | None:
        """URN of the explicit provider."""

    @property
    def references(self) -> Sequence[Reference]:
        """Inputs that come from other resources."""

    @property
    def secrets(self) -> Sequence[str]:
        """Paths of inputs that are marked secret."""


class Stack(Protocol):
    """All resources that one program makes."""

    @property
    def account(self) -> str:
        """Twelve digits."""

    @property
    def region(self) -> str:
        """Region of resources that name none."""

    @property
    def resources(self) -> Sequence[Resource]:
        """In a stable order."""


class Index:
    """The resources of a stack by type and by URN.

    Rules look around once per resource: without an index the cost of a stack grows with the square of its size.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Read them once."""
        self._types: dict[str, list[tuple[int, Resource]]] = {}
        self._urns: dict[str, Resource] = {}
        self._asked: dict[tuple[str, ...], tuple[Resource, ...]] = {}
        self.memo: dict[tuple[str, ...], Any] = {}
        """What look-ups have worked out about the stack; kept as long as the stack is."""
        for place, resource in enumerate(resources):
            self._types.setdefault(resource.type, []).append((place, resource))
            self._urns.setdefault(resource.urn, resource)

    def of_type(self, tokens: Iterable[str]) -> tuple[Resource, ...]:
        """Resources with one of these types, in the stack's order."""
        wanted = tuple(dict.fromkeys(tokens))
        if wanted not in self._asked:
            found = [each for token in wanted for each in self._types.get(token, ())]
            self._asked[wanted] = tuple(resource for _, resource in sorted(found, key=lambda each: each[0]))
        return self._asked[wanted]

    def by_urn(self, urn: str) -> Resource | None:
        """The resource with this URN."""
        return self._urns.get(urn)


class Context:
    """What a rule may look at besides the resource itself."""

    def __init__(
        self,
        *,
        stack: Stack,
        level: int,
        needs: Mapping[str, Any] | None = None,
        others: Sequence[Stack] = (),
        index: Index | None = None,
    ) -> None:
        """``index`` is the stack's, where somebody has made it already."""
        self._stack, self._others, self._index = stack, others, index or Index(stack.resources)
        self.level = level
        """Assurance level, 1 to 4."""
        self.needs: Mapping[str, Any] = needs or {}
        """Parameters from the control's record, for this level."""

    @property
    def stack(self) -> Stack:
        """The stack that the resource belongs to."""
        return self._stack

    @property
    def others(self) -> Sequence[Stack]:
        """The other stacks of the estate that are known."""
        return self._others

    @property
    def memo(self) -> dict[tuple[str, ...], Any]:
        """What look-ups have worked out about the stack, for the next rule."""
        return self._index.memo

    def of_type(self, *tokens: str) -> tuple[Resource, ...]:
        """Resources of this stack with one of these types, in its order."""
        return self._index.of_type(tokens)

    def by_urn(self, urn: str) -> Resource | None:
        """The resource of this stack with this URN."""
        return self._index.by_urn(urn)


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says about one resource, or about one stack."""

    verdict: Verdict
    message: str = ""
    """What is wrong, with the value found; empty when the rule holds."""


HOLDS = Result("holds")


def violated(message: str) -> Result:
    """The control does not hold."""
    return Result("violated", message)


def indeterminate(message: str) -> Result:
    """Nobody can tell from these inputs."""
    return Result("indeterminate", message)


def require(condition: bool, message: str) -> Result:
    """Holds where ``condition`` is true, and is violated with ``message`` where it is not."""
    return HOLDS if condition else violated(message)


def together(results: Iterable[Result]) -> Result:
    """One result for many: violated before indeterminate before holds, with every message of that verdict."""
    found = list(results)
    for verdict in ("violated", "indeterminate"):
        messages = [r.message for r in found if r.verdict == verdict]
        if messages:
            return Result(verdict, "; ".join(dict.fromkeys(messages)))
    return HOLDS
