"""What stands around a resource: its region, the other stacks of its account, and one answer for many resources."""

from collections.abc import Callable, Iterator

from policies.pack._rule import Context, Resource, Result, Stack, indeterminate
from policies.pack._values import UnreadableError, text

STACK_REFERENCE = "pulumi:pulumi:StackReference"


def attempt(decide: Callable[[Resource, Context], Result], resource: Resource, context: Context) -> Result:
    """The answer for one resource of many: what cannot be read there hides nothing that is wrong elsewhere."""
    try:
        return decide(resource, context)
    except UnreadableError as error:
        return indeterminate(f"{resource.name}: cannot be decided: {error}")


def in_account(context: Context, token: str) -> Iterator[tuple[Resource, Stack]]:
    """Every resource of one type in this account, in this stack and the other known ones, with its stack."""
    for stack in (context.stack, *context.others):
        if stack.account == context.stack.account:
            yield from ((resource, stack) for resource in stack.resources if resource.type == token)


def region_of(resource: Resource, stack: Stack) -> str:
    """The resource's own region, that of its provider, or its stack's."""
    own = text(resource.inputs, "region")
    if own or resource.provider is None:
        return own or stack.region
    provider = next((r for r in stack.resources if r.urn == resource.provider), None)
    if provider is None:
        raise UnreadableError(f"the provider of {resource.name} is not in its stack, so its region is unknown")
    return text(provider.inputs, "region") or stack.region
