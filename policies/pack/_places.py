"""Where a resource is: its region and account as its provider sets them, and the stacks around its own."""

from collections.abc import Iterator

from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, from_json, text, texts

STACK_REFERENCE = "pulumi:pulumi:StackReference"


def provider_of(resource: Resource, context: Context) -> Resource | None:
    """The explicit provider of a resource; raises ``UnreadableError`` where its stack does not show it."""
    provider = context.by_urn(resource.provider) if resource.provider else None
    if resource.provider and provider is None:
        raise UnreadableError(f"the provider {resource.provider} is not in this stack, so what it sets is unknown")
    return provider


def region_of(resource: Resource, context: Context) -> str:
    """The resource's own region, its provider's, or its stack's; raises ``UnreadableError``."""
    return named_region(resource, context) or context.stack.region


def named_region(resource: Resource, context: Context) -> str:
    """The same, but empty where a provider leaves its region to the machine that deploys."""
    own = text(resource.inputs, "region")
    provider = None if own else provider_of(resource, context)
    if provider is not None:
        return text(provider.inputs, "region") or ""
    return own or context.stack.region


def account_of(resource: Resource, context: Context) -> str:
    """The account that the provider is pinned to, or the stack's: a stack may make things in several accounts."""
    provider = provider_of(resource, context)
    if provider is None:
        return context.stack.account
    pinned = from_json(provider.inputs.get("allowedAccountIds"), f"allowedAccountIds of {provider.name}")
    accounts = texts({"allowedAccountIds": pinned}, "allowedAccountIds")
    return accounts[0] if len(accounts) == 1 else context.stack.account


def known(context: Context) -> Iterator[Context]:
    """This stack first, then every other known one of its account, each as its own resources see it."""
    yield context
    for stack in context.others:
        if stack.account == context.stack.account:
            yield Context(stack=stack, level=context.level, needs=context.needs)


def in_account(context: Context, *tokens: str) -> Iterator[tuple[Resource, Context]]:
    """Resources of these types in the known stacks of the account, each with its stack."""
    return ((resource, there) for there in known(context) for resource in there.of_type(*tokens))


def accounts(context: Context) -> frozenset[str]:
    """Accounts of the estate, as far as their stacks are known."""
    return frozenset(stack.account for stack in (context.stack, *context.others))


def alone(context: Context) -> bool:
    """The stack builds on others, and none of them is known: what it lacks may be there."""
    return bool(context.of_type(STACK_REFERENCE)) and not context.others
