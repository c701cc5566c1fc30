"""A resource that is just being registered: its inputs are known, what surrounds it is not yet."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from policies.pack._judge import LooksAroundError
from policies.pack._rule import Context, Options, Reference, Resource, Stack


class Arriving:
    """A resource without its references, which the engine tells only when everything is registered."""

    def __init__(  # noqa: PLR0917  # one for each attribute of a resource
        self,
        urn: str,
        type_: str,
        name: str,
        inputs: Mapping[str, Any],
        options: Options,
        provider: str | None,
        secrets: Sequence[str],
    ) -> None:
        """Keep what the engine tells."""
        self.urn, self.type, self.name, self.inputs = urn, type_, name, inputs
        self.options, self.provider, self.secrets = options, provider, secrets

    @property
    def references(self) -> Sequence[Reference]:
        """Raises ``LooksAroundError``."""
        raise LooksAroundError


class Alone(Context):
    """A context in which a rule that asks for more than the resource is put off until the whole stack is known."""

    def __init__(self, *, level: int, needs: Mapping[str, Any]) -> None:
        """Only the control's parameters are known."""
        self.level, self.needs = level, needs

    @property
    def stack(self) -> Stack:
        """Raises ``LooksAroundError``."""
        return self._not_yet()

    @property
    def others(self) -> Sequence[Stack]:
        """Raises ``LooksAroundError``."""
        return self._not_yet()

    def of_type(self, *tokens: str) -> tuple[Resource, ...]:
        """Raises ``LooksAroundError``."""
        return self._not_yet()

    def by_urn(self, urn: str) -> Resource | None:
        """Raises ``LooksAroundError``."""
        return self._not_yet()

    @staticmethod
    def _not_yet() -> NoReturn:
        raise LooksAroundError
