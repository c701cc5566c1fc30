"""One answer for many resources."""

from collections.abc import Callable

from policies.pack._rule import Context, Resource, Result, indeterminate
from policies.pack._values import UnreadableError


def attempt(decide: Callable[[Resource, Context], Result], resource: Resource, context: Context) -> Result:
    """The answer for one resource of many: what cannot be read there hides nothing that is wrong elsewhere."""
    try:
        return decide(resource, context)
    except UnreadableError as error:
        return indeterminate(f"{resource.name}: cannot be decided: {error}")
