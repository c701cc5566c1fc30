"""What could not be judged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """One reason why a resource, or one check of it, says nothing."""

    urn: str
    """The resource; the stack itself where no resource can be named."""

    message: str
    check: str | None = None
    """The check that says nothing; ``None`` where every check over the resource may be wrong."""
