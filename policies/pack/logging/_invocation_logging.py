"""The one invocation logging configuration of an account and region."""

from collections.abc import Iterator

from policies.pack._rule import Context, Resource, Stack
from policies.pack._values import text

CONFIGURATION = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"


def region_of(resource: Resource, stack: Stack) -> str:
    """The resource's own region, or its stack's."""
    return text(resource.inputs, "region") or stack.region


def configurations(context: Context, region: str) -> Iterator[Resource]:
    """Every configuration for this account and region, in this stack and the other known ones."""
    for stack in (context.stack, *context.others):
        if stack.account == context.stack.account:
            for resource in stack.resources:
                if resource.type == CONFIGURATION and region_of(resource, stack) == region:
                    yield resource
